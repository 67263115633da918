//! The vendor table: what vendors call things and in which unit they write them, as data.

use serde::{Deserialize, Serialize};

/// The built-in rows.
const BUILT_IN: &str = include_str!("vendor/table.json");

/// What vendors call things and in which unit they write them.
///
/// [`VendorTable::default`] is the built-in table; rows of your own go first, either pushed
/// one by one or read from JSON with [`VendorTable::extended_with`].
///
/// # Examples
///
/// ```
/// use tr181::{Extractor, VendorTable};
///
/// // A fictional vendor that writes hundredths of a dBm.
/// let mine: VendorTable = serde_json::from_str(r#"{"optical":[{
///     "vendor": "Boréal", "object": "Device.X_BOREAL_Pon",
///     "leaves": [{"fact": "rx", "names": ["Rx"], "unit": "hundredth_dbm"}]}]}"#)?;
/// let extractor = Extractor::new().with_vendor_table(VendorTable::default().extended_with(mine));
/// let summary = extractor.summarize(br#"{"Device":{"X_BOREAL_Pon":{"Rx":{"_value":-2150}}}}"#)?;
/// assert_eq!(summary.optical.and_then(|o| o.rx_dbm).map(|f| f.value), Some(-21.5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct VendorTable {
    /// Objects that hold optical readings; the first that matches a path is used.
    #[serde(default)]
    pub optical: Vec<OpticalRow>,
    /// Leaves of a TR-098 station that hold its signal.
    #[serde(default)]
    pub station_signal: Vec<SignalLeaf>,
    /// Leaves of a TR-098 WAN connection (or below its connection device, when they hold a
    /// dot) that hold the VLAN identifier.
    #[serde(default)]
    pub wan_vlan: Vec<String>,
    /// Leaves of a TR-098 WAN connection that hold the service list.
    #[serde(default)]
    pub wan_service: Vec<String>,
}

impl Default for VendorTable {
    fn default() -> Self {
        // A test parses the same text: this cannot fail in a build that passed it.
        serde_json::from_str(BUILT_IN).unwrap_or_else(|_| Self::empty())
    }
}

impl VendorTable {
    /// A table without any row: only the standard leaves and the guess by magnitude remain.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(tr181::VendorTable::empty().optical.is_empty());
    /// ```
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            optical: Vec::new(),
            station_signal: Vec::new(),
            wan_vlan: Vec::new(),
            wan_service: Vec::new(),
        }
    }

    /// Puts the rows of another table before those of this one.
    ///
    /// # Examples
    ///
    /// ```
    /// use tr181::VendorTable;
    /// let both = VendorTable::default().extended_with(VendorTable::default());
    /// assert_eq!(both.optical.len(), 2 * VendorTable::default().optical.len());
    /// ```
    #[must_use]
    pub fn extended_with(mut self, mut first: Self) -> Self {
        first.optical.append(&mut self.optical);
        first.station_signal.append(&mut self.station_signal);
        first.wan_vlan.append(&mut self.wan_vlan);
        first.wan_service.append(&mut self.wan_service);
        first
    }
}

/// An object that holds optical readings.
///
/// # Examples
///
/// ```
/// let table = tr181::VendorTable::default();
/// let row = table.optical.iter().find(|r| r.vendor == "TP-Link").ok_or("missing")?;
/// assert!(row.object.contains("X_TP_GPON_Config"));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct OpticalRow {
    /// Whose it is, for people.
    pub vendor: String,
    /// Path of the object: `{i}` is an instance number, `*` any text within a segment.
    pub object: String,
    /// Its leaves. Usual leaves left out here are still read, with units by magnitude.
    pub leaves: Vec<LeafRule>,
}

/// The unit of one fact in an object.
///
/// # Examples
///
/// ```
/// let rule: tr181::LeafRule = serde_json::from_str(r#"{"fact":"voltage","unit":"millivolt"}"#)?;
/// assert_eq!(rule.unit, tr181::Unit::Millivolt);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LeafRule {
    /// Which fact.
    pub fact: OpticalFact,
    /// Leaf names, any case, `*` allowed; empty stands for the usual spellings.
    #[serde(default)]
    pub names: Vec<String>,
    /// Unit of the leaf.
    pub unit: Unit,
}

/// A fact of the optical transceiver.
///
/// # Examples
///
/// ```
/// assert_eq!(serde_json::to_string(&tr181::OpticalFact::Rx)?, "\"rx\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OpticalFact {
    /// Received power.
    Rx,
    /// Launched power.
    Tx,
    /// Temperature.
    Temperature,
    /// Supply voltage.
    Voltage,
    /// Laser bias current.
    Bias,
    /// State of the ONU.
    State,
    /// PON standard.
    Standard,
    /// GPON serial number.
    Serial,
    /// Lower receive threshold.
    RxLow,
    /// Upper receive threshold.
    RxHigh,
    /// Loss of signal.
    Los,
}

