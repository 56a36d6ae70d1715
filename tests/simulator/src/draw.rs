//! Seeded draws. The same seed and the same names draw the same, on any machine, in any order.

use sha2::{Digest, Sha256};

/// A stream of draws that belongs to a seed and a name.
#[derive(Clone, Debug)]
pub(crate) struct Draw {
    key: [u8; 32],
    taken: u64,
}

impl Draw {
    /// The stream for `parts`, for example an address and what is drawn for it.
    pub fn of(seed: u64, parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_be_bytes());
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Self {
            key: hash.finalize().into(),
            taken: 0,
        }
    }

    fn bits(&mut self) -> u64 {
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update(self.taken.to_be_bytes());
        self.taken += 1;
        let digest = hash.finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        u64::from_be_bytes(first)
    }

    /// A number in `[0, 1)`.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit an f64 exactly")]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with probability `rate`.
    pub fn chance(&mut self, rate: f64) -> bool {
        self.unit() < rate
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).unsigned_abs().saturating_add(1);
        low.saturating_add_unsigned(self.bits() % span)
    }

    /// One of `items`, or the default of an empty list.
    pub fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let index = self.bits() % (items.len() as u64).max(1);
        usize::try_from(index)
            .ok()
            .and_then(|index| items.get(index).copied())
            .unwrap_or_default()
    }

    /// So many hex digits.
    pub fn hex(&mut self, digits: usize) -> String {
        let mut text = String::new();
        while text.len() < digits {
            text.push_str(&format!("{:016x}", self.bits()));
        }
        text.truncate(digits);
        text
    }

    /// A random UUID in shape.
    pub fn uuid(&mut self) -> String {
        let hex = self.hex(32);
        format!(
            "{}-{}-4{}-a{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[13..16],
            &hex[17..20],
            &hex[20..]
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_draws_the_same_twice_and_another_name_differently() {
        let numbers = |parts: &[&str]| {
            let mut draw = Draw::of(7, parts);
            (0..5)
                .map(|_| draw.between(0, 1_000_000))
                .collect::<Vec<_>>()
        };
        assert_eq!(numbers(&["a", "b"]), numbers(&["a", "b"]));
        assert_ne!(numbers(&["a", "b"]), numbers(&["ab"]));
    }

    #[test]
    fn a_rate_holds_over_many_names() {
        let hits = (0..10_000)
            .filter(|n| Draw::of(1, &[&n.to_string()]).chance(0.1))
            .count();
        assert!((900..1_100).contains(&hits), "{hits}");
    }
}
