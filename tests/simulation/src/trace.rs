//! The last things that happened, kept as small records and put into words only when something is wrong.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};

/// So many records are remembered of each lead, and of everything else together; all of them are shown.
const REMEMBERED: usize = 40;

/// One thing that happened.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The step of the run.
    pub step: u64,
    /// The true time.
    pub at: DateTime<Utc>,
    /// The invocation.
    pub task: u32,
    /// The lead's number in the scenario, if it concerns one.
    pub lead: Option<usize>,
    /// What happened.
    pub what: &'static str,
    /// How it went.
    pub how: &'static str,
}

/// A ring of records for each lead, and one for what concerns none.
#[derive(Clone, Debug, Default)]
pub struct Trace(BTreeMap<Option<usize>, VecDeque<Entry>>);

impl Trace {
    /// Remembers one.
    pub fn note(&mut self, entry: Entry) {
        let ring = self.0.entry(entry.lead).or_default();
        if ring.len() == REMEMBERED {
            ring.pop_front();
        }
        ring.push_back(entry);
    }

    /// The last records about `lead`, or about what concerns none, oldest first.
    #[must_use]
    pub fn tail(&self, lead: Option<usize>) -> Vec<String> {
        let ring = self.0.get(&lead).into_iter().flatten();
        ring.map(|entry| {
            let time = entry.at.format("%m-%d %H:%M:%S%.3f");
            format!(
                "{} {time} task {}: {} {}",
                entry.step, entry.task, entry.what, entry.how
            )
        })
        .collect()
    }
}
