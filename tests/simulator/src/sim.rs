//! The state of the simulation behind one lock: what was accepted, what is due, what was told.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    path::Path,
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    clock::Clock,
    config::{Config, Rates, local_secret},
    draw::Draw,
    fault::{self, Fault, FaultRule},
    hooks::sns::Signer,
    leads::{Answer, Happening, Status, reaction},
    ledger::{Accepted, Ledger},
    wire::Wire,
};

/// Told events that can be told again.
const MAX_TOLD: usize = 50_000;

/// A message as the provider remembers it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Message {
    pub id: String,
    pub from: String,
    pub to: String,
    pub reply_to: Option<String>,
    pub subject: String,
    /// `tenant.lead.touch`.
    pub token: Option<String>,
    /// The `Message-ID` that the recipient sees.
    pub message_id: String,
    /// Where the status goes, for providers that take that with each message.
    pub callback: Option<String>,
    pub body: String,
    /// What the provider charged.
    pub price: Option<String>,
}

/// What a webhook tells.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Told {
    Status(Box<Message>, Status),
    /// An answer to a message; `None` for one that was injected without.
    Reply(Box<Reply>),
    /// A member of LinkedIn who is connected to a seat now.
    Relation {
        account: String,
        person: String,
    },
}

/// An answer in its envelope.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Reply {
    pub id: String,
    pub from: String,
    pub to: String,
    pub subject: Option<String>,
    pub answer: Answer,
    pub parent: Option<Message>,
    pub headers: Vec<(String, String)>,
}

/// A webhook that waits for its time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Due {
    pub number: u64,
    pub provider: Wire,
    /// When it happened, by the provider's clock.
    pub at: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: usize,
    pub told: Told,
}

/// Counters for `/_sim/stats`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Stats {
    pub accepted: BTreeMap<Wire, u64>,
    pub replays: BTreeMap<Wire, u64>,
    pub faults: BTreeMap<Wire, BTreeMap<Fault, u64>>,
    pub hooks_delivered: BTreeMap<Wire, u64>,
    pub hooks_refused: BTreeMap<Wire, u64>,
    pub hooks_given_up: BTreeMap<Wire, u64>,
    pub replies: BTreeMap<crate::leads::wording::Intent, u64>,
}

/// Everything that a restart keeps.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub ledger: Ledger,
    pub due: BTreeMap<DateTime<Utc>, Vec<Due>>,
    pub numbers: u64,
    pub ordinals: HashMap<String, u64>,
    pub attempts: HashMap<String, u64>,
    /// First answers by idempotency key, with the hash of the request.
    pub replays: HashMap<String, (String, Value)>,
    /// Inbound mail by id, and washes by reference.
    pub kept: HashMap<String, Value>,
    pub told: VecDeque<Due>,
    /// What has happened, told or not, for the providers' lists.
    #[serde(default)]
    pub happened: VecDeque<Due>,
    pub stats: Stats,
    pub rules: Vec<FaultRule>,
}

/// What can change while it runs.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub seed: u64,
    pub hook_base: String,
    pub public_url: String,
    pub rates: Rates,
    pub secrets: BTreeMap<Wire, String>,
    /// What each call takes before it is answered.
    pub latency: std::time::Duration,
    /// Providers whose webhooks are lost on the way.
    pub silent: BTreeSet<Wire>,
    /// Whether mail tells only what operators are to subscribe to.
    pub fewer_webhooks: bool,
}

impl Settings {
    fn from(config: &Config) -> Self {
        let hook_base = config.hook_base.trim_end_matches('/').to_owned();
        let public_url = config.public_url.as_deref().unwrap_or(&hook_base);
        Self {
            seed: config.seed,
            public_url: public_url.trim_end_matches('/').to_owned(),
            hook_base,
            rates: config.rates.clone(),
            secrets: config.secrets.clone(),
            latency: std::time::Duration::ZERO,
            silent: BTreeSet::new(),
            fewer_webhooks: config.fewer_webhooks,
        }
    }

