//! A small seeded generator, so that the same seed makes the same world with the same ids.

/// The alphabet of the ids that AWS gives to service deployments.
const ID_ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A `SplitMix64` generator (Steele, Lea and Flood, 2014): fast, tiny, and good enough for ids
/// and jitter. It is not fit for secrets.
#[derive(Clone, Debug)]
pub struct Rng {
    state: u64,
}

impl Rng {
    /// A generator that is decided by `seed` alone.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A generator for one index of one seed, so that line 1,000 can be had without the 999
    /// before it.
    #[must_use]
    pub fn at(seed: u64, index: u64) -> Self {
        let mut mixed = Self::new(seed ^ index.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        Self::new(mixed.next_u64())
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A whole number from `low` up to and without `high`; `low` when the range is empty.
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        let span = i128::from(high) - i128::from(low);
        if span <= 0 {
            return low;
        }
        let offset = i128::from(self.next_u64()) % span;
        i64::try_from(i128::from(low) + offset).unwrap_or(low)
    }

    /// One of `items`, or none when there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
        usize::try_from(self.range(0, count))
            .ok()
            .and_then(|index| items.get(index))
    }

    /// `length` lower-case hexadecimal digits, as in a task id (32 of them).
    pub fn hex(&mut self, length: usize) -> String {
        self.text(length, b"0123456789abcdef")
    }

    /// `length` decimal digits without a leading zero, as in a deployment id (19 of them).
    pub fn digits(&mut self, length: usize) -> String {
        let first = self.text(1.min(length), b"123456789");
        first + &self.text(length.saturating_sub(1), b"0123456789")
    }

    /// `length` letters, digits, `-` and `_`, as in a service deployment id (21 of them).
    pub fn token(&mut self, length: usize) -> String {
        self.text(length, ID_ALPHABET)
    }

    /// `length` capitals and digits, as in the id of a CodeDeploy deployment (9 of them).
    pub fn capitals(&mut self, length: usize) -> String {
        self.text(length, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    }

    /// A random (version 4) UUID, as in a request id.
    pub fn uuid(&mut self) -> String {
        let variant = self.text(1, b"89ab");
        let parts = [
            self.hex(8),
            self.hex(4),
            self.hex(3),
            self.hex(3),
            self.hex(12),
        ];
        let [first, second, third, fourth, fifth] = parts;
        format!("{first}-{second}-4{third}-{variant}{fourth}-{fifth}")
    }

    fn text(&mut self, length: usize, alphabet: &[u8]) -> String {
        (0..length)
            .filter_map(|_| self.pick(alphabet).map(|byte| char::from(*byte)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let mut one = Rng::new(7);
        let mut two = Rng::new(7);
        assert_eq!(one.uuid(), two.uuid());
        assert_eq!(one.hex(32), two.hex(32));
        assert_ne!(Rng::new(8).hex(32), Rng::new(7).hex(32));
    }

    #[test]
    fn ids_have_the_shape_that_aws_gives_them() {
        let mut rng = Rng::new(1);
        let uuid = rng.uuid();
        assert_eq!(uuid.len(), 36);
        assert_eq!(uuid.chars().nth(14), Some('4'));
        assert_eq!(rng.digits(19).len(), 19);
        assert!(!rng.digits(1).starts_with('0'));
        assert_eq!(rng.token(21).len(), 21);
    }

    #[test]
    fn a_range_holds_its_bounds() {
        let mut rng = Rng::new(3);
        for _ in 0..1000 {
            let value = rng.range(-3, 4);
            assert!((-3..4).contains(&value));
        }
        assert_eq!(rng.range(5, 5), 5);
        assert_eq!(rng.pick::<u8>(&[]), None);
    }
}
