//! What a process has used, as Linux counts it in `/proc`. A process that is gone has used nothing.

use std::{fs, time::Duration};

/// What a process has used so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// The most memory that was resident at once (`VmHWM`), in bytes.
    pub peak_rss_bytes: u64,
    /// Time on a CPU, all threads that still run together.
    pub cpu: Duration,
}

impl Usage {
    /// Of the process with this number.
    #[must_use]
    pub fn of(pid: u32) -> Self {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        Self {
            peak_rss_bytes: peak_rss_bytes(&status).unwrap_or(0),
            cpu: cpu(pid),
        }
    }
}

fn peak_rss_bytes(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

// `schedstat` counts nanoseconds where `stat` counts hundredths of a second.
fn cpu(pid: u32) -> Duration {
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else {
        return Duration::ZERO;
    };
    let on_cpu = |path: std::path::PathBuf| -> Option<u64> {
        let stat = fs::read_to_string(path.join("schedstat")).ok()?;
        stat.split_whitespace().next()?.parse().ok()
    };
    let nanos = threads
        .flatten()
        .filter_map(|thread| on_cpu(thread.path()))
        .sum();
    Duration::from_nanos(nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_from_the_status_of_a_process() {
        let status =
            "Name:\tenqueue\nVmPeak:\t  90000 kB\nVmHWM:\t   12345 kB\nVmRSS:\t 10000 kB\n";
        assert_eq!(peak_rss_bytes(status), Some(12_345 * 1024));
        assert_eq!(peak_rss_bytes("Name:\tgone\n"), None);
    }

    #[test]
    fn this_process_has_used_memory_and_one_that_does_not_exist_has_not() {
        assert!(Usage::of(std::process::id()).peak_rss_bytes > 0);
        assert_eq!(Usage::of(u32::MAX), Usage::default());
    }
}
