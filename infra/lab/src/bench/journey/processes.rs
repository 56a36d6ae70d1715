//! The time on a CPU of the emulator, of the function processes that it started, which are in its process group, and of
//! DynamoDB.

use std::time::Duration;

use touchline_lambda_harness::Usage;

/// The stack's time on a CPU.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cpu {
    /// The emulator itself.
    pub emulator: Duration,
    /// DynamoDB.
    pub dynamodb: Duration,
    /// The functions that still run; Lambda keeps them, and so does the emulator.
    pub functions: Duration,
}

impl Cpu {
    /// Of a stack's processes.
    #[must_use]
    pub fn of(emulator: u32, dynamodb: Option<u32>) -> Self {
        let others = pids().filter(|pid| *pid != emulator && group_of(*pid) == Some(emulator));
        Self {
            emulator: Usage::of(emulator).cpu,
            dynamodb: dynamodb.map(|pid| Usage::of(pid).cpu).unwrap_or_default(),
            functions: others.map(|pid| Usage::of(pid).cpu).sum(),
        }
    }

    /// What was used since.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        Self {
            emulator: self.emulator.saturating_sub(before.emulator),
            dynamodb: self.dynamodb.saturating_sub(before.dynamodb),
            functions: self.functions.saturating_sub(before.functions),
        }
    }
}

fn pids() -> impl Iterator<Item = u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn group_of(pid: u32) -> Option<u32> {
    group_in(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The third field behind the program's name, which stands in brackets and may hold anything.
fn group_in(stat: &str) -> Option<u32> {
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_stands_behind_a_name_that_may_hold_anything() {
        assert_eq!(group_in("12 (a (b) c) S 1 34 34 0"), Some(34));
        assert_eq!(group_in("nonsense"), None);
    }
}
