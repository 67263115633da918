//! The leaves a summary is made of: object pattern, then leaf names.
//!
//! Nothing outside this list and the vendor table is ever kept. No leaf that can hold a
//! credential may be added here; a test checks the names.

/// Root members of an ACS document.
pub(crate) const DOCUMENT: &[(&str, &str)] = &[
    (
        "",
        "_id _lastInform _lastBoot _lastBootstrap _registered _tags",
    ),
    (
        "_deviceId",
        "_Manufacturer _OUI _ProductClass _SerialNumber",
    ),
];

/// Leaves with the same name under both roots.
pub(crate) const BOTH: &[(&str, &str)] = &[
    (
        "DeviceInfo",
        "Manufacturer ManufacturerOUI ModelName ProductClass SerialNumber HardwareVersion SoftwareVersion \
         Description UpTime HostName X_TP_DeviceModel X_TP_DevType AccessType X_HW_SerialNumber \
         X_HW_CpuUsed X_CT-COM_CpuUsage X_ALU-COM_CPUUsage",
    ),
    ("DeviceInfo.MemoryStatus", "Total Free"),
    ("DeviceInfo.ProcessStatus", "CPUUsage"),
    (
        "DeviceInfo.TemperatureStatus.TemperatureSensor.{i}",
        "Name Status Value MaxValue",
    ),
];

const LAYER: &str = "Enable Status Name Alias LowerLayers MACAddress Upstream LastChange";

