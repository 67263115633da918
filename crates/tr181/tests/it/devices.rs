//! Facts out of small documents made for each rule.

use tr181::{Band, Confidence, HostInterface, Medium, SsidRole, WanKind, WanReason};

use crate::support::summary;

#[test]
fn identity_falls_back_and_refuses_placeholders() {
    let s = summary(
        "Device.DeviceInfo.ModelName = ModelName
         Device.DeviceInfo.ProductClass = W5-2100G
         Device.DeviceInfo.UpTime = \"15687\"
         Device.DeviceInfo.SerialNumber = UNREAD
         Device.DeviceInfo.Manufacturer = N/A
         Device.DeviceInfo.ProcessStatus.CPUUsage = 4294967295
         Device.DeviceInfo.MemoryStatus.Total = 58851248
         Device.DeviceInfo.TemperatureStatus.TemperatureSensor.1.Value = -274
         Device.DeviceInfo.TemperatureStatus.TemperatureSensor.2.Value = 61
         Device.DeviceInfo.TemperatureStatus.TemperatureSensor.10.Value = 55",
    );
    let model = s.identity.model.unwrap();
    assert_eq!(
        (model.value.as_str(), model.confidence),
        ("W5-2100G", Confidence::Inferred)
    );
    assert_eq!(s.identity.uptime_s.unwrap().value, 15687);
    assert!(
        s.identity.serial.is_none()
            && s.identity.manufacturer.is_none()
            && s.identity.cpu_percent.is_none()
    );
    assert_eq!(
        s.identity.memory_total_kib.unwrap().value,
        57471,
        "bytes where KiB belong"
    );
    assert_eq!(s.identity.temperature_c.unwrap().value, 61.0);
    let sources: Vec<_> = s
        .identity
        .temperatures
        .iter()
        .map(|t| t.value_c.as_ref().unwrap().source.as_str())
        .collect();
    assert!(
        sources[0].contains("Sensor.2") && sources[1].contains("Sensor.10"),
        "instances sort as numbers"
    );
}

#[test]
fn the_acs_knows_who_it_is_when_the_device_does_not_say() {
    let value = serde_json::json!({"_id": "202BC1-BM632w-1", "_tags": ["vip", 3], "_registered": "2026-11-22T15:23:16.206Z",
        "_deviceId": {"_Manufacturer": "Huawei", "_OUI": "202BC1", "_ProductClass": "BM632w", "_SerialNumber": "0001"}});
    let s = tr181::summarize(value.to_string().as_bytes()).unwrap();
    assert_eq!(tr181::summarize_value(&value).unwrap(), s);
    assert_eq!(s.identity.serial.unwrap().source, "_deviceId._SerialNumber");
    assert_eq!(s.identity.oui.unwrap().value, "202BC1");
    assert_eq!(s.identity.model.unwrap().value, "BM632w");
    assert_eq!(s.document.tags, ["vip", "3"]);
    assert!(s.document.registered.is_some());
}

const CHAIN: &str = "
    Device.IP.Interface.2.Status = Up
    Device.IP.Interface.2.LowerLayers = Device.Ethernet.Link.1
    Device.IP.Interface.2.IPv4Address.1.IPAddress = 192.168.1.1
    Device.IP.Interface.2.IPv4Address.1.SubnetMask = 255.255.255.0
    Device.Ethernet.Link.1.LowerLayers = Device.Bridging.Bridge.1.Port.1.
    Device.Ethernet.Link.1.MACAddress = 02-00-00-00-00-01
    Device.IP.Interface.10.Status = Up
    Device.IP.Interface.10.LowerLayers = Device.PPP.Interface.1.
    Device.IP.Interface.10.IPv4Address.1.Enable = false
    Device.IP.Interface.10.IPv4Address.1.IPAddress = 198.51.100.1
    Device.IP.Interface.10.IPv4Address.2.IPAddress = 192.0.2.10
    Device.PPP.Interface.1.ConnectionStatus = Connected
    Device.PPP.Interface.1.IPCP.RemoteIPAddress = 192.0.2.1
    Device.PPP.Interface.1.IPCP.DNSServers = 192.0.2.53,0.0.0.0,
    Device.PPP.Interface.1.LowerLayers = Device.Ethernet.VLANTermination.7.
    Device.Ethernet.VLANTermination.7.VLANID = 0
    Device.Ethernet.VLANTermination.7.LowerLayers = Device.Ethernet.VLANTermination.8.
    Device.Ethernet.VLANTermination.8.VLANID = 40
    Device.Ethernet.VLANTermination.8.LowerLayers = Device.X_ACME_PON.Link.1.
    Device.X_ACME_PON.Link.1.LowerLayers = Device.PPP.Interface.1.
    Device.X_ACME_PON.Link.1.MACAddress = 02:00:00:00:00:0a";

