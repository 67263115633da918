//! Numbers of an optical transceiver, with a sanity check on every unit.

/// What a leaf says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reading<T> {
    /// A value, and whether its unit was deduced from its magnitude.
    Value(T, bool),
    /// The receiver measures nothing.
    NoLight,
    /// Nothing that has a meaning.
    Unknown,
}

pub(crate) mod convert {
    //! Text and unit to a value in dBm, °C, V or mA.

    use super::Reading;
    use crate::input::scalar;
    use crate::read::round;
    use crate::vendor::Unit;

    /// Credible received powers, dBm: -50 is below every receiver, +10 would burn it.
    const RX: std::ops::RangeInclusive<f64> = -50.0..=10.0;
    /// Credible launched powers, dBm.
    const TX: std::ops::RangeInclusive<f64> = -50.0..=15.0;

    /// The first token of texts such as `"-20.5 dBm"`.
    fn leading(text: &str) -> Option<f64> {
        let text = text.trim();
        scalar::number(text).or_else(|| {
            let token = text.split(|c: char| c.is_whitespace()).next()?;
            let end = token
                .find(|c: char| c.is_alphabetic() || c == '°' || c == 'µ')
                .unwrap_or(token.len());
            scalar::number(token.get(..end)?.trim_end_matches(','))
        })
    }

    fn has_unit(text: &str) -> bool {
        text.to_ascii_lowercase().contains("dbm")
    }

    /// Both powers of one object, so that they agree on the unit.
    pub(crate) fn powers(
        rx: Option<(&str, Unit)>,
        tx: Option<(&str, Unit)>,
    ) -> (Reading<f64>, Reading<f64>) {
        let rx_value =
            rx.and_then(|(t, u)| Some((leading(t)?, if has_unit(t) { Unit::Dbm } else { u })));
        let tx_value =
            tx.and_then(|(t, u)| Some((leading(t)?, if has_unit(t) { Unit::Dbm } else { u })));
        let (rx_reading, decided) =
            rx_value.map_or((Reading::Unknown, None), |(v, u)| receive(v, u));
        let dark = matches!(rx_reading, Reading::Unknown) && rx_value.is_none_or(|(v, _)| v == 0.0);
        let tx_reading = tx_value.map_or(Reading::Unknown, |(v, unit)| {
            if v == 0.0 && (dark || decided == Some(Unit::TenthMicrowatt) || unit != Unit::Dbm) {
                return Reading::Unknown;
            }
            // What the receive power refuted does not hold for the launched power either.
            let refuted = rx_value.is_some_and(|(_, u)| u == unit)
                && matches!(rx_reading, Reading::Value(_, true));
            match unit {
                Unit::TenthMicrowattOrDbm => either(v, decided),
                Unit::Auto => by_magnitude(v, decided),
                // A small number of thousandths is more likely dBm itself.
                Unit::MilliDbm if decided.is_none() && v.abs() <= 100.0 => by_magnitude(v, decided),
                _ if refuted => by_magnitude(v, decided),
                _ => match unit.apply(v).filter(|d| TX.contains(d)) {
                    Some(dbm) => value(dbm, decimals(unit), false),
                    None => by_magnitude(v, decided),
                },
            }
        });
        (rx_reading, tx_reading)
    }

    fn value(dbm: f64, decimals: i32, inferred: bool) -> Reading<f64> {
        Reading::Value(round(dbm, decimals), inferred)
    }

    fn decimals(unit: Unit) -> i32 {
        if unit == Unit::MilliDbm { 3 } else { 2 }
    }

    /// Received power, and the unit it turned out to be in.
    fn receive(v: f64, unit: Unit) -> (Reading<f64>, Option<Unit>) {
        if unit == Unit::TenthMicrowatt && v <= 0.0 {
            return (Reading::NoLight, Some(unit));
        }
        // Nothing received is exactly 1 mW: zero stands for "not implemented".
        if v == 0.0 {
            return (Reading::Unknown, None);
        }
        // Thousandths of a dBm that add up to half a dBm at most, or to more than 1 mW, are
        // dBm, tenths of it, or tenths of a microwatt in the wrong leaf.
        let suspicious = unit == Unit::MilliDbm && v >= -500.0;
        if unit != Unit::Auto
            && !suspicious
            && let Some(dbm) = unit.apply(v).filter(|d| RX.contains(d))
        {
            let decided = match unit {
                Unit::TenthMicrowattOrDbm if v > 0.0 && v.fract() == 0.0 => Unit::TenthMicrowatt,
                Unit::TenthMicrowattOrDbm => Unit::Dbm,
                known => known,
            };
            return (value(dbm, decimals(unit), false), Some(decided));
        }
        let guess = if v > 0.0 {
            if v.fract() != 0.0 {
                return (Reading::Unknown, None);
            }
            Unit::TenthMicrowatt
        } else if v >= -50.0 {
            Unit::Dbm
        } else if v >= -500.0 {
            Unit::TenthDbm
        } else if v >= -5000.0 {
            Unit::HundredthDbm
        } else {
            Unit::MilliDbm
        };
        match guess.apply(v).filter(|d| RX.contains(d)) {
            Some(dbm) => (value(dbm, 3, true), Some(guess)),
            None => (Reading::Unknown, None),
        }
    }

