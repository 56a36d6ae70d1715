//! A deterministic simulation of the send path: the engine's own futures, interleaved by a seed over a modelled
//! world in which everything fails, with the invariants of the design checked after every step.
//!
//! [`run`] is one seed, [`simulate`] many. A seed fixes everything, so a violation can be looked at again.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod acts;
pub mod broken;
pub mod drive;
pub mod executor;
pub mod faults;
pub mod invariants;
pub mod model;
pub mod rng;
pub mod scenario;
pub mod stage;
pub mod tasks;
pub mod trace;

use std::{
    ops::Range,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use serde::Serialize;

pub use broken::Broken;
pub use faults::{Counts, Fault};
pub use invariants::{Invariant, Violation};

use crate::{
    drive::Run,
    faults::Faults,
    model::{World, lock},
    rng::Rng,
    scenario::Scenario,
};

/// So many leads make at least two hundred touches a run.
pub const DEFAULT_LEADS: usize = 52;

/// One run.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Fixes everything that happens.
    pub seed: u64,
    /// How many leads there are.
    pub leads: usize,
    /// A lie that the ports tell, to see it found.
    pub broken: Option<Broken>,
    /// Go on after a violation, to see what it leads to.
    pub keep_going: bool,
}

impl Config {
    /// The ordinary run of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        Self {
            seed,
            leads: DEFAULT_LEADS,
            broken: None,
            keep_going: false,
        }
    }
}

/// What came of a run, or of many.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Runs.
    pub seeds: u64,
    /// Steps that were scheduled.
    pub steps: u64,
    /// Touches that came to an end, with a record.
    pub touches: u64,
    /// The fewest touches of a run.
    pub fewest_touches: u64,
    /// Touches that a provider took.
    pub taken: u64,
    /// Leads whose opt-out or complaint was acknowledged.
    pub opt_outs: u64,
    /// Those of them for whom a touch was in a queue at that moment.
    pub opt_outs_while_queued: u64,
    /// Messages that ended in a dead-letter queue.
    pub dead_letters: u64,
    /// Faults that were injected, by kind.
    pub faults: Counts,
    /// What was wrong.
    pub violations: Vec<Violation>,
}

/// More violations than this are counted by nobody: the first seeds tell.
const KEPT_VIOLATIONS: usize = 50;

impl Report {
    fn add(&mut self, other: Self) {
        self.fewest_touches = if self.seeds == 0 {
            other.fewest_touches
        } else {
            self.fewest_touches.min(other.fewest_touches)
        };
        self.seeds += other.seeds;
        self.steps += other.steps;
        self.touches += other.touches;
        self.taken += other.taken;
        self.opt_outs += other.opt_outs;
        self.opt_outs_while_queued += other.opt_outs_while_queued;
        self.dead_letters += other.dead_letters;
        for (fault, count) in other.faults {
            *self.faults.entry(fault).or_default() += count;
        }
        self.violations.extend(other.violations);
        // Threads finish in any order; the report does not.
        self.violations.sort_by_key(|violation| violation.seed);
        self.violations.truncate(KEPT_VIOLATIONS);
    }
}

/// Runs one seed.
#[must_use]
pub fn run(config: Config) -> Report {
    let mut rng = Rng::new(config.seed);
    let faults = Faults::draw(&mut rng);
    let Some(scenario) = Scenario::draw(config.seed, &mut rng, config.leads) else {
        return Report::default();
    };
    let mut world = World::new(scenario, rng, faults);
    world.broken = config.broken;
    let world = Arc::new(Mutex::new(world));
    Run::new(world.clone(), config.keep_going).to_rest();
    let world = lock(&world);
    report(&world)
}

fn report(world: &World) -> Report {
    let touches = world
        .table
        .rows()
        .flat_map(|row| row.touches.values())
        .filter(|t| t.record.is_some())
        .count() as u64;
    Report {
        seeds: 1,
        steps: world.step,
        touches,
        fewest_touches: touches,
        taken: world.providers.taken() as u64,
        opt_outs: world
            .leads
            .iter()
            .filter(|lead| lead.acknowledged_at.is_some())
            .count() as u64,
        opt_outs_while_queued: world
            .leads
            .iter()
            .filter(|lead| lead.acknowledged_while_queued)
            .count() as u64,
        dead_letters: world
            .queues
            .messages()
            .iter()
            .filter(|m| m.place == model::queue::Place::Dead)
            .count() as u64,
        faults: world.faults.counts().clone(),
        violations: world.found.0.clone(),
    }
}

/// Runs many seeds on so many threads; `each` is told the number of seeds done after each one.
pub fn simulate(
    seeds: Range<u64>,
    leads: usize,
    threads: usize,
    each: impl Fn(u64) + Sync,
) -> Report {
    let (next, done) = (AtomicU64::new(seeds.start), AtomicU64::new(0));
    let total = Mutex::new(Report::default());
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let report = run(Config {
                        leads,
                        ..Config::of(seed)
                    });
                    total
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .add(report);
                    each(done.fetch_add(1, Ordering::Relaxed) + 1);
                }
            });
        }
    });
    total.into_inner().unwrap_or_else(PoisonError::into_inner)
}
