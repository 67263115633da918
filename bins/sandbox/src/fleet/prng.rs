//! `SplitMix64`: sixty-four bits of state, enough to lay out a fleet the same way every time.

/// A small deterministic generator (Steele, Lea and Flood's `SplitMix64`). Not for secrets.
#[derive(Clone, Debug)]
pub(super) struct Prng(u64);

impl Prng {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator for one member of a series, unrelated to its neighbours'.
    pub(super) fn member(seed: u64, index: u64) -> Self {
        let mut mixed = Self(seed ^ index.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        Self(mixed.next())
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `low..=high`.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        let span = high.saturating_sub(low).saturating_add(1).max(1);
        low + self.next() % span
    }

    /// A number in `0.0..1.0`.
    pub(super) fn unit(&mut self) -> f64 {
        // 53 bits fill a double's mantissa exactly.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number in `low..high`.
    pub(super) fn real(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// True once in `n` draws.
    pub(super) fn one_in(&mut self, n: u64) -> bool {
        self.next().is_multiple_of(n.max(1))
    }

    /// One item of a list that is not empty.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let last = items.len().saturating_sub(1) as u64;
        let index = usize::try_from(self.between(0, last)).unwrap_or(0);
        items
            .get(index)
            .expect("lists of the fleet are never empty")
    }
}

#[cfg(test)]
mod tests {
    use super::Prng;

    /// The published first outputs for seed 0: another implementation would lay out another fleet.
    #[test]
    fn is_splitmix64() {
        let mut prng = Prng::new(0);
        assert_eq!(prng.next(), 0xE220_A839_7B1D_CDAF);
        assert_eq!(prng.next(), 0x6E78_9E6A_A1B9_65F4);
    }

    #[test]
    fn stays_within_its_bounds() {
        let mut prng = Prng::member(7, 3);
        for _ in 0..10_000 {
            assert!((5..=9).contains(&prng.between(5, 9)));
            assert!((-1.0..2.0).contains(&prng.real(-1.0, 2.0)));
        }
    }
}