    /// Launched power of firmware that writes 0.1 µW or dBm: as it wrote the received power.
    fn either(v: f64, decided: Option<Unit>) -> Reading<f64> {
        let raw = v > 0.0 && v.fract() == 0.0;
        let dbm = (-50.0..=10.0).contains(&v);
        match decided {
            Some(Unit::TenthMicrowatt) if raw => known(Unit::TenthMicrowatt, v, false),
            Some(_) if dbm => known(Unit::Dbm, v, false),
            // A working laser launches a tenth of a milliwatt at the least.
            _ if raw && v >= 1000.0 => known(Unit::TenthMicrowatt, v, decided.is_some()),
            _ if dbm => known(Unit::Dbm, v, v.fract() == 0.0 && v > 0.0),
            _ => by_magnitude(v, decided),
        }
    }

    fn known(unit: Unit, v: f64, inferred: bool) -> Reading<f64> {
        unit.apply(v)
            .filter(|d| TX.contains(d))
            .map_or(Reading::Unknown, |dbm| value(dbm, 2, inferred))
    }

    /// Launched power in the unit of the received power, or else by its magnitude.
    fn by_magnitude(v: f64, decided: Option<Unit>) -> Reading<f64> {
        let whole = v.fract() == 0.0;
        let agreed = decided
            .filter(|u| *u == Unit::Dbm || whole)
            .filter(|u| *u != Unit::TenthMicrowatt || v > 0.0)
            .and_then(|u| u.apply(v))
            .filter(|d| (-50.0..=10.0).contains(d));
        let dbm = agreed.or_else(|| {
            if v.abs() <= 10.0 {
                Some(v)
            } else if v.abs() <= 100.0 {
                Some(v / 10.0)
            } else if v.abs() < 1000.0 {
                Some(v / 100.0)
            } else {
                // Raw or thousandths: without the receive power nothing tells.
                decided.map(|_| v / 1000.0)
            }
        });
        dbm.filter(|d| TX.contains(d))
            .map_or(Reading::Unknown, |d| value(d, 3, true))
    }

    /// Applies the unit of the row if the result is credible, else the first of the
    /// alternatives that is.
    fn sane(
        text: &str,
        unit: Unit,
        range: std::ops::RangeInclusive<f64>,
        others: &[Unit],
        decimals: i32,
    ) -> Reading<f64> {
        let Some(v) = leading(text) else {
            return Reading::Unknown;
        };
        if v == 0.0 && !range.contains(&0.0) {
            return Reading::Unknown;
        }
        if let Some(known) = unit.apply(v).filter(|x| range.contains(x)) {
            return value(known, decimals, false);
        }
        others
            .iter()
            .find_map(|u| u.apply(v).filter(|x| range.contains(x)))
            .map_or(Reading::Unknown, |x| value(x, decimals, true))
    }

    pub(crate) fn temperature(text: &str, unit: Unit) -> Reading<f64> {
        // -274 is the data model's "bad reading"; 1/256 °C of a working device is a large number.
        match leading(text) {
            Some(v) if v <= -270.0 => Reading::Unknown,
            Some(v) if v >= 1000.0 => sane(text, unit, -45.0..=130.0, &[Unit::Celsius256], 2),
            _ => sane(text, unit, -45.0..=130.0, &[Unit::Celsius], 2),
        }
    }

    pub(crate) fn voltage(text: &str, unit: Unit) -> Reading<f64> {
        sane(
            text,
            unit,
            1.0..=6.0,
            &[Unit::Volt, Unit::Millivolt, Unit::TenthMillivolt],
            3,
        )
    }

    pub(crate) fn bias(text: &str, unit: Unit) -> Reading<f64> {
        match sane(
            text,
            unit,
            0.001..=150.0,
            &[Unit::Milliamp, Unit::Microamp],
            3,
        ) {
            // Four digits after the point are noise of a float.
            Reading::Value(v, inferred) => Reading::Value(round(v, 3), inferred),
            other => other,
        }
    }

