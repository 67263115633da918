//! Rules of the data models that devices bend: references, routes, twins, units that disagree.

use serde_json::json;
use tr181::{Band, Confidence, HostInterface, Medium, Summary, WanKind, WanReason};

use crate::support::summary;

fn order(s: &Summary) -> Vec<&str> {
    s.wan.iter().map(|w| w.interface.as_str()).collect()
}

#[test]
fn references_by_alias_join_as_those_by_number() {
    let s = summary(
        "Device.IP.Interface.1.Alias = cpe-lan
         Device.IP.Interface.1.LowerLayers = Device.Bridging.Bridge.[cpe-br].Port.[cpe-p1].
         Device.IP.Interface.1.IPv4Address.1.IPAddress = 192.168.1.1
         Device.Bridging.Bridge.1.Alias = cpe-br
         Device.Bridging.Bridge.1.Port.1.Alias = cpe-p1
         Device.Bridging.Bridge.1.Port.1.LowerLayers = Device.WiFi.SSID.[cpe-s1]
         Device.DHCPv4.Server.Pool.1.Interface = Device.IP.Interface.[cpe-lan].
         Device.DHCPv4.Server.Pool.1.MinAddress = 192.168.1.10
         Device.IP.Interface.2.Alias = cpe-wan
         Device.IP.Interface.2.Status = Up
         Device.IP.Interface.2.LowerLayers = Device.Ethernet.VLANTermination.[cpe-vlan],Device.Ethernet.VLANTermination.4.
         Device.Ethernet.VLANTermination.4.Alias = cpe-vlan
         Device.Ethernet.VLANTermination.4.VLANID = 40
         Device.Ethernet.VLANTermination.4.LowerLayers = Device.Ethernet.Link.[nowhere]
         Device.DHCPv4.Client.1.Interface = Device.IP.Interface.[cpe-wan]
         Device.DHCPv4.Client.1.IPAddress = 192.0.2.10
         Device.DHCPv4.Client.1.SubnetMask = 255.255.255.0
         Device.DHCPv4.Client.1.IPRouters = 0.0.0.0,192.0.2.1
         Device.NAT.PortMapping.1.Interface = Device.IP.Interface.[cpe-wan].
         Device.NAT.PortMapping.1.ExternalPort = 8080
         Device.WiFi.Radio.1.Alias = cpe-r1
         Device.WiFi.Radio.1.OperatingFrequencyBand = 5GHz
         Device.WiFi.SSID.1.Alias = cpe-s1
         Device.WiFi.SSID.1.SSID = Chalet
         Device.WiFi.SSID.1.LowerLayers = Device.WiFi.Radio.[cpe-r1]
         Device.WiFi.AccessPoint.1.Alias = cpe-ap1
         Device.WiFi.AccessPoint.1.SSIDReference = Device.WiFi.SSID.[cpe-s1]
         Device.WiFi.AccessPoint.1.Security.ModeEnabled = WPA2-Personal
         Device.Hosts.Host.1.PhysAddress = 02:00:00:00:00:01
         Device.Hosts.Host.1.AssociatedDevice = Device.WiFi.AccessPoint.[cpe-ap1].AssociatedDevice.1.
         Device.Hosts.Host.2.PhysAddress = 02:00:00:00:00:02
         Device.Hosts.Host.2.Layer1Interface = Device.WiFi.SSID.[cpe-s1]",
    );
    assert_eq!(order(&s), ["Device.IP.Interface.2"]);
    let wan = &s.wan[0];
    assert_eq!(wan.kind, WanKind::Dhcp);
    assert_eq!(wan.ipv4.as_ref().unwrap().value.to_string(), "192.0.2.10");
    assert_eq!(wan.gateway.as_ref().unwrap().value.to_string(), "192.0.2.1");
    assert_eq!(wan.port_mappings.len(), 1);
    assert_eq!(
        wan.chain,
        [
            "Device.IP.Interface.2",
            "Device.Ethernet.VLANTermination.4",
            "Device.Ethernet.Link.[nowhere]"
        ],
        "one layer by two names is one layer; a name of nothing stays"
    );
    assert_eq!(s.lan.interface.as_deref(), Some("Device.IP.Interface.1"));
    assert_eq!(s.lan.dhcp_pools.len(), 1);
    let network = &s.wifi.ssids[0];
    assert_eq!(network.security.as_ref().unwrap().value, "WPA2-Personal");
    assert_eq!(network.band.as_ref().unwrap().value, Band::Ghz5);
    for host in &s.hosts {
        assert_eq!(host.interface.as_ref().unwrap().value, HostInterface::WiFi);
        assert_eq!(host.band.as_ref().unwrap().value, Band::Ghz5);
        assert_eq!(host.ssid.as_ref().unwrap().value, "Chalet");
    }
}

