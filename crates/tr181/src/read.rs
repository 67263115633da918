//! Typed reading of leaves: each method gives a fact, or nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use jiff::Timestamp;

use crate::fact::{Confidence, Fact};
use crate::input::index::Node;
use crate::input::scalar;
use crate::mac::MacAddr;

/// No host lease is longer than ten years; larger ones are byte-swapped or garbage.
const LONGEST_LEASE_S: i64 = 10 * 365 * 86_400;

impl<'i> Node<'i, '_> {
    /// Wraps a value read from this leaf.
    pub(crate) fn fact<T>(self, value: T) -> Fact<T> {
        let path = self.path();
        let confidence = if path.contains(".X_") {
            Confidence::Vendor
        } else {
            Confidence::Standard
        };
        Fact {
            value,
            source: path,
            read_at: self.read_at(),
            confidence,
        }
    }

    /// The text of a child leaf, unless it says "nothing".
    pub(crate) fn str_of(self, name: &str) -> Option<&'i str> {
        self.at(name)?.value()?.text()
    }

    fn leaf<T>(self, name: &str, parse: impl FnOnce(&'i str) -> Option<T>) -> Option<Fact<T>> {
        let leaf = self.at(name)?;
        let value = parse(leaf.value()?.text()?)?;
        Some(leaf.fact(value))
    }

    /// The first of several leaves that gives a fact.
    pub(crate) fn first<T>(
        self,
        names: &[&str],
        read: impl Fn(Self, &str) -> Option<T>,
    ) -> Option<T> {
        names.iter().find_map(|name| read(self, name))
    }

    pub(crate) fn text(self, name: &str) -> Option<Fact<String>> {
        self.leaf(name, |t| Some(t.to_owned()))
    }

    /// A host name: some firmware writes a placeholder for "none".
    pub(crate) fn host_name(self, name: &str) -> Option<Fact<String>> {
        self.leaf(name, |t| host_name(t).map(str::to_owned))
    }

    pub(crate) fn flag(self, name: &str) -> Option<Fact<bool>> {
        let leaf = self.at(name)?;
        let value = leaf.value()?.boolean()?;
        Some(leaf.fact(value))
    }

    pub(crate) fn is(self, name: &str, wanted: bool) -> bool {
        self.at(name).and_then(|l| l.value()?.boolean()) == Some(wanted)
    }

    pub(crate) fn unsigned(self, name: &str) -> Option<Fact<u64>> {
        self.leaf(name, |t| u64::try_from(scalar::integer(t)?).ok())
    }

    /// An unsigned number within a range.
    pub(crate) fn within(
        self,
        name: &str,
        range: std::ops::RangeInclusive<u32>,
    ) -> Option<Fact<u32>> {
        self.leaf(name, |t| {
            u32::try_from(scalar::integer(t)?)
                .ok()
                .filter(|v| range.contains(v))
        })
    }

    pub(crate) fn positive(self, name: &str) -> Option<Fact<u64>> {
        self.unsigned(name).filter(|f| f.value > 0)
    }

    /// A lease in seconds, -1 being infinite.
    pub(crate) fn lease(self, name: &str) -> Option<Fact<i64>> {
        self.leaf(name, |t| {
            scalar::integer(t).filter(|v| *v == -1 || (0..=LONGEST_LEASE_S).contains(v))
        })
    }

    pub(crate) fn number(self, name: &str) -> Option<Fact<f64>> {
        self.leaf(name, scalar::number)
    }

    /// Degrees Celsius; -274 and the impossible are "bad reading".
    pub(crate) fn celsius(self, name: &str) -> Option<Fact<f64>> {
        self.number(name)
            .filter(|f| (-60.0..=200.0).contains(&f.value))
    }

    pub(crate) fn port(self, name: &str) -> Option<Fact<u16>> {
        self.leaf(name, |t| {
            u16::try_from(scalar::integer(t)?).ok().filter(|p| *p > 0)
        })
    }

    pub(crate) fn vlan(self, name: &str) -> Option<Fact<u16>> {
        self.leaf(name, |t| {
            u16::try_from(scalar::integer(t)?)
                .ok()
                .filter(|v| (1..=4094).contains(v))
        })
    }

    pub(crate) fn mac(self, name: &str) -> Option<Fact<MacAddr>> {
        self.leaf(name, |t| {
            t.parse::<MacAddr>().ok().filter(|m| !m.is_placeholder())
        })
    }

    pub(crate) fn ipv4(self, name: &str) -> Option<Fact<Ipv4Addr>> {
        self.leaf(name, ipv4)
    }

    /// The first usable address of a list leaf.
    pub(crate) fn first_ipv4(self, name: &str) -> Option<Fact<Ipv4Addr>> {
        self.leaf(name, |t| scalar::list(t).find_map(ipv4))
    }

    pub(crate) fn netmask(self, name: &str) -> Option<Fact<Ipv4Addr>> {
        self.leaf(name, |t| {
            let mask = t.parse::<Ipv4Addr>().ok()?;
            let bits = u32::from(mask);
            // A mask is ones, then zeros.
            (bits != 0 && bits.leading_ones() + bits.trailing_zeros() == 32).then_some(mask)
        })
    }

    pub(crate) fn ipv6(self, name: &str) -> Option<Fact<Ipv6Addr>> {
        self.leaf(name, ipv6)
    }

    /// The usable addresses of a list leaf, each with the leaf as its source.
    pub(crate) fn addresses(self, name: &str) -> Vec<Fact<IpAddr>> {
        let Some(leaf) = self.at(name) else {
            return Vec::new();
        };
        let Some(text) = leaf.value().and_then(scalar::Scalar::text) else {
            return Vec::new();
        };
        scalar::list(text)
            .filter_map(address)
            .map(|a| leaf.fact(a))
            .collect()
    }

    pub(crate) fn ipv6_list(self, name: &str) -> Vec<Fact<Ipv6Addr>> {
        let Some(leaf) = self.at(name) else {
            return Vec::new();
        };
        let Some(text) = leaf.value().and_then(scalar::Scalar::text) else {
            return Vec::new();
        };
        scalar::list(text)
            .filter_map(ipv6)
            .map(|a| leaf.fact(a))
            .collect()
    }

    pub(crate) fn ipv6_prefix(self, name: &str) -> Option<Fact<String>> {
        self.leaf(name, |t| {
            let (address, length) = t.split_once('/')?;
            let length: u8 = length.trim().parse().ok()?;
            ipv6(address.trim()).filter(|_| (1..=128).contains(&length))?;
            Some(t.to_owned())
        })
    }

    /// A time; dates before any firmware of interest mean that the clock was not set.
    pub(crate) fn time(self, name: &str) -> Option<Fact<Timestamp>> {
        self.leaf(name, time)
    }

    /// The references of a leaf, without trailing dots; None when the leaf was never read.
    pub(crate) fn references(self, name: &str) -> Option<Vec<&'i str>> {
        let text = &self.child(name)?.value()?.0;
        Some(
            scalar::list(text)
                .map(reference)
                .filter(|r| !r.is_empty())
                .collect(),
        )
    }

    pub(crate) fn reference(self, name: &str) -> Option<&'i str> {
        self.str_of(name).map(reference)
    }
}

