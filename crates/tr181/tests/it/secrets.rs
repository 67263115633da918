//! No credential reaches a summary.

use serde_json::Value;

use crate::support::document;

const CANARY: &str = "canary-4711";

#[test]
fn canaries_in_every_secret_leaf_stay_out() {
    let tr181 = [
        "PPP.Interface.1.Username",
        "PPP.Interface.1.Password",
        "WiFi.AccessPoint.1.Security.KeyPassphrase",
        "WiFi.AccessPoint.1.Security.SAEPassphrase",
        "WiFi.AccessPoint.1.Security.PreSharedKey",
        "WiFi.AccessPoint.1.Security.RadiusSecret",
        "WiFi.AccessPoint.1.Security.X_TP_WEPKey1",
        "WiFi.AccessPoint.1.WPS.PIN",
        "ManagementServer.Username",
        "ManagementServer.Password",
        "ManagementServer.ConnectionRequestUsername",
        "ManagementServer.ConnectionRequestPassword",
        "ManagementServer.ConnectionRequestURL",
        "Optical.Interface.1.GponAuth.GponPwd",
        "Optical.Interface.1.GponAuth.Loid",
        "Optical.Interface.1.GponAuthCtc.GponAuthCtcLoid",
        "Optical.Interface.1.GponAuthCtc.GponAuthCtcPwd",
        "Optical.Interface.1.X_TP_GPON_Config.Password",
        "XPON.ONU.1.ANI.1.TC.ONUActivation.Password",
        "Services.VoiceService.1.SIP.Client.1.AuthPassword",
        "Services.VoiceService.1.SIP.Client.1.AuthUserName",
        "Users.User.1.Password",
        "X_ACME_Gpon.LoidPassword",
        "IP.Interface.1.X_TP_ConnPassword",
    ];
    let tr098 = [
        "WANDevice.1.WANConnectionDevice.1.WANPPPConnection.1.Username",
        "WANDevice.1.WANConnectionDevice.1.WANPPPConnection.1.Password",
        "WANDevice.1.X_GponInterafceConfig.Loid",
        "WANDevice.1.X_GponInterafceConfig.Password",
        "LANDevice.1.WLANConfiguration.1.KeyPassphrase",
        "LANDevice.1.WLANConfiguration.1.PreSharedKey.1.PreSharedKey",
        "LANDevice.1.WLANConfiguration.1.PreSharedKey.1.KeyPassphrase",
        "LANDevice.1.WLANConfiguration.1.WEPKey.1.WEPKey",
        "LANDevice.1.WLANConfiguration.1.X_HW_RadiusKey",
        "LANDevice.1.WLANConfiguration.1.WPS.DevicePassword",
        "DeviceInfo.X_HW_Loid",
        "ManagementServer.ConnectionRequestPassword",
        "Services.VoiceService.1.VoiceProfile.1.Line.1.SIP.AuthPassword",
        "Services.VoiceService.1.VoiceProfile.1.Line.1.SIP.AuthUserName",
        "X_ALU_OntOpticalParam.Token",
    ];
    let mut lines = String::new();
    for (root, leaves) in [
        ("Device", tr181.as_slice()),
        ("InternetGatewayDevice", tr098.as_slice()),
    ] {
        for leaf in leaves {
            lines.push_str(&format!("{root}.{leaf} = {CANARY}\n"));
        }
    }
    // Enough around them that every part is extracted.
    lines.push_str(
        "Device.IP.Interface.1.LowerLayers = Device.PPP.Interface.1.
         Device.IP.Interface.1.Status = Up
         Device.WiFi.SSID.1.SSID = Maison
         Device.WiFi.AccessPoint.1.SSIDReference = Device.WiFi.SSID.1.
         Device.Optical.Interface.1.X_TP_GPON_Config.RXPower = 100
         InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANPPPConnection.1.ConnectionStatus = Connected
         InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.SSID = Maison
         InternetGatewayDevice.WANDevice.1.X_GponInterafceConfig.RXPower = -20",
    );
    let value: Value = document(&lines);
    let summary = tr181::summarize(value.to_string().as_bytes()).unwrap();
    assert!(summary.optical.is_some() && !summary.wan.is_empty() && !summary.wifi.ssids.is_empty());
    for text in [
        format!("{summary:?}"),
        serde_json::to_string(&summary).unwrap(),
        summary.to_plain().to_string(),
    ] {
        assert!(!text.contains(CANARY), "a secret came through");
    }
}