#[test]
fn names_in_any_case_are_the_same_names() {
    let s = summary(
        "device.ip.interface.1.status = UP
         device.ip.interface.1.lowerlayers = device.ppp.interface.1
         device.ip.interface.1.ipv4address.1.ipaddress = 192.0.2.3
         device.ppp.interface.1.connectionstatus = Connected
         device.ppp.interface.1.lowerlayers = device.optical.interface.1
         device.optical.interface.1.upstream = true
         device.wifi.radio.1.operatingfrequencyband = 2.4GHz
         device.wifi.ssid.1.ssid = Chalet
         device.wifi.ssid.1.lowerlayers = device.wifi.radio.1",
    );
    let wan = &s.wan[0];
    assert_eq!(
        (wan.kind, wan.medium),
        (WanKind::Ppp, Some(Medium::Optical))
    );
    assert!(wan.ppp.is_some());
    assert_eq!(s.wifi.ssids[0].band.as_ref().unwrap().value, Band::Ghz2_4);
}

#[test]
fn of_two_default_routes_the_lower_metric_carries_the_traffic() {
    let wan = |i: u32| {
        format!(
            "Device.IP.Interface.{i}.Status = Up
             Device.IP.Interface.{i}.X_TP_ConnType = DHCP
             Device.IP.Interface.{i}.IPv4Address.1.IPAddress = 192.0.2.{i}\n"
        )
    };
    let route = |i: u32, interface: u32, metric: i32| {
        let at = format!("Device.Routing.Router.1.IPv4Forwarding.{i}");
        format!(
            "{at}.Enable = true
             {at}.Status = Enabled
             {at}.DestIPAddress = \"\"
             {at}.DestSubnetMask = 0.0.0.0
             {at}.GatewayIPAddress = 198.51.100.{i}
             {at}.ForwardingMetric = {metric}
             {at}.Interface = Device.IP.Interface.{interface}\n"
        )
    };
    let both = wan(1) + &wan(2);
    let s = summary(&(both.clone() + &route(1, 1, 20) + &route(2, 2, 30) + &route(3, 2, 10)));
    assert_eq!(
        order(&s),
        ["Device.IP.Interface.2", "Device.IP.Interface.1"]
    );
    assert_eq!(
        s.wan[0].gateway.as_ref().unwrap().value.to_string(),
        "198.51.100.3"
    );
    assert!(!s.wan[0].reasons.contains(&WanReason::LowestIndex));
    // Equal, or "no metric": the service decides, and last the index.
    let equal = both.clone() + &route(1, 1, -1) + &route(2, 2, -1);
    let s = summary(&equal);
    assert_eq!(
        order(&s),
        ["Device.IP.Interface.1", "Device.IP.Interface.2"]
    );
    assert!(s.wan[0].reasons.contains(&WanReason::LowestIndex));
    let s = summary(&(equal + "Device.IP.Interface.2.X_TP_ServiceType = TR069,Internet"));
    assert_eq!(order(&s)[0], "Device.IP.Interface.2");
}

#[test]
fn the_nearest_of_several_branches_gives_vlan_and_mac() {
    let s = summary(
        "Device.IP.Interface.1.LowerLayers = Device.Ethernet.Link.1,Device.Ethernet.VLANTermination.2.,
         Device.Ethernet.Link.1.LowerLayers = Device.Ethernet.VLANTermination.1
         Device.Ethernet.VLANTermination.1.VLANID = 7
         Device.Ethernet.VLANTermination.1.LowerLayers = Device.Ethernet.Interface.1
         Device.Ethernet.Interface.1.MACAddress = 02:00:00:00:00:01
         Device.Ethernet.VLANTermination.2.VLANID = 40
         Device.Ethernet.VLANTermination.2.LowerLayers = Device.Optical.Interface.1
         Device.Optical.Interface.1.MACAddress = 02:00:00:00:00:02
         Device.Optical.Interface.1.LowerLayers = Device.Ethernet.Link.1",
    );
    let wan = &s.wan[0];
    assert_eq!(wan.vlan.as_ref().unwrap().value, 40);
    assert_eq!(
        wan.mac.as_ref().unwrap().value.to_string(),
        "02:00:00:00:00:02"
    );
    assert_eq!(wan.chain.len(), 6);
}

