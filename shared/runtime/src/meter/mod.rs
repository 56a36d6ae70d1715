//! Counts what an invocation costs at AWS, call by call, and prints it as one line when the invocation ends. Off unless
//! [`name::COST_METER`] is `on` on the local stage; then no client knows of it. The line has names of operations, tables
//! and queues, and numbers; no key, no address, no body.

mod calls;
mod interceptor;
mod size;

use std::{
    collections::BTreeMap,
    env,
    io::{self, Write as _},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

pub use self::{
    interceptor::Counting,
    size::{item_bytes, read_units, write_units},
};
use crate::settings::name;

/// What the setting says where the meter is on.
pub const ON: &str = "on";
/// Lambda's name for its memory, in megabytes.
const MEMORY: &str = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE";

/// The meter of this process, where it is on.
static ACTIVE: OnceLock<Meter> = OnceLock::new();

/// What calls of one kind came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Units {
    /// Requests over the network; a repetition counts again.
    pub calls: u64,
    /// What the service bills beside its units: requests of 64 KB (SQS), events (EventBridge), requests (the others).
    pub billed: u64,
    /// DynamoDB's write units, as DynamoDB reports them.
    pub write: f64,
    /// DynamoDB's read units, computed from the sizes of the items.
    pub read: f64,
}

impl std::ops::AddAssign for Units {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.billed += other.billed;
        self.write += other.write;
        self.read += other.read;
    }
}

/// Which calls.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Kind {
    /// `dynamodb`, `sqs`, `s3`, `events`, `secretsmanager`, `http-api`.
    pub service: String,
    /// As AWS names it.
    pub operation: String,
    /// The table, queue or bus; empty where that says nothing.
    pub on: String,
}

impl Kind {
    /// An operation of a service on something.
    #[must_use]
    pub fn new(service: &str, operation: &str, on: &str) -> Self {
        Self {
            service: service.to_owned(),
            operation: operation.to_owned(),
            on: on.to_owned(),
        }
    }
}

/// One line of an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Which calls.
    #[serde(flatten)]
    pub kind: Kind,
    /// What they came to.
    #[serde(flatten)]
    pub units: Units,
}

/// What an invocation cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// The function.
    pub function: String,
    /// Its memory.
    pub memory_mb: u64,
    /// From the event to the answer.
    pub millis: f64,
    /// The calls.
    pub uses: Vec<Entry>,
}

/// An account as a line of the log: told from all others by its one field.
#[derive(Debug, Serialize, Deserialize)]
pub struct Line {
    /// The account.
    pub cost: Account,
}

/// Adds up calls; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<BTreeMap<Kind, Units>>>);

impl Meter {
    /// Adds calls.
    pub fn count(&self, kind: Kind, units: Units) {
        let mut sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *sums.entry(kind).or_default() += units;
    }

    /// What was counted since the last time this was asked.
    #[must_use]
    pub fn take(&self) -> Vec<Entry> {
        let mut sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sums = std::mem::take(&mut *sums);
        sums.into_iter()
            .map(|(kind, units)| Entry { kind, units })
            .collect()
    }

    /// Listens to the calls of a client of `service`.
    #[must_use]
    pub fn of(&self, service: &'static str) -> Counting {
        Counting::new(service, self.clone())
    }
}

/// Turns the meter on if the settings say so. What was counted before the first event belongs to the first invocation.
pub(crate) fn start() {
    if is_wanted(|name| env::var(name).ok()) {
        let _ = ACTIVE.set(Meter::default());
    }
}

/// The meter, where it is on.
pub(crate) fn active() -> Option<&'static Meter> {
    ACTIVE.get()
}

fn is_wanted(setting: impl Fn(&str) -> Option<String>) -> bool {
    let is = |name: &str, value: &str| setting(name).is_some_and(|set| set == value);
    is(name::COST_METER, ON) && is(name::STAGE, "local")
}

