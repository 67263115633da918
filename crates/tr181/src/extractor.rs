//! The entry points.

use std::sync::LazyLock;

use serde_json::Value;

use crate::error::Error;
use crate::extract::{self, Doc};
use crate::input::{flat, json, tree, trie};
use crate::model::Summary;
use crate::paths;
use crate::vendor::{OpticalFact, VendorTable};

/// Turns device documents into summaries; holds the compiled paths and the vendor table.
///
/// Making one compiles a few hundred path patterns (about a tenth of a millisecond): keep it.
/// The functions [`summarize`], [`summarize_value`] and [`summarize_flat`] share one with
/// the built-in table.
///
/// # Examples
///
/// ```
/// use tr181::Extractor;
///
/// let extractor = Extractor::new();
/// let summary = extractor.summarize(br#"{"Device":{"DeviceInfo":{"ModelName":{"_value":"XX230v"}}}}"#)?;
/// assert_eq!(summary.identity.model.map(|m| m.value).as_deref(), Some("XX230v"));
/// # Ok::<(), tr181::Error>(())
/// ```
#[derive(Debug)]
pub struct Extractor {
    trie: trie::Trie,
    vendor: VendorTable,
}

impl Default for Extractor {
    fn default() -> Self {
        Self::new()
    }
}

impl Extractor {
    /// Makes an extractor with the built-in vendor table.
    ///
    /// # Examples
    ///
    /// ```
    /// let extractor = tr181::Extractor::new();
    /// assert!(extractor.summarize(b"{}")?.hosts.is_empty());
    /// # Ok::<(), tr181::Error>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        let vendor = VendorTable::default();
        Self {
            trie: compile(&vendor),
            vendor,
        }
    }

    /// Replaces the vendor table. Extend the built-in one with
    /// [`VendorTable::extended_with`] to keep its rows. Patterns deeper than 22 segments
    /// and leaf names that can hold a credential are ignored.
    ///
    /// # Examples
    ///
    /// ```
    /// use tr181::{Extractor, VendorTable};
    ///
    /// let bare = Extractor::new().with_vendor_table(VendorTable::empty());
    /// let document = br#"{"Device":{"Optical":{"Interface":{"1":{"OpticalSignalLevel":{"_value":-21250}}}}}}"#;
    /// // Without a table the unit is deduced from the magnitude.
    /// let rx = bare.summarize(document)?.optical.and_then(|o| o.rx_dbm).ok_or("no reading")?;
    /// assert_eq!((rx.value, rx.confidence), (-21.25, tr181::Confidence::Inferred));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_vendor_table(self, table: VendorTable) -> Self {
        Self {
            trie: compile(&table),
            vendor: table,
        }
    }

    /// Summarises the JSON text of one device document (or an array around one).
    ///
    /// The bytes are read once, without building a tree of the document: what no fact needs
    /// is skipped unparsed. A root object whose keys are whole paths (a flat map written as
    /// JSON) is understood too.
    ///
    /// # Errors
    ///
    /// [`Error`] when the bytes are not JSON, are cut off, are nested too deeply, or are not
    /// exactly one document. Odd values are never an error.
    ///
    /// # Examples
    ///
    /// ```
    /// let summary = tr181::Extractor::new().summarize(br#"[{"_id":"a"}]"#)?;
    /// assert_eq!(summary.document.id.as_deref(), Some("a"));
    /// # Ok::<(), tr181::Error>(())
    /// ```
    pub fn summarize(&self, document: &[u8]) -> Result<Summary, Error> {
        let index = json::read(document, &self.trie)?;
        Ok(extract::summary(Doc::new(&index, &self.trie, &self.vendor)))
    }

    /// Summarises a document that is already a JSON value.
    ///
    /// # Errors
    ///
    /// [`Error`] when the value is not exactly one document.
    ///
    /// # Examples
    ///
    /// ```
    /// let value = serde_json::json!({"Device": {"DeviceInfo": {"UpTime": {"_value": 60}}}});
    /// let summary = tr181::Extractor::new().summarize_value(&value)?;
    /// assert_eq!(summary.identity.uptime_s.map(|u| u.value), Some(60));
    /// # Ok::<(), tr181::Error>(())
    /// ```
    pub fn summarize_value(&self, document: &Value) -> Result<Summary, Error> {
        let index = tree::read(document, &self.trie)?;
        Ok(extract::summary(Doc::new(&index, &self.trie, &self.vendor)))
    }

    /// Summarises a flat map of full paths to value texts, as USP and the modem bridge give.
    /// Object paths (ending in `.`) are skipped; of a path given twice the last counts.
    ///
    /// # Examples
    ///
    /// ```
    /// let pairs = [("Device.WiFi.Radio.1.", ""), ("Device.WiFi.Radio.1.Channel", "36")];
    /// let summary = tr181::Extractor::new().summarize_flat(pairs);
    /// assert_eq!(summary.wifi.radios[0].channel.as_ref().map(|c| c.value), Some(36));
    /// ```
    #[must_use]
    pub fn summarize_flat<K, V>(&self, pairs: impl IntoIterator<Item = (K, V)>) -> Summary
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        let kept: Vec<(K, V)> = pairs
            .into_iter()
            .filter(|(path, _)| flat::leaf(path.as_ref(), &self.trie).is_some())
            .collect();
        let index = flat::read(&kept, &self.trie);
        extract::summary(Doc::new(&index, &self.trie, &self.vendor))
    }
}

static SHARED: LazyLock<Extractor> = LazyLock::new(Extractor::new);

