//! Good, marginal or bad: always a word and a shape, colour only on top.

use tr181::health::{Finding, Verdict};
use tr181::{Health, Station, Thresholds};

use crate::lang::Lang;
use crate::output::{Cell, Tone};

/// `● good`, `◆ marginal`, `■ bad`; nothing for what is unknown.
pub(super) fn cell(verdict: Verdict, lang: Lang) -> Cell {
    match verdict {
        Verdict::Good => Cell::toned(Tone::Good, lang.pick("● bon", "● good")),
        Verdict::Marginal => Cell::toned(Tone::Marginal, lang.pick("◆ à surveiller", "◆ marginal")),
        Verdict::Bad => Cell::toned(Tone::Bad, lang.pick("■ mauvais", "■ bad")),
        _ => "".into(),
    }
}

/// Received optical power.
pub(super) fn received(health: &Health) -> Verdict {
    health
        .optical_band
        .map_or(Verdict::Unknown, |band| band.verdict())
}

/// Temperature of the transceiver, judged when it is known.
pub(super) fn warmth(health: &Health) -> Verdict {
    let verdict = health.findings.iter().find_map(|finding| match finding {
        Finding::Overheating {
            transceiver: true, ..
        } => Some(Verdict::Bad),
        Finding::Warm {
            transceiver: true, ..
        } => Some(Verdict::Marginal),
        _ => None,
    });
    verdict.unwrap_or(Verdict::Good)
}

/// A station's signal.
pub(super) fn signal(station: &Station, limits: &Thresholds) -> Verdict {
    match station.rssi_dbm.as_ref().map(|fact| fact.value) {
        None => Verdict::Unknown,
        Some(dbm) if dbm < limits.wifi.bad_dbm => Verdict::Bad,
        Some(dbm) if dbm < limits.wifi.marginal_dbm => Verdict::Marginal,
        Some(_) => Verdict::Good,
    }
}