#[test]
fn a_bridge_is_not_the_way_out_while_something_else_may_be() {
    let s = summary(
        "Device.IP.Interface.1.Status = Up
         Device.IP.Interface.1.X_TP_ConnType = Bridge
         Device.IP.Interface.1.X_TP_ServiceType = Internet
         Device.IP.Interface.2.Status = Down
         Device.IP.Interface.2.X_TP_ConnType = PPPoE
         Device.IP.Interface.2.X_TP_Uptime = 86400",
    );
    assert_eq!(
        order(&s),
        ["Device.IP.Interface.2", "Device.IP.Interface.1"]
    );
    assert!(s.wan[0].uptime_s.is_none(), "what is down is not up since");
    assert_eq!(s.wan[1].kind, WanKind::Bridge);

    let at = "InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1";
    let s = summary(&format!(
        "{at}.WANPPPConnection.1.ConnectionType = PPPoE_Bridged
         {at}.WANPPPConnection.1.ConnectionStatus = Connected
         {at}.WANPPPConnection.1.ExternalIPAddress = 192.0.2.9
         {at}.WANPPPConnection.1.RemoteIPAddress = 192.0.2.1
         {at}.WANPPPConnection.1.DNSServers = 192.0.2.53
         {at}.WANPPPConnection.1.X_ZTE-COM_ExternalIPv6Address = 2001:db8::1
         {at}.WANPPPConnection.1.X_ZTE-COM_IPv6DNSServers = 2001:db8::53
         {at}.WANPPPConnection.1.X_ZTE-COM_PD = 2001:db8:1::/56
         {at}.WANIPConnection.1.ConnectionType = IP_Routed
         {at}.WANIPConnection.1.ConnectionStatus = Disconneting"
    ));
    let bridge = s.wan.iter().find(|w| w.kind == WanKind::Bridge).unwrap();
    assert!(
        bridge.ipv4.is_none()
            && bridge.ipv6.is_none()
            && bridge.ipv6_prefixes.is_empty()
            && bridge.gateway.is_none()
            && bridge.dns.is_empty()
            && bridge.ppp.is_none()
    );
    assert!(!bridge.primary);
    assert_eq!(s.wan[0].is_up(), Some(false));
}

#[test]
fn addresses_that_reach_the_internet_come_first() {
    let s = summary(
        "Device.IP.Interface.1.Status = Up
         Device.IP.Interface.1.X_TP_ConnType = DHCP
         Device.IP.Interface.1.IPv4Address.1.IPAddress = 169.254.3.4
         Device.IP.Interface.1.IPv4Address.1.SubnetMask = 255.255.0.0
         Device.IP.Interface.1.IPv4Address.2.IPAddress = 192.0.2.7
         Device.IP.Interface.1.IPv4Address.2.SubnetMask = 255.255.255.0
         Device.IP.Interface.1.IPv6Address.1.IPAddress = fe80::1
         Device.IP.Interface.1.IPv6Address.2.IPAddress = fd00::1
         Device.IP.Interface.1.IPv6Address.3.IPAddress = 2001:db8::7
         Device.IP.Interface.2.Status = Up
         Device.IP.Interface.2.X_TP_ConnType = DHCP
         Device.IP.Interface.2.IPv6Address.1.IPAddress = fd00::2",
    );
    let wan = s.primary_wan().unwrap();
    assert_eq!(wan.ipv4.as_ref().unwrap().value.to_string(), "192.0.2.7");
    assert_eq!(
        wan.netmask.as_ref().unwrap().value.to_string(),
        "255.255.255.0"
    );
    assert_eq!(wan.ipv6.as_ref().unwrap().value.to_string(), "2001:db8::7");
    assert!(!s.wan[1].reasons.contains(&WanReason::Ipv6Only));
}