    /// What webhooks of this provider are signed with.
    pub fn secret(&self, wire: Wire) -> String {
        let set = self.secrets.get(&wire).cloned();
        set.unwrap_or_else(|| local_secret(wire))
    }
}

/// The simulation.
#[derive(Debug)]
pub(crate) struct Sim {
    pub clock: Clock,
    /// Where it is reached itself.
    pub own_base: String,
    /// One pump at a time, so that an answer covers all that was due.
    pub pumping: tokio::sync::Mutex<()>,
    pub client: reqwest::Client,
    /// Calls that wait for an answer which never comes.
    pub unanswered: AtomicU64,
    state: Mutex<State>,
    settings: Mutex<Settings>,
    signer: OnceLock<Signer>,
}

impl Sim {
    pub fn new(config: &Config, own_base: String, client: reqwest::Client) -> Self {
        let state = config
            .state_file
            .as_deref()
            .and_then(read)
            .unwrap_or_default();
        Self {
            clock: Clock::following(config.clock_file.clone()),
            own_base,
            pumping: tokio::sync::Mutex::default(),
            client,
            unanswered: AtomicU64::new(0),
            state: Mutex::new(state),
            settings: Mutex::new(Settings::from(config)),
            signer: OnceLock::new(),
        }
    }

    /// The state. A panic of another holder leaves it usable: each change is made whole.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn settings(&self) -> Settings {
        let settings = self.settings.lock();
        settings.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets a call wait as long as calls take.
    pub async fn take_time(&self) {
        let latency = self.settings().latency;
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
    }

    pub fn set(&self, change: impl FnOnce(&mut Settings)) {
        let settings = self.settings.lock();
        change(&mut settings.unwrap_or_else(PoisonError::into_inner));
    }

    /// The key pair of SNS, made on first use.
    pub fn signer(&self) -> anyhow::Result<&Signer> {
        if let Some(signer) = self.signer.get() {
            return Ok(signer);
        }
        let made = Signer::make()?;
        Ok(self.signer.get_or_init(|| made))
    }

    /// A new number, and with it a stream of draws for ids.
    pub fn number(&self, name: &str) -> (u64, Draw) {
        let seed = self.settings().seed;
        let mut state = self.state();
        state.numbers += 1;
        let number = state.numbers;
        (number, Draw::of(seed, &[name, &number.to_string()]))
    }

    /// Whether and how this call fails.
    pub fn fate(&self, wire: Wire, address: &str) -> Option<Fault> {
        let settings = self.settings();
        let mut state = self.state();
        let key = format!("{} {address}", wire.as_str());
        let attempts = state.attempts.entry(key).or_default();
        *attempts += 1;
        let name = ["fault", wire.as_str(), address, &attempts.to_string()];
        let draw = Draw::of(settings.seed, &name);
        let fault = fault::decide(&mut state.rules, &settings.rates, wire, address, draw)?;
        let of_wire = state.stats.faults.entry(wire).or_default();
        *of_wire.entry(fault).or_default() += 1;
        Some(fault)
    }