#[test]
fn the_stack_is_walked_to_the_end_of_a_loop() {
    let s = summary(CHAIN);
    assert_eq!(s.wan.len(), 1);
    let wan = &s.wan[0];
    assert_eq!(
        (wan.kind, wan.medium, wan.primary),
        (WanKind::Ppp, Some(Medium::Optical), true)
    );
    assert_eq!(
        wan.ipv4.as_ref().unwrap().source,
        "Device.IP.Interface.10.IPv4Address.2.IPAddress"
    );
    assert_eq!(wan.gateway.as_ref().unwrap().value.to_string(), "192.0.2.1");
    assert_eq!(wan.dns.len(), 1);
    assert_eq!(wan.vlan.as_ref().unwrap().value, 40);
    assert_eq!(
        wan.mac.as_ref().unwrap().value.to_string(),
        "02:00:00:00:00:0A"
    );
    assert_eq!(wan.chain.len(), 5, "each layer once");
    assert_eq!(s.lan.ipv4.unwrap().value.to_string(), "192.168.1.1");
    assert_eq!(s.lan.mac.unwrap().value.to_string(), "02:00:00:00:00:01");
}

#[test]
fn interface_stack_stands_in_for_missing_lower_layers() {
    let s = summary(
        "Device.IP.Interface.1.Status = Up
         Device.IP.Interface.1.LowerLayers = UNREAD
         Device.Optical.Interface.1.Upstream = true
         Device.Optical.Interface.1.LowerLayers = \"\"
         Device.InterfaceStack.1.HigherLayer = Device.IP.Interface.1.
         Device.InterfaceStack.1.LowerLayer = Device.Optical.Interface.1.
         Device.InterfaceStack.2.HigherLayer = Device.Optical.Interface.1.
         Device.InterfaceStack.2.LowerLayer = Device.DSL.Channel.1.",
    );
    assert_eq!(
        s.wan[0].chain,
        ["Device.IP.Interface.1", "Device.Optical.Interface.1"]
    );
    assert_eq!(s.wan[0].medium, Some(Medium::Optical));
}

#[test]
fn primary_is_up_before_default_route_before_service() {
    let s = summary(
        "Device.IP.Interface.1.Status = Down
         Device.IP.Interface.1.X_TP_ServiceType = Internet
         Device.IP.Interface.1.X_TP_ConnType = DHCP
         Device.IP.Interface.2.Status = Up
         Device.IP.Interface.2.X_TP_ConnType = Static
         Device.IP.Interface.2.IPv4Address.1.IPAddress = 192.0.2.2
         Device.IP.Interface.3.Status = Up
         Device.IP.Interface.3.X_TP_ConnType = DHCP
         Device.IP.Interface.3.X_TP_ConnName = inet
         Device.IP.Interface.3.IPv4Address.1.IPAddress = 192.0.2.3
         Device.IP.Interface.4.Type = Loopback
         Device.IP.Interface.4.IPv4Address.1.IPAddress = 127.0.0.1
         Device.Routing.Router.1.IPv4Forwarding.1.Enable = true
         Device.Routing.Router.1.IPv4Forwarding.1.Status = Enabled
         Device.Routing.Router.1.IPv4Forwarding.1.DestIPAddress = 0.0.0.0
         Device.Routing.Router.1.IPv4Forwarding.1.GatewayIPAddress = 192.0.2.254
         Device.Routing.Router.1.IPv4Forwarding.1.Interface = Device.IP.Interface.3.
         Device.Routing.Router.1.IPv4Forwarding.2.Enable = false
         Device.Routing.Router.1.IPv4Forwarding.2.DestIPAddress = 0.0.0.0
         Device.Routing.Router.1.IPv4Forwarding.2.GatewayIPAddress = 192.0.2.253
         Device.Routing.Router.1.IPv4Forwarding.2.Interface = Device.IP.Interface.2.",
    );
    let order: Vec<_> = s.wan.iter().map(|w| w.interface.as_str()).collect();
    assert_eq!(
        order,
        [
            "Device.IP.Interface.3",
            "Device.IP.Interface.2",
            "Device.IP.Interface.1"
        ]
    );
    assert!(s.wan[0].reasons.contains(&WanReason::OwnsDefaultRoute));
    assert_eq!(
        s.wan[0].gateway.as_ref().unwrap().value.to_string(),
        "192.0.2.254"
    );
    assert!(s.wan[1].gateway.is_none(), "a disabled route is no route");
    assert_eq!(s.wan.iter().filter(|w| w.primary).count(), 1);
}

