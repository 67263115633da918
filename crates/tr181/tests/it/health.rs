//! Verdicts.

use tr181::health::{Finding, OpticalBand, Severity, SignalBand, Verdict};
use tr181::{Health, Thresholds, health};

use crate::support::summary;

fn judge(lines: &str) -> Health {
    health(
        &summary(lines),
        &Thresholds::default(),
        "2026-11-22T16:00:00Z".parse().unwrap(),
    )
}

#[test]
fn nothing_known_is_no_verdict() {
    let verdicts = judge("Device.DeviceInfo.ModelName = X");
    assert_eq!(verdicts, Health::default());
}

#[test]
fn fibre() {
    let cases = [
        ("-22000", Verdict::Good, OpticalBand::Good),
        ("-25000", Verdict::Good, OpticalBand::Good),
        ("-26000", Verdict::Marginal, OpticalBand::Low),
        ("-27000", Verdict::Marginal, OpticalBand::Low),
        ("-28000", Verdict::Bad, OpticalBand::CriticalLow),
        ("-40000", Verdict::Bad, OpticalBand::NoLight),
        ("-9000", Verdict::Marginal, OpticalBand::High),
        ("-5000", Verdict::Bad, OpticalBand::Overload),
    ];
    for (level, verdict, band) in cases {
        let h = judge(&format!(
            "Device.Optical.Interface.1.OpticalSignalLevel = {level}"
        ));
        assert_eq!(
            (h.optical, h.optical_band),
            (verdict, Some(band)),
            "{level}"
        );
    }
    let h = judge(
        "Device.Optical.Interface.1.OpticalSignalLevel = 0
         Device.Optical.Interface.1.Status = Down",
    );
    assert_eq!(h.findings, [Finding::NoLight { rx_dbm: None }]);
    let h = judge(
        "Device.Optical.Interface.1.OpticalSignalLevel = 0
         Device.Optical.Interface.1.Status = Up",
    );
    assert_eq!(h.optical, Verdict::Unknown, "zero says nothing");
}

#[test]
fn transceiver() {
    let base = "Device.Optical.Interface.1.X_TP_GPON_Config";
    let h = judge(&format!(
        "{base}.RXPower = 100
         {base}.TransceiverTemperature = 22528
         {base}.SupplyVottage = 2800
         {base}.BiasCurrent = 20000
         {base}.Status = \"3\""
    ));
    assert_eq!(h.optical, Verdict::Bad);
    let first: Vec<_> = h.findings.iter().map(Finding::severity).collect();
    assert_eq!(
        first,
        [
            Severity::Critical,
            Severity::Critical,
            Severity::Warning,
            Severity::Warning
        ]
    );
    assert!(h.findings.contains(&Finding::OnuNotOperating {
        state: "O3".to_owned()
    }));
    assert!(h.findings.contains(&Finding::Overheating {
        temperature_c: 88.0,
        transceiver: true
    }));
}

#[test]
fn wan() {
    let up = "Device.IP.Interface.1.X_TP_ConnType = DHCP\nDevice.IP.Interface.1.Status = Up";
    assert_eq!(
        judge(&format!(
            "{up}\nDevice.IP.Interface.1.IPv4Address.1.IPAddress = 192.0.2.1"
        ))
        .wan,
        Verdict::Good
    );
    assert_eq!(judge(up).wan, Verdict::Marginal);
    let h = judge(
        "Device.IP.Interface.1.X_TP_ConnType = DHCP\nDevice.IP.Interface.1.Status = LowerLayerDown",
    );
    assert_eq!(h.wan, Verdict::Bad);
    assert!(
        matches!(h.findings.as_slice(), [Finding::WanDown { status: Some(s), .. }] if s == "LowerLayerDown")
    );
}

#[test]
fn a_management_connection_does_not_hide_that_the_internet_is_down() {
    let connections = |internet: &str| {
        let base = "InternetGatewayDevice.WANDevice.1.WANConnectionDevice";
        judge(&format!(
            "{base}.1.WANPPPConnection.1.Name = 1_INTERNET_R_VID_40\n\
             {base}.1.WANPPPConnection.1.Enable = true\n\
             {base}.1.WANPPPConnection.1.ConnectionStatus = {internet}\n\
             {base}.1.WANPPPConnection.1.LastConnectionError = ERROR_AUTHENTICATION_FAILURE\n\
             {base}.2.WANIPConnection.1.Name = 2_TR069_R_VID_46\n\
             {base}.2.WANIPConnection.1.Enable = true\n\
             {base}.2.WANIPConnection.1.ConnectionStatus = Connected\n\
             {base}.2.WANIPConnection.1.ExternalIPAddress = 10.20.30.40"
        ))
    };
    let down = connections("Disconnected");
    assert_eq!(down.wan, Verdict::Bad);
    assert!(
        matches!(down.findings.as_slice(), [Finding::WanDown { name, .. }] if name.contains("INTERNET"))
    );
}

#[test]
fn stations() {
    let station = |i: u32, rssi: i32, active: bool| {
        let base = format!("Device.WiFi.AccessPoint.1.AssociatedDevice.{i}");
        format!(
            "{base}.MACAddress = 02000000000{i}\n{base}.SignalStrength = {rssi}\n{base}.Active = {active}\n"
        )
    };
    assert_eq!(judge(&station(1, -65, true)).wifi, Verdict::Good);
    assert_eq!(judge(&station(1, -70, true)).wifi, Verdict::Marginal);
    let h = judge(&(station(1, -70, true) + &station(2, -81, true) + &station(3, -90, false)));
    assert_eq!(h.wifi, Verdict::Bad);
    let bands: Vec<_> = h
        .findings
        .iter()
        .map(|f| match f {
            Finding::WeakStation { band, .. } => *band,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        bands,
        [SignalBand::Poor, SignalBand::Weak],
        "the weakest first, who left is not counted"
    );
}

#[test]
fn device_and_age() {
    let mut s = summary("Device.DeviceInfo.TemperatureStatus.TemperatureSensor.1.Value = 80");
    s.document.last_inform = Some("2026-11-20T16:00:00Z".parse().unwrap());
    let h = health(
        &s,
        &Thresholds::default(),
        "2026-11-22T16:00:00Z".parse().unwrap(),
    );
    assert_eq!(h.device, Verdict::Bad);
    assert_eq!(h.overall(), Verdict::Bad);
    assert_eq!(
        h.findings,
        [
            Finding::Overheating {
                temperature_c: 80.0,
                transceiver: false
            },
            Finding::StaleReadings { age_s: 172_800 }
        ]
    );
    let json = serde_json::to_string(&h).unwrap();
    assert_eq!(serde_json::from_str::<Health>(&json).unwrap(), h);
}