/// The unit in which a leaf is written, and so its formula.
///
/// # Examples
///
/// ```
/// assert_eq!(tr181::Unit::TenthMicrowatt.apply(5624.0).map(|v| (v * 100.0).round()), Some(-250.0));
/// assert_eq!(tr181::Unit::Celsius256.apply(12288.0), Some(48.0));
/// assert_eq!(tr181::Unit::Linear { scale: 0.5, offset: -110.0 }.apply(100.0), Some(-60.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unit {
    /// dBm.
    Dbm,
    /// 0.1 dBm.
    TenthDbm,
    /// 0.01 dBm.
    HundredthDbm,
    /// 0.001 dBm (`Dbm1000` of TR-181); 0 is "not implemented".
    MilliDbm,
    /// 0.1 µW; 0 or less is "no light".
    TenthMicrowatt,
    /// 0.1 µW when positive and whole, dBm when negative or written with decimals.
    TenthMicrowattOrDbm,
    /// °C.
    Celsius,
    /// 1/256 °C.
    Celsius256,
    /// V.
    Volt,
    /// mV.
    Millivolt,
    /// 0.1 mV.
    TenthMillivolt,
    /// mA.
    Milliamp,
    /// µA.
    Microamp,
    /// 2 µA.
    TwoMicroamp,
    /// `value × scale + offset` in the unit of the fact.
    Linear {
        /// Factor.
        scale: f64,
        /// Added after the factor.
        offset: f64,
    },
    /// By magnitude; the fact is marked as inferred.
    Auto,
    /// Text as it is.
    Text,
    /// Number of the PLOAM state: `5` is `O5`.
    PloamState,
}

impl Unit {
    /// Converts a number to the unit of the fact (dBm, °C, V, mA); none when it has no meaning.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(tr181::Unit::MilliDbm.apply(-21250.0), Some(-21.25));
    /// assert_eq!(tr181::Unit::MilliDbm.apply(0.0), None);
    /// assert_eq!(tr181::Unit::TenthDbm.apply(-213.0), Some(-21.3));
    /// ```
    #[must_use]
    pub fn apply(self, value: f64) -> Option<f64> {
        match self {
            Self::Dbm | Self::Celsius | Self::Volt | Self::Milliamp => Some(value),
            Self::TenthDbm => Some(value / 10.0),
            Self::HundredthDbm => Some(value / 100.0),
            Self::MilliDbm => (value != 0.0).then_some(value / 1000.0),
            Self::TenthMicrowatt => crate::units::tenth_microwatt_to_dbm(value),
            Self::TenthMicrowattOrDbm => {
                if value > 0.0 && value.fract() == 0.0 {
                    crate::units::tenth_microwatt_to_dbm(value)
                } else {
                    (value != 0.0).then_some(value)
                }
            }
            Self::Celsius256 => Some(value / 256.0),
            Self::Millivolt | Self::Microamp => Some(value / 1000.0),
            Self::TenthMillivolt => Some(value / 10_000.0),
            Self::TwoMicroamp => Some(value * 2.0 / 1000.0),
            Self::Linear { scale, offset } => Some(value * scale + offset),
            Self::Auto | Self::Text | Self::PloamState => None,
        }
    }
}

/// A leaf of a TR-098 station that holds its signal.
///
/// # Examples
///
/// ```
/// let leaf: tr181::SignalLeaf = serde_json::from_str(r#"{"name":"WLAN_RSSI","encoding":"negated_dbm"}"#)?;
/// assert_eq!(leaf.encoding.to_dbm(57.0), Some(-57.0));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SignalLeaf {
    /// Leaf name.
    pub name: String,
    /// How the number is to be understood.
    #[serde(default)]
    pub encoding: SignalEncoding,
}

/// How a signal is written.
///
/// # Examples
///
/// ```
/// use tr181::SignalEncoding;
/// assert_eq!(SignalEncoding::Dbm.to_dbm(-61.0), Some(-61.0));
/// assert_eq!(SignalEncoding::Dbm.to_dbm(4.0), None); // bars, not dBm
/// assert_eq!(SignalEncoding::Rcpi.to_dbm(100.0), Some(-60.0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SignalEncoding {
    /// dBm, negative.
    #[default]
    Dbm,
    /// dBm without the minus sign.
    NegatedDbm,
    /// RCPI 0..=220, unless negative, which is dBm already.
    Rcpi,
}

impl SignalEncoding {
    /// Converts to dBm; none for "no reading" and for the impossible.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(tr181::SignalEncoding::Rcpi.to_dbm(-60.0), Some(-60.0));
    /// assert_eq!(tr181::SignalEncoding::NegatedDbm.to_dbm(0.0), None);
    /// ```
    #[must_use]
    pub fn to_dbm(self, value: f64) -> Option<f64> {
        let dbm = |v: f64| (-200.0..0.0).contains(&v).then_some(v);
        match self {
            Self::Rcpi if value > 0.0 => (value.fract() == 0.0 && value <= 220.0)
                .then(|| value / 2.0 - 110.0)
                .and_then(dbm),
            Self::Dbm | Self::Rcpi => dbm(value),
            Self::NegatedDbm => dbm(-value.abs()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BUILT_IN, VendorTable};

    #[test]
    fn the_built_in_table_parses() {
        let table: VendorTable = serde_json::from_str(BUILT_IN).unwrap();
        assert!(table.optical.len() > 15);
        assert_eq!(VendorTable::default(), table);
    }
}