/// TR-181 (`Device.`).
pub(crate) const TR181: &[(&str, &str)] = &[
    (
        "IP.Interface.{i}",
        "Enable Status Name Alias Type Loopback LastChange LowerLayers MaxMTUSize MACAddress \
         X_TP_ConnName X_TP_ConnType X_TP_ServiceType X_TP_Uptime X_TP_UpTime",
    ),
    (
        "IP.Interface.{i}.IPv4Address.{i}",
        "IPAddress SubnetMask AddressingType Status Enable",
    ),
    (
        "IP.Interface.{i}.IPv6Address.{i}",
        "IPAddress Origin IPAddressStatus Status Enable",
    ),
    (
        "IP.Interface.{i}.IPv6Prefix.{i}",
        "Prefix Origin StaticType Status Enable",
    ),
    ("IP.Interface.{i}.Stats", "BytesSent BytesReceived"),
    (
        "PPP.Interface.{i}",
        "Enable Status Name Alias LastChange LowerLayers MACAddress ConnectionStatus LastConnectionError \
         CurrentMRUSize MaxMRUSize",
    ),
    ("PPP.Interface.{i}.PPPoE", "SessionID ACName ServiceName"),
    (
        "PPP.Interface.{i}.IPCP",
        "LocalIPAddress RemoteIPAddress DNSServers",
    ),
    (
        "Ethernet.Interface.{i}",
        "Enable Status Name Alias LowerLayers MACAddress Upstream MaxBitRate CurrentBitRate DuplexMode X_TP_IfNameAlias",
    ),
    ("Ethernet.Link.{i}", LAYER),
    (
        "Ethernet.VLANTermination.{i}",
        "Enable Status Name Alias LowerLayers MACAddress VLANID",
    ),
    ("Bridging.Bridge.{i}", "Alias"),
    (
        "Bridging.Bridge.{i}.Port.{i}",
        "Name Alias LowerLayers ManagementPort",
    ),
    ("Optical.Interface.{i}", LAYER),
    ("XPON.ONU.{i}", "Alias"),
    (
        "XPON.ONU.{i}.ANI.{i}",
        "Enable Status Name Alias LowerLayers Upstream PONMode",
    ),
    ("DSL.Line.{i}", LAYER),
    ("DSL.Channel.{i}", LAYER),
    ("ATM.Link.{i}", LAYER),
    ("PTM.Link.{i}", LAYER),
    ("Cellular.Interface.{i}", LAYER),
    ("USB.Interface.{i}", LAYER),
    ("MoCA.Interface.{i}", LAYER),
    (
        "X_*.*.{i}",
        "Status Name Alias LowerLayers MACAddress Upstream",
    ),
    ("InterfaceStack.{i}", "HigherLayer LowerLayer"),
    (
        "DHCPv4.Client.{i}",
        "Enable Interface Status DHCPStatus IPAddress SubnetMask IPRouters DNSServers LeaseTimeRemaining DHCPServer",
    ),
    ("DHCPv6.Client.{i}", "Enable Interface Status"),
    ("NAT.InterfaceSetting.{i}", "Enable Status Interface"),
    (
        "NAT.PortMapping.{i}",
        "Enable Interface ExternalPort ExternalPortEndRange InternalPort Protocol InternalClient Description AllInterfaces",
    ),
    (
        "Routing.Router.{i}.IPv4Forwarding.{i}",
        "Enable Status DestIPAddress DestSubnetMask GatewayIPAddress Interface Origin ForwardingMetric",
    ),
    (
        "Routing.Router.{i}.IPv6Forwarding.{i}",
        "Enable Status DestIPPrefix NextHop Interface",
    ),
    (
        "DNS.Client.Server.{i}",
        "Enable Status DNSServer Interface Type",
    ),
    (
        "DNS.Relay.Forwarding.{i}",
        "Enable Status DNSServer Interface Type",
    ),
    (
        "DHCPv4.Server.Pool.{i}",
        "Enable Status Interface MinAddress MaxAddress SubnetMask IPRouters DNSServers DomainName LeaseTime",
    ),
    ("DHCPv4.Server", "Enable"),
    (
        "DHCPv4.Server.Pool.{i}.StaticAddress.{i}",
        "Enable Chaddr Yiaddr",
    ),
    ("DHCPv4.Server.Pool.{i}.Client.{i}", "Chaddr Active"),
    (
        "DHCPv4.Server.Pool.{i}.Client.{i}.IPv4Address.{i}",
        "IPAddress LeaseTimeRemaining",
    ),
    (
        "WiFi.Radio.{i}",
        "Enable Status Name Alias Upstream OperatingFrequencyBand Channel AutoChannelEnable OperatingChannelBandwidth \
         CurrentOperatingChannelBandwidth OperatingStandards MaxBitRate TransmitPower RegulatoryDomain LowerLayers \
         SupportedFrequencyBands",
    ),
    ("WiFi.Radio.{i}.Stats", "Noise"),
    (
        "WiFi.SSID.{i}",
        "Enable Status Name Alias SSID BSSID MACAddress LowerLayers",
    ),
    (
        "WiFi.AccessPoint.{i}",
        "Enable Status Alias SSIDReference SSIDAdvertisementEnabled AssociatedDeviceNumberOfEntries X_TP_APType",
    ),
    ("WiFi.AccessPoint.{i}.Security", "ModeEnabled"),
    (
        "WiFi.AccessPoint.{i}.AssociatedDevice.{i}",
        "MACAddress SignalStrength Noise LastDataDownlinkRate LastDataUplinkRate Active OperatingStandard \
         AssociationTime X_TP_HostName X_TP_IPAddress",
    ),
    (
        "WiFi.MultiAP.APDevice.{i}",
        "MACAddress Manufacturer SerialNumber SoftwareVersion ProductClass BackhaulLinkType BackhaulMACAddress \
         BackhaulSignalStrength X_TP_ModelName X_TP_HostName X_TP_IPAddress X_TP_Active X_TP_UpTime",
    ),
    (
        "WiFi.MultiAP.APDevice.{i}.Radio.{i}",
        "OperatingFrequencyBand Channel MACAddress",
    ),
    (
        "WiFi.MultiAP.APDevice.{i}.Radio.{i}.AP.{i}",
        "SSID BSSID X_TP_Type",
    ),
    (
        "WiFi.MultiAP.APDevice.{i}.Radio.{i}.AP.{i}.AssociatedDevice.{i}",
        "MACAddress SignalStrength Noise LastDataDownlinkRate LastDataUplinkRate Active OperatingStandard \
         AssociationTime X_TP_HostName X_TP_IPAddress X_TP_ApDeviceMac",
    ),
    (
        "WiFi.DataElements.Network.Device.{i}",
        "ID Manufacturer ManufacturerModel SerialNumber SoftwareVersion X_TP_ModelName X_TP_HostName X_TP_IPAddress \
         X_TP_Active X_TP_UpTime",
    ),
    (
        "WiFi.DataElements.Network.Device.{i}.MultiAPDevice.Backhaul",
        "LinkType BackhaulMACAddress",
    ),
    (
        "WiFi.DataElements.Network.Device.{i}.MultiAPDevice.Backhaul.Stats",
        "SignalStrength",
    ),
    (
        "WiFi.DataElements.Network.Device.{i}.Radio.{i}",
        "ID X_TP_Band X_TP_Channel",
    ),
    (
        "WiFi.DataElements.Network.Device.{i}.Radio.{i}.CurrentOperatingClasses.{i}",
        "Class Channel",
    ),
    (
        "WiFi.DataElements.Network.Device.{i}.Radio.{i}.CurrentOperatingClassProfile.{i}",
        "Class Channel",
    ),
    (
        "WiFi.DataElements.Network.Device.{i}.Radio.{i}.BSS.{i}",
        "BSSID SSID",
    ),
    (
        "WiFi.DataElements.Network.Device.{i}.Radio.{i}.BSS.{i}.STA.{i}",
        "MACAddress SignalStrength LastDataDownlinkRate LastDataUplinkRate EstMACDataRateDownlink EstMACDataRateUplink \
         LastConnectTime Hostname IPV4Address X_TP_HostName X_TP_IPAddress X_TP_Noise",
    ),
    (
        "Hosts.Host.{i}",
        "PhysAddress IPAddress HostName Active InterfaceType Layer1Interface AssociatedDevice AddressSource \
         LeaseTimeRemaining IPv6Address X_TP_LanConnType X_TP_ClientType",
    ),
    ("Hosts.Host.{i}.IPv4Address.{i}", "IPAddress"),
    ("Hosts.Host.{i}.IPv6Address.{i}", "IPAddress"),
];