/// A path reference without the trailing dot some devices write.
pub(crate) fn reference(text: &str) -> &str {
    text.trim().trim_end_matches('.')
}

pub(crate) fn host_name(text: &str) -> Option<&str> {
    let nothing = ["*", "unknown", "none", "?"]
        .iter()
        .any(|w| text.eq_ignore_ascii_case(w));
    (!nothing).then_some(text)
}

pub(crate) fn ipv4(text: &str) -> Option<Ipv4Addr> {
    text.parse::<Ipv4Addr>()
        .ok()
        .filter(|a| !a.is_unspecified() && !a.is_broadcast())
}

pub(crate) fn ipv6(text: &str) -> Option<Ipv6Addr> {
    let address = text.split('/').next()?;
    let address = address.split('%').next()?;
    address
        .parse::<Ipv6Addr>()
        .ok()
        .filter(|a| !a.is_unspecified())
}

pub(crate) fn address(text: &str) -> Option<IpAddr> {
    ipv4(text)
        .map(IpAddr::V4)
        .or_else(|| ipv6(text).map(IpAddr::V6))
}

pub(crate) fn time(text: &str) -> Option<Timestamp> {
    // 2018-01-01T00:00:00Z: older than any firmware in service.
    const OLDEST: i64 = 1_514_764_800;
    // 9999 and the like mean "for ever".
    const NEWEST: i64 = 32_503_680_000;
    text.parse::<Timestamp>()
        .ok()
        .filter(|t| (OLDEST..NEWEST).contains(&t.as_second()))
}

/// Rounds to a number of decimals, so that 10·log10 prints as `-2.5` and not as `-2.49955…`.
pub(crate) fn round(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    let rounded = (value * scale).round() / scale;
    // No "-0.0" in a summary.
    if rounded == 0.0 { 0.0 } else { rounded }
}