/// Summarises the JSON text of one device document with the built-in vendor table.
///
/// # Errors
///
/// As [`Extractor::summarize`].
///
/// # Examples
///
/// ```
/// let summary = tr181::summarize(br#"{"Device":{"DeviceInfo":{"UpTime":{"_value":"60"}}}}"#)?;
/// assert_eq!(summary.identity.uptime_s.map(|u| u.value), Some(60));
/// assert!(tr181::summarize(b"not JSON").is_err());
/// # Ok::<(), tr181::Error>(())
/// ```
pub fn summarize(document: &[u8]) -> Result<Summary, Error> {
    SHARED.summarize(document)
}

/// Summarises a document that is already a JSON value, with the built-in vendor table.
///
/// # Errors
///
/// As [`Extractor::summarize_value`].
///
/// # Examples
///
/// ```
/// let value = serde_json::json!({"_id": "a"});
/// assert_eq!(tr181::summarize_value(&value)?.document.id.as_deref(), Some("a"));
/// # Ok::<(), tr181::Error>(())
/// ```
pub fn summarize_value(document: &Value) -> Result<Summary, Error> {
    SHARED.summarize_value(document)
}

/// Summarises a flat map with the built-in vendor table.
///
/// # Examples
///
/// ```
/// let summary = tr181::summarize_flat([("Device.DeviceInfo.ModelName", "EX220")]);
/// assert_eq!(summary.identity.model.map(|m| m.value).as_deref(), Some("EX220"));
/// ```
#[must_use]
pub fn summarize_flat<K, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Summary
where
    K: AsRef<str>,
    V: AsRef<str>,
{
    SHARED.summarize_flat(pairs)
}

/// Leaf names that can hold a credential; the same rule as the redaction of the ACS client.
pub(crate) fn is_secret(leaf: &str) -> bool {
    let leaf = leaf.to_ascii_lowercase();
    [
        "pass", "psk", "key", "secret", "token", "pwd", "loid", "username",
    ]
    .iter()
    .any(|word| leaf.contains(word))
}

fn compile(vendor: &VendorTable) -> trie::Trie {
    let mut builder = trie::Builder::new();
    for (object, leaves) in paths::DOCUMENT {
        builder.add(object, leaves.split_whitespace());
    }
    for (root, tables) in [
        ("Device", paths::TR181),
        ("InternetGatewayDevice", paths::TR098),
    ] {
        for (object, leaves) in paths::BOTH.iter().chain(tables) {
            builder.add(&format!("{root}.{object}"), leaves.split_whitespace());
        }
    }
    for (position, row) in vendor.optical.iter().enumerate() {
        let mut leaves: Vec<&str> = row
            .leaves
            .iter()
            .flat_map(|rule| &rule.names)
            .map(String::as_str)
            .collect();
        leaves.extend(usual_spellings());
        leaves.retain(|leaf| !is_secret(leaf) && !leaf.contains('.'));
        builder.add_tagged(&row.object, leaves, u16::try_from(position).ok());
    }
    generic_optics(&mut builder);
    let allowed = |leaf: &&str| !is_secret(leaf);
    let connection = "InternetGatewayDevice.WANDevice.{i}.WANConnectionDevice.{i}";
    for table in ["", ".WANPPPConnection.{i}", ".WANIPConnection.{i}"] {
        for path in &vendor.wan_vlan {
            let (object, leaf) = path.rsplit_once('.').unwrap_or(("", path));
            builder.add(
                &format!("{connection}{table}.{object}"),
                [leaf].into_iter().filter(allowed),
            );
        }
        let services = vendor.wan_service.iter().map(String::as_str);
        builder.add(
            &format!("{connection}{table}"),
            services.filter(|leaf| !leaf.contains('.')).filter(allowed),
        );
    }
    let station = "InternetGatewayDevice.LANDevice.{i}.WLANConfiguration.{i}.AssociatedDevice.{i}";
    builder.add(
        station,
        vendor
            .station_signal
            .iter()
            .map(|leaf| leaf.name.as_str())
            .filter(allowed),
    );
    builder.build()
}

fn usual_spellings<'a>() -> impl Iterator<Item = &'a str> {
    extract::SPELLINGS
        .iter()
        .flat_map(|(_, names)| names.iter().copied())
}

/// Objects that no row names but whose own name sounds optical.
fn generic_optics(builder: &mut trie::Builder) {
    let names: Vec<&str> = extract::SPELLINGS
        .iter()
        .filter(|(fact, _)| *fact != OpticalFact::Serial)
        .flat_map(|(_, names)| names.iter().copied())
        .chain(["GponSn"])
        .collect();
    let places = [
        "Device",
        "Device.X_*",
        "Device.Optical.Interface.{i}",
        "Device.DeviceInfo",
        "InternetGatewayDevice",
        "InternetGatewayDevice.X_*",
        "InternetGatewayDevice.DeviceInfo",
        "InternetGatewayDevice.WANDevice.{i}",
        "InternetGatewayDevice.WANDevice.{i}.X_*",
    ];
    // One shared subtree: no document has a root member of that name.
    const SHARED: &str = "#optics";
    for below in ["", ".{i}", ".*", ".*.{i}"] {
        builder.add_tagged(
            &format!("{SHARED}{below}"),
            names.iter().copied(),
            Some(extract::GENERIC),
        );
    }
    for place in places {
        for word in ["*pon*", "*optic*"] {
            builder.link(place, word, SHARED);
        }
    }
    builder.add("Device.Optical.Interface.{i}.GponAuth", ["GponSn"]);
    builder.add(
        "Device.XPON.ONU.{i}.ANI.{i}.TC.ONUActivation",
        ["ONUState", "SerialNumber"],
    );
    builder.add("Device.XPON.ONU.{i}.ANI.{i}.TC.Alarms", ["LOS"]);
    builder.add(
        "Device.XPON.ONU.{i}.ANI.{i}.Transceiver.{i}",
        ["VendorName", "VendorPartNumber"],
    );
}