#[test]
fn tr098_ranks_internet_over_management_and_skips_bridges() {
    let base = "InternetGatewayDevice.WANDevice.1.WANConnectionDevice";
    let s = summary(&format!(
        "{base}.1.WANIPConnection.1.ConnectionStatus = Connected
         {base}.1.WANIPConnection.1.ExternalIPAddress = 10.1.2.3
         {base}.1.WANIPConnection.1.X_CMCC_ServiceList = TR069
         {base}.2.WANPPPConnection.1.ConnectionStatus = Connected
         {base}.2.WANPPPConnection.1.ExternalIPAddress = 192.0.2.8
         {base}.2.WANPPPConnection.1.Name = 2_INTERNET_R_VID_35
         {base}.2.WANPPPConnection.1.NATEnabled = 2
         {base}.2.X_CT-COM_WANGponLinkConfig.VLANIDMark = 41
         {base}.3.WANIPConnection.1.ConnectionStatus = Connected
         {base}.3.WANIPConnection.1.ConnectionType = IP_Bridged
         {base}.3.WANIPConnection.1.ExternalIPAddress = 192.0.2.9
         {base}.3.WANIPConnection.1.Name = 3_IPTV_B_VID_50
         InternetGatewayDevice.WANDevice.1.WANCommonInterfaceConfig.WANAccessType = GPON"
    ));
    let first = &s.wan[0];
    assert_eq!(first.kind, WanKind::Ppp);
    assert_eq!(first.service.as_ref().unwrap().value, "INTERNET");
    assert_eq!(
        first.service.as_ref().unwrap().confidence,
        Confidence::Inferred
    );
    assert_eq!(
        first.vlan.as_ref().unwrap().value,
        41,
        "the leaf before the name"
    );
    assert!(first.nat.is_none(), "2 is no boolean");
    assert_eq!(first.medium, Some(Medium::Optical));
    let bridge = s.wan.iter().find(|w| w.kind == WanKind::Bridge).unwrap();
    assert!(bridge.ipv4.is_none());
    assert_eq!(bridge.vlan.as_ref().unwrap().value, 50);
}

#[test]
fn both_roots_prefer_the_populated_wan_and_fill_gaps() {
    let s = summary(
        "Device.DeviceInfo.SoftwareVersion = 1.2
         Device.IP.Interface.1.X_TP_ConnType = DHCP
         Device.IP.Interface.1.Status = Down
         InternetGatewayDevice.DeviceInfo.ModelName = VX1
         InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANIPConnection.1.ConnectionStatus = Connected
         InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANIPConnection.1.ExternalIPAddress = 192.0.2.8",
    );
    assert!(
        s.primary_wan()
            .unwrap()
            .interface
            .starts_with("InternetGatewayDevice.")
    );
    assert_eq!(s.identity.model.unwrap().value, "VX1");
    assert_eq!(s.identity.software.unwrap().value, "1.2");
}

