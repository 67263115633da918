//! Conversions between what devices write and physical units.

/// Converts an 802.11 RCPI to dBm; 0 (no measurement) and the reserved 221..=255 give none.
///
/// Source: IEEE 802.11-2020, table 9-176.
///
/// # Examples
///
/// ```
/// assert_eq!(tr181::rcpi_to_dbm(152), Some(-34.0));
/// assert_eq!(tr181::rcpi_to_dbm(110), Some(-55.0));
/// assert_eq!(tr181::rcpi_to_dbm(100), Some(-60.0));
/// assert_eq!(tr181::rcpi_to_dbm(0), None);
/// assert_eq!(tr181::rcpi_to_dbm(230), None);
/// ```
#[must_use]
pub fn rcpi_to_dbm(rcpi: u32) -> Option<f64> {
    (1..=220)
        .contains(&rcpi)
        .then(|| f64::from(rcpi) / 2.0 - 110.0)
}

/// Converts optical power in tenths of a microwatt to dBm; none for no light (0 or less).
///
/// # Examples
///
/// ```
/// let dbm = tr181::tenth_microwatt_to_dbm(5624.0).ok_or("no light")?;
/// assert!((dbm - -2.5).abs() < 0.001);
/// assert!((tr181::tenth_microwatt_to_dbm(14880.0).ok_or("no light")? - 1.726).abs() < 0.001);
/// assert_eq!(tr181::tenth_microwatt_to_dbm(0.0), None);
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn tenth_microwatt_to_dbm(power: f64) -> Option<f64> {
    (power > 0.0 && power.is_finite()).then(|| 10.0 * (power / 10_000.0).log10())
}

/// Signal strength as a percentage, as phones show it: `clamp(2·(dBm + 100), 0, 100)`.
///
/// # Examples
///
/// ```
/// assert_eq!(tr181::rssi_percent(-60.0), 80.0);
/// assert_eq!(tr181::rssi_percent(-120.0), 0.0);
/// ```
#[must_use]
pub fn rssi_percent(dbm: f64) -> f64 {
    (2.0 * (dbm + 100.0)).clamp(0.0, 100.0)
}
