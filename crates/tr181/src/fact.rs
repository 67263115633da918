//! The fact: a value with where it was read, when, and how sure its meaning is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How sure the meaning (not the truth) of a value is.
///
/// # Examples
///
/// ```
/// assert_eq!(serde_json::to_string(&tr181::Confidence::Vendor).unwrap(), "\"vendor\"");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Confidence {
    /// The leaf and its unit are those of the Broadband Forum data model.
    Standard,
    /// The leaf belongs to a vendor, and its unit is known for that vendor.
    Vendor,
    /// The unit or the meaning was deduced: from the magnitude, a channel number, an index.
    Inferred,
}

/// A value with its provenance: the full path of the leaf it was read from, when the
/// ACS read that leaf, and how sure its interpretation is.
///
/// JSON shape: `{"value": …, "source": "Device.…", "read_at": "2026-…Z", "confidence": "standard"}`;
/// `read_at` is absent when the input carries no time (flat maps).
///
/// # Examples
///
/// ```
/// use tr181::{Confidence, Fact};
///
/// let channel = Fact::new(36_u32, "Device.WiFi.Radio.2.Channel");
/// assert_eq!(channel.value, 36);
/// assert_eq!(channel.confidence, Confidence::Standard);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fact<T> {
    /// The value, in the unit its field name says.
    pub value: T,
    /// Full path of the leaf (or, for a few deduced facts, of the object) it comes from.
    pub source: String,
    /// When the ACS read the leaf from the device: a document mixes values hours apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// How sure the interpretation is.
    pub confidence: Confidence,
}

impl<T> Fact<T> {
    /// Makes a fact of standard confidence without a reading time.
    ///
    /// # Examples
    ///
    /// ```
    /// let fact = tr181::Fact::new("Up".to_owned(), "Device.IP.Interface.1.Status");
    /// assert_eq!(fact.source, "Device.IP.Interface.1.Status");
    /// ```
    #[must_use]
    pub fn new(value: T, source: impl Into<String>) -> Self {
        Self {
            value,
            source: source.into(),
            read_at: None,
            confidence: Confidence::Standard,
        }
    }

    /// Sets the confidence.
    ///
    /// # Examples
    ///
    /// ```
    /// use tr181::{Confidence, Fact};
    /// let fact = Fact::new(5.0, "x").with_confidence(Confidence::Inferred);
    /// assert_eq!(fact.confidence, Confidence::Inferred);
    /// ```
    #[must_use]
    pub fn with_confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// Sets when the leaf was read.
    ///
    /// # Examples
    ///
    /// ```
    /// let at: jiff::Timestamp = "2026-11-22T15:30:23Z".parse()?;
    /// assert_eq!(tr181::Fact::new(1, "x").with_read_at(at).read_at, Some(at));
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn with_read_at(mut self, at: Timestamp) -> Self {
        self.read_at = Some(at);
        self
    }

    /// Changes the value and keeps the provenance.
    ///
    /// # Examples
    ///
    /// ```
    /// let volts = tr181::Fact::new(3298.0, "x").map(|mv| mv / 1000.0);
    /// assert_eq!(volts.value, 3.298);
    /// ```
    #[must_use]
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Fact<U> {
        Fact {
            value: f(self.value),
            source: self.source,
            read_at: self.read_at,
            confidence: self.confidence,
        }
    }

    /// Changes the value, or drops the fact when the new value does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// let fact = tr181::Fact::new(0_u32, "x").and_then(|v| (v != 0).then_some(v));
    /// assert!(fact.is_none());
    /// ```
    pub fn and_then<U>(self, f: impl FnOnce(T) -> Option<U>) -> Option<Fact<U>> {
        let value = f(self.value)?;
        Some(Fact {
            value,
            source: self.source,
            read_at: self.read_at,
            confidence: self.confidence,
        })
    }
}