const CONNECTION: &str = "Enable ConnectionStatus ConnectionType Name ExternalIPAddress SubnetMask DefaultGateway \
     RemoteIPAddress DNSServers Uptime LastConnectionError MACAddress MaxMTUSize MaxMRUSize CurrentMRUSize NATEnabled \
     AddressingType PPPoESessionID PPPoEACName PPPoEServiceName X_ZTE-COM_ExternalIPv6Address X_ZTE-COM_PD \
     X_ZTE-COM_IPv6DNSServers X_CT-COM_IPv6IPAddress X_CT-COM_IPv6Prefix X_CT-COM_IPv6DNSServers \
     X_CMCC_IPv6IPAddress X_CMCC_IPv6Prefix X_CMCC_IPv6DNSServers X_TP_ExternalIPv6Address X_FH_IPv6IPAddress \
     X_TP_ConnType";

const MAPPING: &str = "PortMappingEnabled ExternalPort ExternalPortEndRange InternalPort PortMappingProtocol \
     InternalClient PortMappingDescription";

/// TR-098 (`InternetGatewayDevice.`).
pub(crate) const TR098: &[(&str, &str)] = &[
    (
        "WANDevice.{i}.WANCommonInterfaceConfig",
        "WANAccessType PhysicalLinkStatus",
    ),
    (
        "WANDevice.{i}.WANEthernetInterfaceConfig",
        "Enable Status MACAddress MaxBitRate DuplexMode",
    ),
    (
        "WANDevice.{i}.WANConnectionDevice.{i}.WANPPPConnection.{i}",
        CONNECTION,
    ),
    (
        "WANDevice.{i}.WANConnectionDevice.{i}.WANIPConnection.{i}",
        CONNECTION,
    ),
    (
        "WANDevice.{i}.WANConnectionDevice.{i}.WANPPPConnection.{i}.PortMapping.{i}",
        MAPPING,
    ),
    (
        "WANDevice.{i}.WANConnectionDevice.{i}.WANIPConnection.{i}.PortMapping.{i}",
        MAPPING,
    ),
    (
        "WANDevice.{i}.WANConnectionDevice.{i}.WANPPPConnection.{i}.Stats",
        "EthernetBytesSent EthernetBytesReceived",
    ),
    (
        "WANDevice.{i}.WANConnectionDevice.{i}.WANIPConnection.{i}.Stats",
        "EthernetBytesSent EthernetBytesReceived",
    ),
    (
        "WANDevice.{i}.WANConnectionDevice.{i}.WANPPPConnection.{i}.X_HW_IPv6.IPv6Address.{i}",
        "IPAddress Origin",
    ),
    (
        "WANDevice.{i}.WANConnectionDevice.{i}.WANIPConnection.{i}.X_HW_IPv6.IPv6Address.{i}",
        "IPAddress Origin",
    ),
    (
        "WANDevice.{i}.WANConnectionDevice.{i}.WANPPPConnection.{i}.X_HW_IPv6.IPv6Prefix.{i}",
        "Prefix Origin",
    ),
    (
        "WANDevice.{i}.WANConnectionDevice.{i}.WANIPConnection.{i}.X_HW_IPv6.IPv6Prefix.{i}",
        "Prefix Origin",
    ),
    ("Layer3Forwarding", "DefaultConnectionService"),
    (
        "Layer3Forwarding.Forwarding.{i}",
        "Enable Status DestIPAddress DestSubnetMask GatewayIPAddress Interface",
    ),
    (
        "LANDevice.{i}.LANHostConfigManagement",
        "DHCPServerEnable MinAddress MaxAddress SubnetMask IPRouters DNSServers DomainName DHCPLeaseTime MACAddress",
    ),
    (
        "LANDevice.{i}.LANHostConfigManagement.IPInterface.{i}",
        "Enable IPInterfaceIPAddress IPInterfaceSubnetMask",
    ),
    (
        "LANDevice.{i}.LANHostConfigManagement.DHCPStaticAddress.{i}",
        "Enable Chaddr Yiaddr",
    ),
    (
        "LANDevice.{i}.LANHostConfigManagement.X_HW_IPv6Interface.{i}.IPv6Address.{i}",
        "IPv6Address",
    ),
    (
        "LANDevice.{i}.LANEthernetInterfaceConfig.{i}",
        "Enable Status Name MACAddress MaxBitRate DuplexMode X_HW_Speed",
    ),
    (
        "LANDevice.{i}.WLANConfiguration.{i}",
        "Enable Status Name SSID BSSID Channel ChannelsInUse AutoChannelEnable Standard MaxBitRate BeaconType TransmitPower \
         TotalAssociations RegulatoryDomain RadioEnabled SSIDAdvertisementEnabled OperatingFrequencyBand X_HW_RFBand \
         X_HW_Standard X_HW_SupportedStandards X_HW_HT20 X_ZTE-COM_BandWidth X_ZTE-COM_WlanStandard X_TP_Band X_TP_Bandwidth \
         X_TP_ChannelWidth X_CT-COM_RFBand X_CT-COM_ChannelWidth X_CMCC_ChannelWidth X_FH_RFBand \
         X_ITBS_RFBand X_ALU-COM_RFBand X_CT-COM_Standard X_CMCC_RFBand X_RTK_RFBand X_HW_WorkMode \
         X_CT-COM_GuestEnable X_TP_MultiSSID LowerLayers PossibleChannels",
    ),
    (
        "LANDevice.{i}.WiFi.Radio.{i}",
        "OperatingFrequencyBand Channel",
    ),
    (
        "LANDevice.{i}.WLANConfiguration.{i}.AssociatedDevice.{i}",
        "AssociatedDeviceMACAddress AssociatedDeviceIPAddress LastDataTransmitRate LastDataDownlinkRate LastDataUplinkRate \
         Noise Active HostName X_HW_AssociatedDevicedescriptions X_HW_AssociatedDeviceName X_HW_SNR X_HW_Noise \
         X_HW_TxRate X_HW_RxRate X_HW_Uptime X_HW_WorkingMode X_ZTE-COM_SNR X_ZTE-COM_Noise X_ITBS_WLAN_SNR SignalNoiseRatio \
         X_ZTE-COM_TxRate X_ZTE-COM_RxRate X_ZTE-COM_AssociatedDeviceName AssociatedDeviceTxRate AssociatedDeviceRxRate \
         X_TP_StaConnectionSpeed X_TP_HostName X_TP_StaName OperatingStandard",
    ),
    (
        "LANDevice.{i}.Hosts.Host.{i}",
        "MACAddress IPAddress HostName Active AddressSource LeaseTimeRemaining InterfaceType Layer2Interface X_HW_RSSI Rssi \
         IPv6Address X_HW_DeviceName X_TP_ConnType X_TP_ConnIntf X_TP_LanConnType X_CT-COM_DeviceType X_HW_DevName",
    ),
    ("LANDevice.{i}.Hosts.Host.{i}.IPv6Address.{i}", "IPAddress"),
    (
        "X_HW_APDevice.{i}",
        "APMacAddr ApOnlineFlag DeviceStatus DeviceType SerialNumber SoftwareVersion UpTime",
    ),
    (
        "X_HW_APDevice.{i}.WLANConfiguration.{i}",
        "RFBand Channel SSID",
    ),
    (
        "X_HW_APDevice.{i}.WLANConfiguration.{i}.AssociatedDevice.{i}",
        "AssociatedDeviceMACAddress AssociatedDeviceIPAddress RSSI Noise SNR TxRate RxRate Uptime",
    ),
];
