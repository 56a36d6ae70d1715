//! Random tokens, from the one random source. For telling writers and runs apart, never for keys of records: those are
//! derived from what they name.

use std::sync::atomic::{AtomicU64, Ordering};

use rand::{TryRngCore, rngs::OsRng};

static COUNTER: AtomicU64 = AtomicU64::new(0);

/// 32 hexadecimal characters that no other call answers.
#[must_use]
pub fn token() -> String {
    let mut bytes = [0_u8; 16];
    if OsRng.try_fill_bytes(&mut bytes).is_ok() {
        return format!("{:032x}", u128::from_be_bytes(bytes));
    }
    // Without a random source, process and count still tell writers apart; two machines could collide only here.
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("{:016x}{count:016x}", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_tokens_are_the_same() {
        let (one, two) = (token(), token());
        assert_eq!(one.len(), 32);
        assert_ne!(one, two);
    }
}
