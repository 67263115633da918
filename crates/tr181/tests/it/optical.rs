//! Optical readings of every vendor row.

use serde_json::json;
use tr181::{Confidence, Extractor, VendorTable};

use crate::support::{document, summary};

fn rx(lines: &str) -> Option<(f64, Confidence)> {
    summary(lines)
        .optical
        .and_then(|o| o.rx_dbm)
        .map(|f| (f.value, f.confidence))
}

#[test]
fn vendors() {
    let wan = "InternetGatewayDevice.WANDevice.1";
    let igd = "InternetGatewayDevice";
    let vendor = |v: f64| Some((v, Confidence::Vendor));
    let standard = |v: f64| Some((v, Confidence::Standard));
    for (lines, expected) in [
        (
            "Device.Optical.Interface.1.OpticalSignalLevel = -21250".to_owned(),
            standard(-21.25),
        ),
        (
            "Device.Optical.Interface.1.OpticalSignalLevel = 0".to_owned(),
            None,
        ),
        (
            "Device.XPON.ONU.1.ANI.1.Transceiver.1.RxPower = -213".to_owned(),
            standard(-21.3),
        ),
        (
            "Device.Optical.Interface.1.X_TP_GPON_Config.RXPower = 56".to_owned(),
            vendor(-22.52),
        ),
        (
            format!("{wan}.X_GponInterafceConfig.RXPower = -7"),
            vendor(-7.0),
        ),
        (
            format!("{wan}.X_GponInterfaceConfig.RXPower = -19"),
            vendor(-19.0),
        ),
        (
            format!("{igd}.X_HW_DEBUG.AdminTR069.RxPower = -19.5"),
            vendor(-19.5),
        ),
        (
            format!("{wan}.X_ZTE-COM_WANPONInterfaceConfig.RXPower = \"-25.08\""),
            vendor(-25.08),
        ),
        (
            format!("{wan}.X_ZTE-COM_WANPONInterfaceConfig.RXPower = 31"),
            vendor(-25.09),
        ),
        (
            format!("{wan}.X_CMCC_GponInterfaceConfig.RXPower = 100"),
            vendor(-20.0),
        ),
        (
            format!("{wan}.X_CT-COM_EponInterfaceConfig.RXPower = 100"),
            vendor(-20.0),
        ),
        (
            format!("{igd}.X_CT-COM_GponInterfaceConfig.Stats.RxPower = -18.2"),
            vendor(-18.2),
        ),
        (
            format!("{igd}.X_ALU_OntOpticalParam.RXPower = \"-3.409399\""),
            vendor(-3.41),
        ),
        (
            format!("{wan}.X_FH_GponInterfaceConfig.RXPower = \"-20.13\""),
            vendor(-20.13),
        ),
        (
            format!("{wan}.WANGponInterfaceConfig.RXPower = \"-13.344190  dBm\""),
            vendor(-13.34),
        ),
        (
            format!("{wan}.X_CATV_GponInterfaceConfig.RXPower = 1585"),
            vendor(-8.0),
        ),
        (
            format!(
                "{wan}.X_CU_Gpon.OpticalTransceiver.RXPower = 77\n{wan}.X_CU_Gpon.OpticalTransceiver.RXPower_dBm = -21.1"
            ),
            vendor(-21.1),
        ),
        // Any object that sounds optical, any usual spelling, any case.
        (
            "Device.X_ACME_Optics.rxpower = -2130".to_owned(),
            Some((-21.3, Confidence::Inferred)),
        ),
        (
            format!("{igd}.X_ACME_EponStatus.OpticalRxPower = -21.3"),
            Some((-21.3, Confidence::Inferred)),
        ),
        (
            format!("{igd}.X_Realtek_EponInterfaceConfig.Stats.RxPower = -21.3"),
            Some((-21.3, Confidence::Inferred)),
        ),
        (
            format!("{wan}.X_ALU-COM_GponInterfaceConfig.RXOpticalPower = 5624"),
            Some((-2.5, Confidence::Inferred)),
        ),
        // Not optical by name; not a number; impossible.
        ("Device.X_ACME_Radio.RxPower = -21".to_owned(), None),
        (format!("{wan}.X_GponInterafceConfig.RXPower = NaN"), None),
        (format!("{wan}.X_GponInterafceConfig.RXPower = -"), None),
        (
            format!("{wan}.X_GponInterafceConfig.RXPower = -99999999"),
            None,
        ),
    ] {
        assert_eq!(rx(&lines), expected, "{lines}");
    }
}

