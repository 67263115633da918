#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod error;
mod extract;
mod extractor;
mod fact;
mod gpon;
pub mod health;
mod input;
mod mac;
mod model;
mod paths;
mod plain;
mod read;
mod units;
mod vendor;

pub use error::Error;
pub use extractor::{Extractor, summarize, summarize_flat, summarize_value};
pub use fact::{Confidence, Fact};
pub use gpon::{GponSerial, ParseGponSerialError};
pub use health::{Health, Thresholds, health};
pub use mac::{MacAddr, ParseMacError};
pub use model::{
    Band, DataModel, Dhcp, DhcpLease, DhcpPool, Document, EthernetPort, Host, HostInterface,
    Identity, Lan, LanInterface, Medium, MeshNode, Optical, PortMapping, Ppp, Radio, Ssid,
    SsidRole, Station, Summary, TemperatureSensor, Wan, WanKind, WanReason, Wifi,
};
pub use units::{rcpi_to_dbm, rssi_percent, tenth_microwatt_to_dbm};
pub use vendor::{
    LeafRule, OpticalFact, OpticalRow, SignalEncoding, SignalLeaf, Unit, VendorTable,
};
