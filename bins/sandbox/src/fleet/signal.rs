//! Readings of a unit at one moment: power, temperature, load, counters.

use jiff::Timestamp;

use super::household::Link;
use super::{Cpe, Trouble};

/// A sine of `period` seconds at a time, between -1 and 1.
fn wave(at: Timestamp, period: f64, phase: f64) -> f64 {
    let seconds = at.as_second() as f64;
    (std::f64::consts::TAU * (seconds / period).fract() + phase).sin()
}

/// A whole number from a real one, 0 when negative.
#[allow(
    clippy::cast_possible_truncation,
    reason = "readings are far below 2^63 and the cast saturates"
)]
pub(super) fn count(value: f64) -> u64 {
    value.round().max(0.0) as u64
}

/// A whole number from a real one.
#[allow(
    clippy::cast_possible_truncation,
    reason = "readings are far below 2^63 and the cast saturates"
)]
pub(super) fn whole(value: f64) -> i64 {
    value.round() as i64
}

/// What a unit would answer at one moment.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub(super) at: Timestamp,
    pub(super) uptime_s: u64,
    /// Received power in dBm; none without light.
    pub(super) rx_dbm: Option<f64>,
    pub(super) tx_dbm: f64,
    pub(super) temperature_c: f64,
    pub(super) volts: f64,
    pub(super) bias_ma: f64,
    pub(super) wan_up: bool,
    pub(super) cpu: u64,
    /// Free share of the memory, 0 to 1.
    pub(super) free: f64,
    pub(super) down_bytes: u64,
    pub(super) up_bytes: u64,
}

impl Moment {
    pub(super) fn new(cpe: &Cpe, at: Timestamp, boot: Timestamp) -> Self {
        let age = count(at.duration_since(boot).as_secs_f64());
        let p = cpe.phase;
        let dark = cpe.trouble == Trouble::NoLight;
        let wan_up = !dark && cpe.trouble != Trouble::WanDown;
        let drift = 0.18 * wave(at, 26_900.0, p) + 0.06 * wave(at, 1_730.0, 2.0 * p);
        let hot = if cpe.trouble == Trouble::Hot {
            34.0
        } else {
            0.0
        };
        let temperature_c =
            cpe.warmth + hot + 2.4 * wave(at, 86_400.0, p) + 0.7 * wave(at, 2_100.0, p);
        // Evening traffic: the swing around the mean is slow enough (9000 s × 2π / day = 0.65)
        // never to run a counter backwards.
        let swing = 9_000.0 * (wave(at, 86_400.0, p) - wave(boot, 86_400.0, p));
        let moved = if wan_up {
            cpe.rate * (age as f64 + swing).max(0.0)
        } else {
            0.0
        };
        Self {
            at,
            uptime_s: age,
            rx_dbm: (!dark).then_some(cpe.rx_dbm + drift),
            tx_dbm: cpe.tx_dbm + 0.03 * wave(at, 7_900.0, p),
            temperature_c,
            volts: 3.29 + 0.012 * wave(at, 9_700.0, p),
            // The laser takes more current as it warms.
            bias_ma: cpe.bias_ma + 0.11 * (temperature_c - 45.0).max(-10.0),
            wan_up,
            cpu: count(9.0 + 7.0 * wave(at, 640.0, p) + 4.0 * wave(at, 71.0, p)).min(100),
            free: 0.36 + 0.04 * wave(at, 5_300.0, p),
            down_bytes: count(moved),
            up_bytes: count(moved * 0.11),
        }
    }

    /// Received power in tenths of a microwatt, 0 without light.
    pub(super) fn rx_raw(&self) -> u64 {
        self.rx_dbm.map_or(0, tenths_of_microwatt)
    }

    /// Sent power in tenths of a microwatt.
    pub(super) fn tx_raw(&self) -> u64 {
        tenths_of_microwatt(self.tx_dbm)
    }

    /// A station's signal in dBm; nothing for a thing on a cable.
    pub(super) fn station_dbm(&self, link: &Link) -> Option<f64> {
        match *link {
            Link::Wifi { dbm, phase, .. } => {
                Some(dbm + 2.2 * wave(self.at, 610.0, phase) + 0.9 * wave(self.at, 97.0, phase))
            }
            Link::Wired { .. } => None,
        }
    }
}

/// Optical power the way SFF-8472 counts it.
fn tenths_of_microwatt(dbm: f64) -> u64 {
    count(10_f64.powf(dbm / 10.0) * 10_000.0)
}

/// A station's signal as an RCPI number: half decibels above -110 dBm.
pub(super) fn rcpi(dbm: f64) -> u64 {
    count(2.0 * (dbm + 110.0)).min(220)
}

#[cfg(test)]
mod tests {
    use super::{rcpi, tenths_of_microwatt};

    #[test]
    fn power_is_encoded_as_the_vendors_do() {
        assert_eq!(tenths_of_microwatt(-20.0), 100);
        assert_eq!(tenths_of_microwatt(-27.96), 16);
        assert_eq!(rcpi(-34.0), 152);
        assert_eq!(rcpi(-55.0), 110);
    }
}