#[test]
fn servers_of_no_interface_belong_to_the_way_out() {
    let s = summary(
        "Device.IP.Interface.1.Status = Up
         Device.IP.Interface.1.X_TP_ConnType = Static
         Device.IP.Interface.1.IPv4Address.1.IPAddress = 192.0.2.7
         Device.IP.Interface.2.X_TP_ConnType = DHCP
         Device.DNS.Client.Server.1.DNSServer = 192.0.2.53
         Device.DNS.Client.Server.1.Interface = Device.IP.Interface.1.
         Device.DNS.Client.Server.2.DNSServer = 192.0.2.54
         Device.DNS.Client.Server.2.Interface = \"\"
         Device.DNS.Client.Server.3.DNSServer = 192.0.2.55
         Device.DNS.Client.Server.3.Interface = UNREAD
         Device.DNS.Client.Server.4.DNSServer = 192.0.2.56
         Device.DNS.Client.Server.4.Interface = \"\"
         Device.DNS.Client.Server.4.Enable = false",
    );
    let servers: Vec<_> = s.wan[0].dns.iter().map(|d| d.value.to_string()).collect();
    assert_eq!(servers, ["192.0.2.53", "192.0.2.54"]);
    assert!(s.wan[1].dns.is_empty());
}

#[test]
fn a_stopped_pool_still_marks_the_home_network() {
    let s = summary(
        "Device.IP.Interface.1.IPv4Address.1.IPAddress = 192.168.1.1
         Device.DHCPv4.Server.Pool.1.Enable = false
         Device.DHCPv4.Server.Pool.1.Interface = Device.IP.Interface.1
         Device.IP.Interface.2.LowerLayers = Device.Optical.Interface.1
         Device.DHCPv4.Server.Pool.2.Enable = false
         Device.DHCPv4.Server.Pool.2.Interface = Device.IP.Interface.2",
    );
    assert_eq!(s.lan.ipv4.unwrap().value.to_string(), "192.168.1.1");
    assert_eq!(s.wan.len(), 1);
    assert_eq!(s.wan[0].interface, "Device.IP.Interface.2");
}

#[test]
fn vlan_and_services_of_every_vendor() {
    let device = "InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1";
    for leaf in [
        "WANIPConnection.1.X_HW_VLAN",
        "WANIPConnection.1.X_ZTE-COM_VLANID",
        "WANIPConnection.1.X_CMCC_VLANIDMark",
        "WANIPConnection.1.X_ITBS_VlanMuxID",
        "X_CT-COM_WANGponLinkConfig.VLANIDMark",
        "X_FH_WANGponLinkConfig.VLANID",
        "X_FH_WANGponLinkConfig.VLANIDMark",
        "X_RTK_WANGponLinkConfig.VLANIDMark",
        "WANEthernetLinkConfig.X_ALU-COM_VLANIDMark",
    ] {
        let vlan = |value: &str| {
            let s = summary(&format!(
                "{device}.WANIPConnection.1.ConnectionStatus = Connected\n{device}.{leaf} = {value}"
            ));
            s.wan[0].vlan.as_ref().map(|v| v.value)
        };
        assert_eq!(vlan("35"), Some(35), "{leaf}");
        for none in ["0", "4095", "4294967295", "\"\""] {
            assert_eq!(vlan(none), None, "{leaf} {none}");
        }
    }
    for leaf in [
        "X_HW_SERVICELIST",
        "X_ZTE-COM_ServiceList",
        "X_CMCC_ServiceList",
        "X_TDTC_ServiceList",
    ] {
        let s = summary(&format!(
            "{device}.WANIPConnection.1.{leaf} = TR069_INTERNET\n{device}.WANIPConnection.1.Name = 4_VOIP_R_VID_1"
        ));
        assert_eq!(
            s.wan[0].service.as_ref().unwrap().value,
            "TR069_INTERNET",
            "{leaf}"
        );
        assert!(s.wan[0].reasons.contains(&WanReason::InternetService));
    }
}