    /// A threshold; the data model's "device default" values are far outside.
    pub(crate) fn threshold(text: &str, unit: Unit) -> Reading<f64> {
        match leading(text)
            .and_then(|v| unit.apply(v))
            .filter(|d| *d != 0.0 && RX.contains(d))
        {
            Some(dbm) => value(dbm, 2, false),
            None => Reading::Unknown,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::super::Reading::{NoLight, Unknown, Value};
        use super::{bias, powers, temperature, voltage};
        use crate::vendor::Unit;

        fn rx(text: &str, unit: Unit) -> super::Reading<f64> {
            powers(Some((text, unit)), None).0
        }

        #[test]
        fn known_units() {
            assert_eq!(rx("5624", Unit::TenthMicrowatt), Value(-2.5, false));
            for (raw, dbm) in [
                ("16", -27.96),
                ("56", -22.52),
                ("100", -20.0),
                ("1585", -8.0),
            ] {
                assert_eq!(rx(raw, Unit::TenthMicrowatt), Value(dbm, false));
            }
            assert_eq!(rx("0", Unit::TenthMicrowatt), NoLight);
            assert_eq!(rx("-21250", Unit::MilliDbm), Value(-21.25, false));
            assert_eq!(rx("-12345", Unit::MilliDbm), Value(-12.345, false));
            assert_eq!(rx("0", Unit::MilliDbm), Unknown);
            assert_eq!(rx("-213", Unit::TenthDbm), Value(-21.3, false));
            assert_eq!(rx("-3.409399", Unit::Dbm), Value(-3.41, false));
            assert_eq!(rx("-13.344190  dBm", Unit::Dbm), Value(-13.34, false));
            assert_eq!(
                rx("-25.08", Unit::TenthMicrowattOrDbm),
                Value(-25.08, false)
            );
            assert_eq!(rx("31", Unit::TenthMicrowattOrDbm), Value(-25.09, false));
        }

        #[test]
        fn magnitudes() {
            assert_eq!(rx("-18.5", Unit::MilliDbm), Value(-18.5, true));
            assert_eq!(rx("-213", Unit::MilliDbm), Value(-21.3, true));
            assert_eq!(rx("-2500", Unit::MilliDbm), Value(-2.5, false));
            assert_eq!(rx("5624", Unit::MilliDbm), Value(-2.5, true));
            assert_eq!(rx("-213", Unit::Auto), Value(-21.3, true));
            assert_eq!(rx("-2130", Unit::Auto), Value(-21.3, true));
            assert_eq!(rx("-21300", Unit::Auto), Value(-21.3, true));
            assert_eq!(rx("5624", Unit::Auto), Value(-2.5, true));
            assert_eq!(rx("0", Unit::Auto), Unknown);
            assert_eq!(rx("NaN", Unit::Auto), Unknown);
            let (rx, tx) = powers(Some(("100", Unit::Auto)), Some(("14880", Unit::Auto)));
            assert_eq!((rx, tx), (Value(-20.0, true), Value(1.726, true)));
            let (_, tx) = powers(Some(("-20", Unit::Auto)), Some(("23", Unit::Auto)));
            assert_eq!(tx, Value(2.3, true));
            for (unit, rx, tx, expected) in [
                (Unit::MilliDbm, "-213", "21", (-21.3, 2.1)),
                (Unit::MilliDbm, "-21.3", "2", (-21.3, 2.0)),
                (Unit::Auto, "-213", "5", (-21.3, 0.5)),
                (Unit::Auto, "-2130", "230", (-21.3, 2.3)),
                (Unit::Auto, "-21300", "90", (-21.3, 0.09)),
                (Unit::Auto, "-21300", "2.31", (-21.3, 2.31)),
                (Unit::Auto, "-20", "-40", (-20.0, -40.0)),
            ] {
                assert_eq!(
                    powers(Some((rx, unit)), Some((tx, unit))),
                    (Value(expected.0, true), Value(expected.1, true)),
                    "{rx} {tx}"
                );
            }
            let either = |rx, tx| {
                let unit = Unit::TenthMicrowattOrDbm;
                powers(Some((rx, unit)), Some((tx, unit)))
            };
            assert_eq!(
                either("-25.08", "2.00"),
                (Value(-25.08, false), Value(2.0, false))
            );
            assert_eq!(
                either("31", "14880"),
                (Value(-25.09, false), Value(1.73, false))
            );
            assert_eq!(either("0", "2.34"), (Unknown, Value(2.34, false)));
        }

        #[test]
        fn the_others() {
            assert_eq!(temperature("12251", Unit::Celsius256), Value(47.86, false));
            assert_eq!(temperature("-274", Unit::Celsius), Unknown);
            assert_eq!(voltage("3298", Unit::Millivolt), Value(3.298, false));
            assert_eq!(voltage("3.3", Unit::Millivolt), Value(3.3, true));
            assert_eq!(voltage("33000", Unit::TenthMillivolt), Value(3.3, false));
            assert_eq!(bias("8302", Unit::TwoMicroamp), Value(16.604, false));
            assert_eq!(bias("9656.99", Unit::Microamp), Value(9.657, false));
            assert_eq!(bias("12", Unit::Milliamp), Value(12.0, false));
        }
    }
}
