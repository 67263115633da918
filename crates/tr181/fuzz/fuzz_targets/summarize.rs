//! Any bytes: no panic, and a summary that can be read back. Where the bytes are JSON for the
//! strict parser too, both readers must agree.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(summary) = tr181::summarize(bytes) else { return };
    let _ = tr181::health(&summary, &tr181::Thresholds::default(), jiff::Timestamp::UNIX_EPOCH);
    let json = serde_json::to_string(&summary).expect("a summary is JSON");
    let _: tr181::Summary = serde_json::from_str(&json).expect("and can be read back");
    if let Ok(value) = serde_json::from_slice::<serde_json::Value>(bytes)
        && let Ok(other) = tr181::summarize_value(&value)
    {
        assert_eq!(other.wan.len(), summary.wan.len());
        assert_eq!(other.hosts.len(), summary.hosts.len());
    }
});