#[test]
fn launched_power_is_read_as_the_received_one() {
    let powers = |object: &str, rx: &str, tx: &str, names: (&str, &str)| {
        let s = summary(&format!(
            "{object}.{} = \"{rx}\"\n{object}.{} = \"{tx}\"",
            names.0, names.1
        ));
        let o = s.optical.unwrap();
        (o.rx_dbm.unwrap(), o.tx_dbm.unwrap())
    };
    let zte = "InternetGatewayDevice.WANDevice.1.X_ZTE-COM_WANPONInterfaceConfig";
    let usual = ("RXPower", "TXPower");
    let (rx, tx) = powers(zte, "-25.08", "2.00", usual);
    assert_eq!((rx.value, tx.value), (-25.08, 2.0), "not 0.2 µW");
    assert_eq!(tx.confidence, Confidence::Vendor);
    let (rx, tx) = powers(zte, "31", "14880", usual);
    assert_eq!((rx.value, tx.value), (-25.09, 1.73));
    // A standard leaf in tenths of a dBm: both of them are.
    let standard = ("OpticalSignalLevel", "TransmitOpticalLevel");
    let (rx, tx) = powers("Device.Optical.Interface.1", "-213", "21", standard);
    assert_eq!((rx.value, tx.value), (-21.3, 2.1));
    assert_eq!(rx.confidence, Confidence::Inferred);
    assert_eq!(tx.confidence, Confidence::Inferred);
    let (rx, tx) = powers("Device.Optical.Interface.1", "-18.5", "2.1", standard);
    assert_eq!((rx.value, tx.value), (-18.5, 2.1));
    let (rx, tx) = powers("Device.Optical.Interface.1", "-21250", "2150", standard);
    assert_eq!((rx.value, tx.value), (-21.25, 2.15));
    assert_eq!(tx.confidence, Confidence::Standard);
}

#[test]
fn china_unicom_without_a_twin_is_not_taken_for_dbm() {
    let at = "InternetGatewayDevice.WANDevice.1.X_CU_Gpon.OpticalTransceiver";
    let s = summary(&format!("{at}.RXPower = 8\n{at}.TXPower = 14880"));
    let optical = s.optical.unwrap();
    let rx = optical.rx_dbm.unwrap();
    assert_eq!((rx.value, rx.confidence), (-30.969, Confidence::Inferred));
    assert_eq!(optical.tx_dbm.unwrap().value, 1.726);
}

#[test]
fn a_transceiver_that_is_off_has_no_temperature() {
    let at = "Device.Optical.Interface.1.X_TP_GPON_Config";
    let off = format!(
        "{at}.RXPower = 0\n{at}.TXPower = 0\n{at}.TransceiverTemperature = 0\n{at}.BiasCurrent = 0\n{at}.SupplyVottage"
    );
    let optical = summary(&format!("{off} = 0")).optical.unwrap();
    assert!(optical.temperature_c.is_none() && optical.bias_ma.is_none());
    assert!(optical.tx_dbm.is_none() && optical.no_light.unwrap().value);
    let optical = summary(&format!("{off} = 3298")).optical.unwrap();
    assert_eq!(optical.temperature_c.unwrap().value, 0.0, "a cold shed");
}

#[test]
fn the_other_readings_by_vendor() {
    let wan = "InternetGatewayDevice.WANDevice.1";
    for (lines, voltage, bias, temperature) in [
        (
            format!(
                "{wan}.X_GponInterafceConfig.RXPower = -7\n{wan}.X_GponInterafceConfig.SupplyVoltage = 3415
                 {wan}.X_GponInterafceConfig.BiasCurrent = 12\n{wan}.X_GponInterafceConfig.TransceiverTemperature = 45"
            ),
            3.415,
            Some(12.0),
            45.0,
        ),
        (
            format!(
                "{wan}.X_CT-COM_GponInterfaceConfig.RXPower = 100\n{wan}.X_CT-COM_GponInterfaceConfig.SupplyVottage = 33000
                 {wan}.X_CT-COM_GponInterfaceConfig.TransceiverTemperature = 47"
            ),
            3.3,
            None,
            47.0,
        ),
        (
            "Device.Optical.Interface.1.X_TP_GPON_Config.RXPower = 5624
             Device.Optical.Interface.1.X_TP_GPON_Config.SupplyVottage = 3298
             Device.Optical.Interface.1.X_TP_GPON_Config.BiasCurrent = 8302
             Device.Optical.Interface.1.X_TP_GPON_Config.TransceiverTemperature = 12251"
                .to_owned(),
            3.298,
            Some(16.604),
            47.86,
        ),
    ] {
        let o = summary(&lines).optical.unwrap();
        let voltage_v = o.voltage_v.unwrap();
        assert_eq!(voltage_v.confidence, Confidence::Vendor, "{lines}");
        assert_eq!(voltage_v.value, voltage);
        assert_eq!(o.bias_ma.map(|f| f.value), bias);
        assert_eq!(o.temperature_c.unwrap().value, temperature);
    }
}

