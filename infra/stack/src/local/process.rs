//! Processes that outlive the command that started them, known by pid and start time.
//! A pid alone is never signalled: the system may have given it to somebody else.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use serde::{Deserialize, Serialize};

/// Between two looks at whether a process has ended.
const LOOK: Duration = Duration::from_millis(20);
/// How long a process may take to end by itself before it is killed.
const GRACE: Duration = Duration::from_secs(5);

/// A process, told apart from a later one that got the same pid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessId {
    /// The system's number; also the number of the process's own group.
    pub pid: i32,
    /// When it started, as the system tells it.
    pub started: String,
}

impl ProcessId {
    /// Whether this very process still runs; one that only waits to be reaped does not.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        started(self.pid).as_deref() == Some(self.started.as_str())
    }

    /// Asks the process and its group to end, and makes them after five seconds. Does nothing when it has ended.
    pub fn stop(&self) {
        let Some(pid) = Pid::from_raw(self.pid).filter(|_| self.is_alive()) else {
            return;
        };
        // An error means that the group is gone, which is what is wanted.
        let _ = kill_process_group(pid, Signal::TERM);
        if !self.ends_within(GRACE) {
            let _ = kill_process_group(pid, Signal::KILL);
            self.ends_within(GRACE);
        }
    }

    fn ends_within(&self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        while self.is_alive() {
            if Instant::now() >= deadline {
                return false;
            }
            std::thread::sleep(LOOK);
        }
        true
    }
}

/// A process that this run started and that ends with it, unless it is kept.
#[derive(Debug)]
pub struct Spawned {
    id: ProcessId,
    kept: bool,
}

impl Spawned {
    /// Starts `command` in a group of its own, so that Ctrl-C in the terminal does not reach it, with both outputs in
    /// files: a pipe would break when this command ends.
    ///
    /// # Errors
    /// When the program can't be started or a file can't be written.
    pub fn start(mut command: Command, stdout: &Path, stderr: &Path) -> std::io::Result<Self> {
        use std::os::unix::process::CommandExt as _;
        let child = command
            .stdin(Stdio::null())
            .stdout(File::create(stdout)?)
            .stderr(File::options().create(true).append(true).open(stderr)?)
            .process_group(0)
            .spawn()?;
        let pid = i32::try_from(child.id()).map_err(std::io::Error::other)?;
        let started = started(pid).unwrap_or_default();
        // Reaps the process when it ends before us, so that its pid does not linger.
        let mut child = child;
        std::thread::spawn(move || child.wait());
        Ok(Self {
            id: ProcessId { pid, started },
            kept: false,
        })
    }

    /// The process's identity.
    #[must_use]
    pub fn id(&self) -> &ProcessId {
        &self.id
    }

    /// Lets the process outlive this run.
    pub fn keep(mut self) -> ProcessId {
        self.kept = true;
        self.id.clone()
    }
}

impl Drop for Spawned {
    fn drop(&mut self) {
        if !self.kept {
            self.id.stop();
        }
    }
}

/// When `pid` started; `None` when there is no such process or it has ended and waits to be reaped.
fn started(pid: i32) -> Option<String> {
    match fs::read_to_string(format!("/proc/{pid}/stat")) {
        Ok(stat) => started_from_stat(&stat),
        Err(_) if Path::new("/proc/self").exists() => None,
        Err(_) => started_from_ps(pid),
    }
}

// The program's name stands in parentheses and may hold anything, so fields are counted after the last one.
fn started_from_stat(stat: &str) -> Option<String> {
    const START_TIME_AFTER_NAME: usize = 19;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ended = matches!(*fields.first()?, "Z" | "X");
    (!ended).then(|| fields.get(START_TIME_AFTER_NAME).map(ToString::to_string))?
}

fn started_from_ps(pid: i32) -> Option<String> {
    let output = Command::new("ps")
        .args(["-o", "stat=,lstart=", "-p", &pid.to_string()])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (state, started) = text.trim().split_once(char::is_whitespace)?;
    (!state.starts_with('Z')).then(|| started.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper() -> Spawned {
        let mut command = Command::new("sleep");
        command.arg("60");
        let out = std::env::temp_dir().join(format!("touchline-process-{}", std::process::id()));
        Spawned::start(command, &out, &out).unwrap()
    }

    #[test]
    fn a_process_ends_with_the_run_that_started_it() {
        let spawned = sleeper();
        let id = spawned.id().clone();
        assert!(id.is_alive());
        drop(spawned);
        assert!(!id.is_alive());
    }

    #[test]
    fn a_kept_process_lives_on_and_can_be_stopped_later() {
        let id = sleeper().keep();
        assert!(id.is_alive());
        id.stop();
        assert!(!id.is_alive());
    }

    #[test]
    fn another_process_with_the_same_pid_is_left_alone() {
        let spawned = sleeper();
        let stranger = ProcessId {
            pid: spawned.id().pid,
            started: "0".into(),
        };
        stranger.stop();
        assert!(spawned.id().is_alive());
    }

    #[test]
    fn a_name_with_parentheses_does_not_shift_the_fields() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 4242 0 0";
        assert_eq!(started_from_stat(stat).as_deref(), Some("4242"));
        assert_eq!(started_from_stat(&stat.replace(" S ", " Z ")), None);
    }
}