const WIFI: &str = "
    Device.WiFi.Radio.1.OperatingFrequencyBand = 2.4GHz
    Device.WiFi.Radio.2.Channel = 40
    Device.WiFi.Radio.2.Stats.Noise = 0
    Device.WiFi.SSID.1.SSID = Maison
    Device.WiFi.SSID.1.LowerLayers = Device.WiFi.Radio.1
    Device.WiFi.SSID.2.SSID = Maison
    Device.WiFi.SSID.2.Enable = true
    Device.WiFi.SSID.2.LowerLayers = Device.WiFi.Radio.2.
    Device.WiFi.SSID.3.SSID = 0123456789abcdef0123456789abcd
    Device.WiFi.SSID.3.LowerLayers = Device.WiFi.Radio.2.
    Device.WiFi.AccessPoint.1.SSIDReference = Device.WiFi.SSID.1
    Device.WiFi.AccessPoint.2.SSIDReference = Device.WiFi.SSID.2.
    Device.WiFi.AccessPoint.2.Enable = false
    Device.WiFi.AccessPoint.2.X_TP_APType = Guest
    Device.WiFi.AccessPoint.3.SSIDReference = Device.WiFi.SSID.3.
    Device.WiFi.AccessPoint.3.SSIDAdvertisementEnabled = false
    Device.WiFi.AccessPoint.1.AssociatedDevice.1.MACAddress = 020000000001
    Device.WiFi.AccessPoint.1.AssociatedDevice.1.SignalStrength = 0
    Device.WiFi.AccessPoint.1.AssociatedDevice.1.Noise = -90
    Device.WiFi.AccessPoint.1.AssociatedDevice.1.LastDataUplinkRate = 58
    Device.WiFi.MultiAP.APDevice.1.MACAddress = 02:00:00:00:00:AA
    Device.WiFi.MultiAP.APDevice.1.Radio.1.OperatingFrequencyBand = 2.4GHz
    Device.WiFi.MultiAP.APDevice.1.Radio.1.AP.1.AssociatedDevice.1.MACAddress = 02:00:00:00:00:01
    Device.WiFi.MultiAP.APDevice.1.Radio.1.AP.1.AssociatedDevice.1.SignalStrength = 100
    Device.WiFi.MultiAP.APDevice.1.Radio.1.AP.1.AssociatedDevice.2.MACAddress = 02:00:00:00:00:02
    Device.WiFi.MultiAP.APDevice.1.Radio.1.AP.1.AssociatedDevice.2.SignalStrength = 230
    Device.WiFi.MultiAP.APDevice.1.Radio.1.AP.1.AssociatedDevice.3.MACAddress = 02:00:00:00:00:03
    Device.WiFi.MultiAP.APDevice.1.Radio.1.AP.1.AssociatedDevice.3.SignalStrength = -71";

#[test]
fn stations_are_one_row_each_with_their_own_unit() {
    let s = summary(WIFI);
    let rssi: Vec<_> = s
        .wifi
        .stations
        .iter()
        .map(|s| s.rssi_dbm.as_ref().map(|f| f.value))
        .collect();
    assert_eq!(rssi, [Some(-60.0), None, Some(-71.0)]);
    assert_eq!(s.wifi.stations[0].snr_db.as_ref().unwrap().value, 30.0);
    assert!(
        s.wifi.stations[0].rate_up_kbps.is_none(),
        "58 kbit/s is no rate"
    );
    assert_eq!(
        s.wifi.stations[0].band.as_ref().unwrap().value,
        Band::Ghz2_4
    );
}

#[test]
fn hidden_generated_names_are_no_networks() {
    let s = summary(WIFI);
    assert_eq!(s.wifi.ssids.len(), 2);
    assert_eq!(s.wifi.ssids[1].role, Some(SsidRole::Guest));
    assert!(
        !s.wifi.ssids[1].enabled.as_ref().unwrap().value,
        "its access point is off"
    );
    let band = s.wifi.radios[1].band.as_ref().unwrap();
    assert_eq!(
        (band.value, band.confidence),
        (Band::Ghz5, Confidence::Inferred)
    );
    assert!(s.wifi.radios[1].noise_dbm.is_none());
}