#[test]
fn the_status_is_that_of_the_interface_with_the_reading() {
    let s = summary(
        "Device.Optical.Interface.1.Status = Down
         Device.Optical.Interface.2.Status = Up
         Device.Optical.Interface.2.X_TP_GPON_Config.RXPower = 100",
    );
    assert_eq!(s.optical.unwrap().status.unwrap().value, "Up");
}

#[test]
fn links_between_nodes_are_no_networks() {
    let name = "0123456789abcdef0123456789abcd";
    let ap = "Device.WiFi.MultiAP.APDevice.1.Radio.1.AP";
    let s = summary(&format!(
        "Device.WiFi.SSID.1.SSID = Chalet
         Device.WiFi.SSID.2.SSID = {name}
         Device.WiFi.SSID.3.SSID = lien-maille
         Device.WiFi.SSID.4.SSID = Visiteurs
         Device.WiFi.SSID.1.LowerLayers = UNREAD
         Device.WiFi.Radio.1.OperatingFrequencyBand = 5GHz
         Device.InterfaceStack.1.HigherLayer = Device.WiFi.SSID.1.
         Device.InterfaceStack.1.LowerLayer = Device.WiFi.Radio.1.
         {ap}.1.SSID = lien-maille
         {ap}.1.X_TP_Type = Backhaul
         {ap}.1.AssociatedDevice.1.MACAddress = 02:00:00:00:00:01
         {ap}.1.AssociatedDevice.1.SignalStrength = 100
         {ap}.2.SSID = Visiteurs
         {ap}.2.X_TP_Type = Backhaul
         {ap}.3.SSID = Visiteurs
         {ap}.3.X_TP_Type = Primary"
    ));
    let names: Vec<_> = s
        .wifi
        .ssids
        .iter()
        .map(|n| n.ssid.as_ref().unwrap().value.as_str())
        .collect();
    assert_eq!(names, ["Chalet", "Visiteurs"]);
    let band = s.wifi.ssids[0].band.as_ref().unwrap();
    assert_eq!(
        (band.value, band.confidence),
        (Band::Ghz5, Confidence::Standard)
    );
    assert!(s.wifi.stations[0].ssid.is_none());
}

#[test]
fn a_word_is_no_standard() {
    let at = "InternetGatewayDevice.LANDevice.1.WLANConfiguration.1";
    let s = summary(&format!("{at}.SSID = Chalet\n{at}.Standard = auto"));
    assert!(s.wifi.ssids[0].band.is_none());
    let s = summary(&format!(
        "{at}.SSID = Chalet\n{at}.Standard = auto\n{at}.Channel = 6"
    ));
    assert_eq!(s.wifi.ssids[0].band.as_ref().unwrap().value, Band::Ghz2_4);
}

#[test]
fn tp_link_connection_types() {
    use HostInterface::{Ethernet, WiFi};
    let host = |lines: &str| {
        let s = summary(&format!(
            "Device.Hosts.Host.1.PhysAddress = 02:00:00:00:00:01\n{lines}"
        ));
        let h = s.hosts[0].clone();
        (
            h.interface.map(|f| f.value),
            h.band.map(|f| f.value),
            h.guest.map(|f| f.value),
        )
    };
    for (kind, expected) in [
        (0, (Some(Ethernet), None, None)),
        (1, (Some(WiFi), Some(Band::Ghz2_4), None)),
        (2, (Some(WiFi), Some(Band::Ghz2_4), Some(true))),
        (3, (Some(WiFi), Some(Band::Ghz5), None)),
        (4, (Some(WiFi), Some(Band::Ghz5), Some(true))),
        (5, (Some(WiFi), Some(Band::Ghz6), None)),
        (6, (Some(WiFi), Some(Band::Ghz6), Some(true))),
        (7, (None, None, None)),
        (8, (Some(WiFi), Some(Band::Ghz2_4), None)),
        (9, (Some(WiFi), Some(Band::Ghz5), None)),
        (10, (Some(WiFi), None, None)),
        (11, (None, None, None)),
    ] {
        let active = "Device.Hosts.Host.1.Active = true\nDevice.Hosts.Host.1.X_TP_LanConnType";
        assert_eq!(host(&format!("{active} = {kind}")), expected, "{kind}");
    }
    let five = "Device.Hosts.Host.1.X_TP_LanConnType = 5";
    let nothing = (None, None, None);
    assert_eq!(
        host(&format!("{five}\nDevice.Hosts.Host.1.Active = false")),
        nothing
    );
    assert_eq!(host(five), nothing, "nobody says that it is there");
    let known = "Device.WiFi.Radio.1.OperatingFrequencyBand = 5GHz";
    let active = "Device.Hosts.Host.1.Active = true";
    assert_eq!(
        host(&format!("{five}\n{active}\n{known}")),
        nothing,
        "there is no such radio"
    );
}

