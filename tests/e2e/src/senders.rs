//! The processes of one function of one stack, so that a test can kill them in the middle of a call. Only descendants
//! of the very emulator that the stack started are looked at, and only those that run that function.

use std::{collections::BTreeMap, fs};

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal, kill_process};
use touchline_stack::{
    local::ProcessId,
    target::{Place, Target},
};

/// How the runtime tells a process which function it is.
const NAME_VARIABLE: &str = "AWS_LAMBDA_FUNCTION_NAME=";

/// Kills every process of `function` (a crate name) at once, without warning. Answers how many.
///
/// # Errors
/// The stack is not local, or the processes cannot be listed here.
pub fn kill(target: &Target, function: &str) -> anyhow::Result<usize> {
    let Place::Local(state) = target.place() else {
        bail!("only the local stack's processes can be killed");
    };
    let emulator = state.emulator.as_ref().filter(|p| ProcessId::is_alive(p));
    let emulator = emulator.context("the emulator does not run")?;
    let wanted = format!("{NAME_VARIABLE}{}", target.function(function));
    let mut killed = 0;
    for pid in descendants(emulator.pid)? {
        if !runs(pid, &wanted) {
            continue;
        }
        if let Some(pid) = Pid::from_raw(pid) {
            // One that ended meanwhile cannot be killed any more, and need not be.
            killed += usize::from(kill_process(pid, Signal::KILL).is_ok());
        }
    }
    Ok(killed)
}

fn runs(pid: i32, wanted: &str) -> bool {
    let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    environment
        .split(|byte| *byte == 0)
        .any(|variable| variable == wanted.as_bytes())
}

fn descendants(ancestor: i32) -> anyhow::Result<Vec<i32>> {
    let mut children: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").context("listing processes")? {
        let name = entry?.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse::<i32>().ok()) else {
            continue;
        };
        if let Some(parent) = parent_of(pid) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let mut found = Vec::new();
    let mut open = vec![ancestor];
    while let Some(parent) = open.pop() {
        for child in children.remove(&parent).unwrap_or_default() {
            found.push(child);
            open.push(child);
        }
    }
    Ok(found)
}

/// The program's name stands in parentheses and may hold anything, so fields are counted after the last one.
fn parent_of(pid: i32) -> Option<i32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_a_descendant_and_a_stranger_is_not() {
        let mut child = std::process::Command::new("sleep")
            .arg("30")
            .spawn()
            .unwrap();
        let pid = i32::try_from(child.id()).unwrap();
        let own = i32::try_from(std::process::id()).unwrap();
        assert!(descendants(own).unwrap().contains(&pid));
        assert!(!descendants(pid).unwrap().contains(&own));
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