    /// Never answers. The caller gives up first, and its connection takes this future with it.
    pub async fn never_answer<T>(&self) -> T {
        struct Waiting<'a>(&'a AtomicU64);
        impl Drop for Waiting<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::Relaxed);
            }
        }
        self.unanswered.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.unanswered);
        std::future::pending().await
    }

    /// Enters an accepted message and all that will follow from it.
    pub fn accept(&self, call: Accepted, message: Message) {
        let now = self.clock.now();
        let wire = call.provider;
        let settings = self.settings();
        let ordinal = {
            let mut state = self.state();
            *state.stats.accepted.entry(wire).or_default() += 1;
            state.ledger.enter(now, call);
            let key = format!("{} {}", wire.channel(), message.to);
            let next = state.ordinals.entry(key).or_default();
            *next += 1;
            *next - 1
        };
        let channel = wire.channel();
        let all = reaction(
            settings.seed,
            &settings.rates,
            channel,
            &message.to,
            ordinal,
        );
        for (after, what) in all {
            let told = match what {
                Happening::Status(status) => Told::Status(Box::new(message.clone()), status),
                Happening::Answer(answer) => {
                    Told::Reply(Box::new(self.reply(wire, &message, answer)))
                }
            };
            self.schedule(wire, now + TimeDelta::seconds(after), told);
        }
    }

    fn reply(&self, wire: Wire, parent: &Message, answer: Answer) -> Reply {
        let (_, mut draw) = self.number("reply");
        let subject = if answer.automatic {
            format!("Automatic reply: {}", parent.subject)
        } else {
            format!("Re: {}", parent.subject.trim_start_matches("Re: "))
        };
        Reply {
            id: crate::hooks::inbound_id(wire, &mut draw),
            from: parent.to.clone(),
            to: parent
                .reply_to
                .clone()
                .unwrap_or_else(|| parent.from.clone()),
            subject: (wire.channel() == "email").then_some(subject),
            headers: crate::hooks::mail::headers(&answer, parent),
            answer,
            parent: Some(parent.clone()),
        }
    }

    /// Enters a call that leads to no webhook.
    pub fn enter(&self, call: Accepted) {
        let now = self.clock.now();
        let mut state = self.state();
        *state.stats.accepted.entry(call.provider).or_default() += 1;
        state.ledger.enter(now, call);
    }

    /// Puts an event at its time.
    pub fn schedule(&self, provider: Wire, at: DateTime<Utc>, told: Told) {
        let mut state = self.state();
        state.numbers += 1;
        let due = Due {
            number: state.numbers,
            provider,
            at,
            attempts: 0,
            told,
        };
        state.due.entry(at).or_default().push(due);
    }

    /// Takes what is due now.
    pub fn take_due(&self) -> Vec<Due> {
        let now = self.clock.now();
        let mut state = self.state();
        let later = state.due.split_off(&(now + TimeDelta::nanoseconds(1)));
        let due = std::mem::replace(&mut state.due, later);
        due.into_values().flatten().collect()
    }

    /// Notes that something has happened, whether or not anybody learns of it.
    pub fn happen(&self, due: &Due) {
        let mut state = self.state();
        if state.happened.len() == MAX_TOLD {
            state.happened.pop_front();
        }
        state.happened.push_back(due.clone());
    }

    /// What has happened at a provider, newest first.
    pub fn happened(&self, wire: Wire) -> Vec<Due> {
        let state = self.state();
        let of_wire = state.happened.iter().filter(|due| due.provider == wire);
        let mut all: Vec<Due> = of_wire.cloned().collect();
        all.sort_by_key(|due| std::cmp::Reverse((due.at, due.number)));
        all
    }

    /// Remembers a delivered event, so that it can be told again.
    pub fn remember(&self, due: Due) {
        let mut state = self.state();
        if let Told::Reply(reply) = &due.told {
            *state.stats.replies.entry(reply.answer.intent).or_default() += 1;
        }
        *state.stats.hooks_delivered.entry(due.provider).or_default() += 1;
        if state.told.len() == MAX_TOLD {
            state.told.pop_front();
        }
        state.told.push_back(due);
    }

    /// Writes the state beside its file and moves it into place.
    pub fn save(&self, file: &Path) -> anyhow::Result<()> {
        let text = serde_json::to_vec(&*self.state())?;
        let beside = file.with_extension("new");
        std::fs::write(&beside, text)?;
        std::fs::rename(&beside, file)?;
        Ok(())
    }

    /// Forgets everything but the settings.
    pub fn reset(&self) {
        *self.state() = State::default();
    }
}

fn read(file: &Path) -> Option<State> {
    serde_json::from_slice(&std::fs::read(file).ok()?).ok()
}