#[test]
fn a_signal_belongs_to_the_link_it_was_measured_on() {
    let at = "InternetGatewayDevice.LANDevice.1.Hosts.Host";
    let s = summary(&format!(
        "{at}.1.MACAddress = 02:00:00:00:00:01
         {at}.1.InterfaceType = 802.11
         {at}.1.X_HW_RSSI = -61
         {at}.1.Active = false
         {at}.1.HostName = portable
         {at}.2.MACAddress = 020000000001
         {at}.2.InterfaceType = Ethernet
         {at}.2.X_HW_RSSI = 0
         {at}.2.Active = true
         {at}.2.LeaseTimeRemaining = -1
         {at}.3.MACAddress = 00:00:00:00:00:00
         {at}.3.IPAddress = 192.168.1.9"
    ));
    assert_eq!(s.hosts.len(), 1);
    let plain = &s.to_plain()["hosts"][0];
    assert_eq!(plain["interface"], json!("Ethernet"));
    assert_eq!(plain["name"], json!("portable"));
    assert_eq!(plain["lease_remaining_s"], json!(-1));
    assert!(plain.get("rssi_dbm").is_none());
}

#[test]
fn stations_of_every_vendor() {
    let at = "InternetGatewayDevice.LANDevice.1.WLANConfiguration.1";
    for (leaf, value, expected) in [
        ("SignalStrength", "-61", Some(-61.0)),
        ("RSSI", "4", None),
        ("X_HW_RSSI", "-61", Some(-61.0)),
        ("X_HW_RSSI", "0", None),
        ("X_ZTE-COM_RSSI", "-61", Some(-61.0)),
        ("AssociatedDeviceRSSI", "-61", Some(-61.0)),
        ("AssociatedDeviceRssi", "-61", Some(-61.0)),
        ("X_TP_StaSignalStrength", "-61", Some(-61.0)),
        ("X_DLINK_RSSI", "-61", Some(-61.0)),
        ("X_CT-COM_RSSI", "-61", Some(-61.0)),
        ("X_ITBS_WLAN_ClientSignalStrength", "-61", Some(-61.0)),
        ("WLAN_RSSI", "61", Some(-61.0)),
    ] {
        let s = summary(&format!(
            "{at}.AssociatedDevice.1.AssociatedDeviceMACAddress = 02:00:00:00:00:01
             {at}.AssociatedDevice.1.{leaf} = {value}"
        ));
        let rssi = s.wifi.stations[0].rssi_dbm.as_ref().map(|f| f.value);
        assert_eq!(rssi, expected, "{leaf}");
    }
    for (leaf, value, kbps) in [
        ("X_HW_TxRate", "866", Some(866_000)),
        ("X_TP_StaConnectionSpeed", "144", Some(144_000)),
        ("AssociatedDeviceTxRate", "866000", Some(866_000)),
        ("LastDataDownlinkRate", "866000", Some(866_000)),
        ("LastDataDownlinkRate", "58", None),
    ] {
        let s = summary(&format!(
            "{at}.AssociatedDevice.1.AssociatedDeviceMACAddress = 02:00:00:00:00:01
             {at}.AssociatedDevice.1.{leaf} = \"{value}\""
        ));
        let rate = s.wifi.stations[0].rate_down_kbps.as_ref().map(|f| f.value);
        assert_eq!(rate, kbps, "{leaf}");
    }
}