/// Counts a request to the HTTP API, which no client of ours makes.
pub fn http_request() {
    if let Some(meter) = active() {
        meter.count(Kind::new("http-api", "request", ""), request());
    }
}

/// Counts what Lambda asks of a queue for a batch of which `done` messages ended well: it receives them and deletes
/// those in one call each.
pub(crate) fn batch(queue_arn: &str, done: usize) {
    let Some(meter) = active() else { return };
    let queue = queue_arn.rsplit(':').next().unwrap_or_default();
    meter.count(Kind::new("sqs", "ReceiveMessage", queue), request());
    if done > 0 {
        meter.count(Kind::new("sqs", "DeleteMessageBatch", queue), request());
    }
}

fn request() -> Units {
    Units {
        calls: 1,
        billed: 1,
        ..Units::default()
    }
}

/// Does the work of an invocation and prints what it cost, where the meter is on.
pub async fn invocation<T>(work: impl Future<Output = T>) -> T {
    let Some(meter) = active() else {
        return work.await;
    };
    let began = Instant::now();
    let done = work.await;
    print(account(meter.take(), began.elapsed(), |name| {
        env::var(name).ok()
    }));
    done
}

fn account(uses: Vec<Entry>, took: Duration, setting: impl Fn(&str) -> Option<String>) -> Account {
    let memory = setting(MEMORY).and_then(|memory| memory.parse().ok());
    Account {
        function: setting(name::FUNCTION).unwrap_or_default(),
        memory_mb: memory.unwrap_or_default(),
        millis: took.as_secs_f64() * 1_000.0,
        uses,
    }
}

/// A closed standard output loses the line, as it would lose a log line.
fn print(cost: Account) {
    if let Ok(line) = serde_json::to_string(&Line { cost }) {
        let written = writeln!(io::stdout().lock(), "{line}");
        drop(written);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meter_is_on_only_where_it_is_asked_for_on_the_local_stage() {
        let wanted = |meter: &'static str, stage: &'static str| {
            is_wanted(move |name| match name {
                name::COST_METER => Some(meter.to_owned()),
                name::STAGE => Some(stage.to_owned()),
                _ => None,
            })
        };
        assert!(wanted("on", "local"));
        assert!(!wanted("on", "aws"));
        assert!(!wanted("", "local"));
        assert!(!is_wanted(|_| None));
    }

    #[test]
    fn calls_of_one_kind_are_added_up_and_taken_once() {
        let meter = Meter::default();
        let (put, get) = (
            Kind::new("dynamodb", "PutItem", "leads"),
            Kind::new("dynamodb", "GetItem", "leads"),
        );
        let written = |write| Units { write, ..request() };
        meter.count(put.clone(), written(3.0));
        meter.count(get.clone(), request());
        meter.count(put.clone(), written(1.0));
        let entries = meter.take();
        let kinds: Vec<&Kind> = entries.iter().map(|entry| &entry.kind).collect();
        assert_eq!(kinds, [&get, &put]);
        assert_eq!((entries[1].units.calls, entries[1].units.write), (2, 4.0));
        assert!(meter.take().is_empty());
    }

    #[test]
    fn an_account_is_one_line_that_can_be_read_back() {
        let uses = vec![Entry {
            kind: Kind::new("sqs", "SendMessageBatch", "stack-email"),
            units: request(),
        }];
        let cost = account(uses, Duration::from_millis(12), |name| {
            Some(
                if name == MEMORY {
                    "256"
                } else {
                    "stack-enqueue"
                }
                .to_owned(),
            )
        });
        let line = serde_json::to_string(&Line { cost: cost.clone() }).unwrap();
        assert!(line.starts_with(r#"{"cost":{"function":"stack-enqueue","memory_mb":256,"#));
        assert!(!line.contains('\n'));
        assert_eq!(serde_json::from_str::<Line>(&line).unwrap().cost, cost);
    }
}