#[test]
fn tr098_stations_by_vendor_leaf() {
    let base = "InternetGatewayDevice.LANDevice.1.WLANConfiguration";
    let s = summary(&format!(
        "{base}.1.SSID = Chalet
         {base}.1.Standard = a,n,ac
         {base}.1.AssociatedDevice.1.AssociatedDeviceMACAddress = 02:00:00:00:00:01
         {base}.1.AssociatedDevice.1.X_HW_RSSI = \"-57\"
         {base}.1.AssociatedDevice.1.X_HW_TxRate = \"866 Mbps\"
         {base}.1.AssociatedDevice.2.AssociatedDeviceMACAddress = 02:00:00:00:00:02
         {base}.1.AssociatedDevice.2.SignalStrength = 4
         {base}.2.SSID = Chalet
         {base}.2.X_TP_Band = 2.4GHz
         {base}.2.AssociatedDevice.1.AssociatedDeviceMACAddress = 02:00:00:00:00:03
         {base}.2.AssociatedDevice.1.WLAN_RSSI = 48"
    ));
    let rows: Vec<_> = s
        .wifi
        .stations
        .iter()
        .map(|s| {
            (
                s.rssi_dbm.as_ref().map(|f| f.value),
                s.band.as_ref().unwrap().value,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            (Some(-57.0), Band::Ghz5),
            (None, Band::Ghz5),
            (Some(-48.0), Band::Ghz2_4)
        ]
    );
    assert_eq!(
        s.wifi.stations[0].rate_down_kbps.as_ref().unwrap().value,
        866_000
    );
}

#[test]
fn hosts_are_joined_in_the_order_of_trust() {
    let s = summary(&format!(
        "{WIFI}
         Device.WiFi.AccessPoint.1.AssociatedDevice.1.X_TP_HostName = portable
         Device.Hosts.Host.1.PhysAddress = 02:00:00:00:00:01
         Device.Hosts.Host.1.AssociatedDevice = Device.WiFi.AccessPoint.1.AssociatedDevice.1.
         Device.Hosts.Host.1.InterfaceType = Ethernet
         Device.Hosts.Host.1.HostName = *
         Device.Hosts.Host.2.PhysAddress = 02:00:00:00:00:0B
         Device.Hosts.Host.2.X_TP_LanConnType = 4
         Device.Hosts.Host.2.LeaseTimeRemaining = 1995712256
         Device.Hosts.Host.2.Active = false
         Device.Hosts.Host.2.IPAddress = 0.0.0.0
         Device.Hosts.Host.3.HostName = fantome
         Device.Hosts.Host.4.PhysAddress = 02-00-00-00-00-0b
         Device.Hosts.Host.4.Active = true
         Device.Hosts.Host.4.InterfaceType = Other
         Device.Hosts.Host.5.PhysAddress = 02:00:00:00:00:03
         Device.Hosts.Host.6.PhysAddress = 02:00:00:00:00:0C
         Device.Hosts.Host.6.Active = false
         Device.Hosts.Host.6.X_TP_LanConnType = 5
         Device.DHCPv4.Server.Pool.1.Interface = Device.IP.Interface.1.
         Device.DHCPv4.Server.Pool.1.Client.1.Chaddr = 02:00:00:00:00:0C
         Device.DHCPv4.Server.Pool.1.Client.1.IPv4Address.1.IPAddress = 192.168.1.66"
    ));
    assert_eq!(s.hosts.len(), 4, "no ghost, no duplicate");
    let kind = |i: usize| s.hosts[i].interface.as_ref().map(|f| f.value);
    assert_eq!(
        kind(0),
        Some(HostInterface::WiFi),
        "the reference before the type"
    );
    assert_eq!(s.hosts[0].name.as_ref().unwrap().value, "portable");
    assert_eq!(s.hosts[0].rssi_dbm.as_ref().unwrap().value, -60.0);
    assert!(
        s.hosts[1].active.as_ref().unwrap().value,
        "the active row wins"
    );
    assert_eq!(kind(1), Some(HostInterface::WiFi));
    assert!(s.hosts[1].guest.as_ref().unwrap().value);
    assert!(s.hosts[1].lease_remaining_s.is_none() && s.hosts[1].ipv4.is_none());
    assert_eq!(kind(2), Some(HostInterface::WiFi), "by the station table");
    assert_eq!(kind(3), None, "5 on a host that left says nothing");
    assert_eq!(
        s.hosts[3].ipv4.as_ref().unwrap().value.to_string(),
        "192.168.1.66"
    );
}

#[test]
fn huawei_mesh() {
    let s = summary(
        "InternetGatewayDevice.X_HW_APDevice.1.APMacAddr = 02:00:00:00:00:AA
         InternetGatewayDevice.X_HW_APDevice.1.DeviceType = K562
         InternetGatewayDevice.X_HW_APDevice.1.UpTime = 99:29:40
         InternetGatewayDevice.X_HW_APDevice.1.WLANConfiguration.2.RFBand = 5G
         InternetGatewayDevice.X_HW_APDevice.1.WLANConfiguration.2.AssociatedDevice.1.AssociatedDeviceMACAddress = 02:00:00:00:00:01
         InternetGatewayDevice.X_HW_APDevice.1.WLANConfiguration.2.AssociatedDevice.1.RSSI = \"-58\"
         InternetGatewayDevice.X_HW_APDevice.1.WLANConfiguration.2.AssociatedDevice.2.AssociatedDeviceMACAddress = UNREAD",
    );
    assert_eq!(s.wifi.nodes[0].uptime_s.as_ref().unwrap().value, 358_180);
    assert_eq!(s.wifi.stations.len(), 1);
    assert_eq!(
        s.wifi.stations[0].node.as_ref().unwrap().value.to_string(),
        "02:00:00:00:00:AA"
    );
}
