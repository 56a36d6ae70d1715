//! What goes wrong, by name. Each seed draws its own weather: some faults off, others rare, others frequent, so
//! that rare combinations occur as well as storms. Every fault that was injected is counted.

use std::collections::BTreeMap;

use serde::Serialize;
use strum::{Display, EnumIter, IntoEnumIterator};

use crate::rng::Rng;

/// A kind of fault.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Display, EnumIter,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Fault {
    /// An invocation dies at one of its waits, or reaches its time-out.
    Crash,
    /// A message comes back although its work was done: the deletion was lost.
    Redelivery,
    /// A queue or a webhook delivers one message twice.
    Duplicate,
    /// A younger message overtakes an older one.
    Reorder,
    /// A message, or the whole schedule, comes minutes late.
    Delay,
    /// A write took effect and its answer was lost: reported as an error, or, after the client's own retry, as a
    /// conflict with itself.
    LostWriteResponse,
    /// A provider took a message and its answer was lost.
    LostProviderResponse,
    /// A table or queue refuses an operation, or answers late.
    Throttling,
    /// Two invocations work on the same message at once.
    ConcurrentInvocation,
    /// A host's clock is off, or time passes while everything stands still.
    ClockJump,
    /// Daylight saving begins or ends where a lead lives whose sequence is running; counted by lead.
    DstEdge,
    /// An opt-out arrives while a touch of the same lead is being worked on.
    OptOutAnytime,
    /// A pause or a kill switch arrives while touches are being worked on.
    PauseAnytime,
    /// Two ticks run at once.
    DoubleEnqueue,
    /// A provider answers 429.
    RateLimit,
    /// A provider answers 500, or takes no connection, or answers nothing and took nothing.
    ServerError,
}

/// How many faults of each kind.
pub type Counts = BTreeMap<Fault, u64>;

/// The faults of one run: how often each occurs, and how often it did.
#[derive(Clone, Debug)]
pub struct Faults {
    rates: BTreeMap<Fault, u32>,
    counts: Counts,
    on: bool,
}

/// How often a fault occurs each time it could, in millionths, in ordinary weather.
fn ordinary(fault: Fault) -> u32 {
    match fault {
        Fault::Crash | Fault::LostWriteResponse => 1_500,
        Fault::Throttling => 3_000,
        Fault::Redelivery | Fault::Duplicate | Fault::ConcurrentInvocation => 40_000,
        Fault::Reorder => 250_000,
        Fault::Delay => 20_000,
        Fault::LostProviderResponse | Fault::RateLimit | Fault::ServerError => 30_000,
        Fault::ClockJump => 20_000,
        Fault::DoubleEnqueue => 60_000,
        Fault::OptOutAnytime | Fault::PauseAnytime => 300,
        // The calendar decides.
        Fault::DstEdge => 0,
    }
}

impl Faults {
    /// The weather of a seed.
    pub fn draw(rng: &mut Rng) -> Self {
        let rates = Fault::iter()
            .map(|fault| {
                let rate = ordinary(fault);
                let drawn = match rng.below(8) {
                    0 => 0,
                    1 | 2 => rate / 3,
                    3..=5 => rate,
                    6 => rate * 2,
                    _ => rate * 4,
                };
                (fault, drawn)
            })
            .collect();
        Self {
            rates,
            counts: Counts::new(),
            on: true,
        }
    }

    /// Weather without any fault.
    #[must_use]
    pub fn none() -> Self {
        Self {
            rates: BTreeMap::new(),
            counts: Counts::new(),
            on: false,
        }
    }

    /// From here on nothing goes wrong any more.
    pub fn end(&mut self) {
        self.on = false;
    }

    /// Whether anything can still go wrong.
    #[must_use]
    pub fn are_on(&self) -> bool {
        self.on
    }

    /// Whether `fault` occurs now; counts it if so.
    pub fn strikes(&mut self, rng: &mut Rng, fault: Fault) -> bool {
        let rate = self.rates.get(&fault).copied().unwrap_or(0);
        let hit = self.on && rng.chance(rate);
        if hit {
            self.count(fault, 1);
        }
        hit
    }

    /// Counts faults that the scenario brought about.
    pub fn count(&mut self, fault: Fault, times: u64) {
        *self.counts.entry(fault).or_default() += times;
    }

    /// What occurred so far.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }
}