#[test]
fn the_other_facts() {
    let s = summary(
        "InternetGatewayDevice.X_ALU_OntOpticalParam.RXPower = -3.409399
         InternetGatewayDevice.X_ALU_OntOpticalParam.TXPower = 2.3
         InternetGatewayDevice.X_ALU_OntOpticalParam.BiasCurrent = \"9656.99\"
         InternetGatewayDevice.X_ALU_OntOpticalParam.SupplyVottage = \"3.25\"
         InternetGatewayDevice.X_ALU_OntOpticalParam.RXPowerLower = \"-27.96\"
         InternetGatewayDevice.X_ALU_OntOpticalParam.RXPowerUpper = \"-7.00\"",
    );
    let plain = s.to_plain();
    assert_eq!(plain["optical"]["bias_ma"], json!(9.657));
    assert_eq!(plain["optical"]["voltage_v"], json!(3.25));
    assert_eq!(plain["optical"]["rx_low_dbm"], json!(-27.96));
    assert_eq!(plain["optical"]["rx_high_dbm"], json!(-7.0));

    let s = summary(
        "Device.XPON.ONU.1.ANI.1.Transceiver.1.RxPower = -213
         Device.XPON.ONU.1.ANI.1.Transceiver.1.TxPower = 21
         Device.XPON.ONU.1.ANI.1.Transceiver.1.Temperature = -274
         Device.XPON.ONU.1.ANI.1.Transceiver.1.Bias = 12000
         Device.XPON.ONU.1.ANI.1.Transceiver.1.Voltage = 3300
         Device.XPON.ONU.1.ANI.1.TC.ONUActivation.ONUState = O5
         Device.XPON.ONU.1.ANI.1.TC.ONUActivation.SerialNumber = 54504C4712345678
         Device.XPON.ONU.1.ANI.1.PONMode = XGS-PON",
    );
    let optical = &s.to_plain()["optical"];
    assert_eq!(optical["tx_dbm"], json!(2.1));
    assert_eq!(optical["bias_ma"], json!(12.0));
    assert_eq!(optical["voltage_v"], json!(3.3));
    assert_eq!(optical["state"], "O5");
    assert_eq!(optical["serial"], "TPLG12345678");
    assert_eq!(optical["standard"], "XGS-PON");
    assert!(optical.get("temperature_c").is_none());
}

#[test]
fn serial_numbers_both_ways() {
    let serial = |t: &str| t.parse::<tr181::GponSerial>();
    assert_eq!(
        serial("54504C4712345678").unwrap().to_string(),
        "TPLG12345678"
    );
    assert_eq!(serial("tplg12345678").unwrap().to_hex(), "54504C4712345678");
    assert_eq!(serial("ALCLFC265D6F").unwrap().vendor(), "ALCL");
    for odd in [
        "D8365F659C6E",
        "80156B9A23526",
        "827C71D9778252E8",
        "TPLG1234567G",
        "",
        "é".repeat(6).as_str(),
    ] {
        assert!(serial(odd).is_err(), "{odd}");
    }
}

#[test]
fn launched_power_without_its_unit_is_not_guessed() {
    let s = summary("Device.X_ACME_Pon.TXPower = 14880");
    assert!(s.optical.is_none());
    let s = summary("Device.X_ACME_Pon.TXPower = 14880\nDevice.X_ACME_Pon.RXPower = 5624");
    assert_eq!(s.optical.unwrap().tx_dbm.unwrap().value, 1.726);
}

#[test]
fn no_light_is_said_and_never_invented() {
    let s = summary("Device.Optical.Interface.1.X_TP_GPON_Config.RXPower = 0");
    let optical = s.optical.unwrap();
    assert!(optical.rx_dbm.is_none());
    assert!(optical.no_light.unwrap().value);
    let s = summary(
        "Device.Optical.Interface.1.OpticalSignalLevel = 0
         Device.Optical.Interface.1.TransmitOpticalLevel = 0
         Device.Optical.Interface.1.Status = Up",
    );
    let optical = s.optical.unwrap();
    assert!(optical.rx_dbm.is_none() && optical.tx_dbm.is_none() && optical.no_light.is_none());
    assert_eq!(optical.status.unwrap().value, "Up");
}

#[test]
fn standard_leaves_at_zero_do_not_hide_the_vendors() {
    let s = summary(
        "Device.Optical.Interface.1.OpticalSignalLevel = 0
         Device.Optical.Interface.1.X_TP_GPON_Config.RXPower = 100
         Device.Optical.Interface.1.X_TP_GPON_Config.TXPower = 14880",
    );
    let optical = s.optical.unwrap();
    assert_eq!(optical.rx_dbm.unwrap().value, -20.0);
    assert_eq!(optical.tx_dbm.unwrap().value, 1.73);
}

#[test]
fn rows_of_ones_own_come_first() {
    let mine: VendorTable = serde_json::from_str(
        r#"{"optical":[{"vendor":"x","object":"InternetGatewayDevice.WANDevice.{i}.X_GponInterafceConfig",
            "leaves":[{"fact":"rx","names":["RXPower"],"unit":"tenth_dbm"},
                      {"fact":"tx","names":["GponPwd"],"unit":"dbm"},
                      {"fact":"state","names":["*pwd*"],"unit":"text"}]}],
            "wan_vlan":["X_Own_Vlan","X_Own_Link.Vlan"],"wan_service":["X_Own_Password"]}"#,
    )
    .unwrap();
    let extractor = Extractor::new().with_vendor_table(VendorTable::default().extended_with(mine));
    let value = document(
        "InternetGatewayDevice.WANDevice.1.X_GponInterafceConfig.RXPower = -211
         InternetGatewayDevice.WANDevice.1.X_GponInterafceConfig.GponPwd = 2
         InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.X_Own_Link.Vlan = 12
         InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANIPConnection.1.X_Own_Password = canary",
    );
    let s = extractor.summarize_value(&value).unwrap();
    let optical = s.optical.unwrap();
    assert_eq!(optical.rx_dbm.unwrap().value, -21.1);
    assert!(
        optical.tx_dbm.is_none() && optical.state.is_none(),
        "a row cannot name a secret"
    );
    assert!(s.wan.iter().all(|w| w.service.is_none()));
}
