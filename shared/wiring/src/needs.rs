//! What a function needs, said once: a constant beside its `main.rs`. The function reads its settings by it, and
//! `template.yaml` is written from the same constant, so a right without a setting, or a setting without a right, cannot
//! be said.

use strum::IntoStaticStr;
pub use touchline_domain::channel::Channel;
use touchline_engine::channel::rules;

/// Everything about one function that is not its code.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    /// The name of its folder, its crate, its program and its sample event.
    pub name: &'static str,
    /// What it does, in one sentence; a comment in the template.
    pub does: &'static str,
    /// Memory in MB. Lambda gives processor time in proportion.
    pub memory_mb: u32,
    /// After so many seconds an invocation is stopped.
    pub timeout_secs: u32,
    /// Errors within five minutes that ring nobody.
    pub errors_allowed: u32,
    /// What invokes it.
    pub triggers: &'static [Trigger],
    /// What happens to a scheduled or uploaded event that it could not handle.
    pub retries: Retries,
    /// What it does to which table or index.
    pub tables: &'static [(Table, &'static [Action])],
    /// Queues that it sends to.
    pub sends: &'static [Queue],
    /// Folders of the bucket that it reads.
    pub reads: &'static [Folder],
    /// Folders of the bucket that it writes.
    pub writes: &'static [Folder],
    /// Services that it calls: the secret with the key, and the address.
    pub calls: &'static [Service],
    /// Secrets that it reads besides those of the services that it calls.
    pub secrets: &'static [Secret],
    /// Settings besides those that follow from the above.
    pub settings: &'static [Setting],
    /// It announces domain events on the bus.
    pub announces: bool,
    /// It starts further invocations of itself.
    pub invokes_itself: bool,
}

impl Needs {
    /// So many errors within five minutes ring nobody, unless a declaration says otherwise.
    pub const USUAL_ERRORS_ALLOWED: u32 = 3;

    /// A function that needs nothing: 256 MB, 30 seconds, and an alarm at the fourth error. Declarations say what differs
    /// from it.
    pub const NOTHING: Self = Self {
        name: "",
        does: "",
        memory_mb: 256,
        timeout_secs: 30,
        errors_allowed: Self::USUAL_ERRORS_ALLOWED,
        triggers: &[],
        retries: Retries::None,
        tables: &[],
        sends: &[],
        reads: &[],
        writes: &[],
        calls: &[],
        secrets: &[],
        settings: &[],
        announces: false,
        invokes_itself: false,
    };

    /// The settings that the function reads besides [`Setting::OF_ALL`], each once: those that it names, and those that
    /// follow from what it needs.
    #[must_use]
    pub fn environment(&self) -> Vec<Setting> {
        let tables = self.tables.iter().map(|(table, _)| table.setting());
        let files = !self.reads.is_empty() || !self.writes.is_empty();
        let keys = !self.calls.is_empty() || !self.secrets.is_empty();
        let follows = [
            (files, Setting::BUCKET),
            (self.announces, Setting::EVENT_BUS),
            (keys, Setting::SECRETS_PREFIX),
            (self.invokes_itself, Setting::FUNCTION_NAME),
        ];
        let names = tables.chain(self.sends.iter().map(|queue| queue.setting()));
        let mut all: Vec<Setting> = names.map(Setting::required).collect();
        all.extend(follows.iter().filter(|(is, _)| *is).map(|(_, name)| name));
        all.extend(self.settings);
        all.extend(self.calls.iter().map(|service| service.setting()));
        let mut seen = std::collections::BTreeSet::new();
        all.retain(|setting| seen.insert(*setting));
        all
    }
}

/// What invokes a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// Messages of a queue.
    Queue {
        /// Which.
        queue: Queue,
        /// Messages in one invocation, at most.
        batch: u32,
        /// Messages of a batch that are worked on at a time.
        at_once: u32,
        /// Invocations at a time, at most.
        invocations: u32,
        /// When the oldest message has waited for so many seconds, somebody is told.
        wait_secs: u32,
    },
    /// The time: its name in the template, and an EventBridge expression in UTC, such as `rate(1 minute)`.
    Schedule(&'static str, &'static str),
    /// Domain events of these types: their name in the template, and the types.
    Events(&'static str, &'static [&'static str]),
    /// A lead list that was put into the bucket.
    Upload,
    /// Any request to the HTTP API.
    Http,
}

/// What happens to a scheduled or uploaded event that a function could not handle. In the end it lies in the
/// dead-letter queue of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retries {
    /// There is no such event.
    None,
    /// It is tried again.
    Again {
        /// So often.
        times: u32,
        /// And for so long.
        within_secs: u32,
    },
}

/// A table, or an index of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Leads, journeys, touches, address look-ups.
    Leads,
    /// The due index of leads.
    LeadsDue,
    /// The listing of leads.
    LeadsListing,
    /// Tenants, campaigns, personas, usage, spend, switches.
    Tenants,
    /// Sending resources.
    Pool,
    /// Register answers and suppression.
    Register,
    /// Conversations, tasks, calls, unmatched events.
    Inbox,
    /// Watermarks, breakers, checkpoints, paid answers.
    Ledger,
}

impl Table {
    /// The setting with the table's name.
    #[must_use]
    pub const fn setting(self) -> &'static str {
        match self {
            Self::Leads | Self::LeadsDue | Self::LeadsListing => "LEADS_TABLE",
            Self::Tenants => "TENANTS_TABLE",
            Self::Pool => "POOL_TABLE",
            Self::Register => "REGISTER_TABLE",
            Self::Inbox => "INBOX_TABLE",
            Self::Ledger => "LEDGER_TABLE",
        }
    }
}

/// What is done to a table. An item of a transaction counts as what is done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "DynamoDB's own names, without the word Item")]
pub enum Action {
    Get,
    BatchGet,
    Query,
    Put,
    Update,
    Delete,
    BatchWrite,
    ConditionCheck,
}

impl Action {
    /// DynamoDB's name for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GetItem",
            Self::BatchGet => "BatchGetItem",
            Self::Query => "Query",
            Self::Put => "PutItem",
            Self::Update => "UpdateItem",
            Self::Delete => "DeleteItem",
            Self::BatchWrite => "BatchWriteItem",
            Self::ConditionCheck => "ConditionCheckItem",
        }
    }
}

/// A queue of jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Queue {
    /// Touches of a channel.
    Touches(Channel),
    /// Leads to enrich.
    Enrich,
    /// Delivery events.
    Delivery,
    /// Replies.
    Replies,
    /// Numbers to wash.
    Wash,
}

impl Queue {
    /// The setting with the queue's address.
    #[must_use]
    pub const fn setting(self) -> &'static str {
        match self {
            Self::Touches(channel) => rules(channel).queue,
            Self::Enrich => "QUEUE_ENRICH",
            Self::Delivery => "QUEUE_DELIVERY",
            Self::Replies => "QUEUE_REPLIES",
            Self::Wash => "QUEUE_WASH",
        }
    }
}

/// A folder of the bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Folder {
    /// Lead lists, as tenants put them there.
    Imports,
    /// What an import rejected.
    Reports,
    /// Raw webhooks, of tenants and of nobody yet.
    Webhooks,
}

/// A service outside our own stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
#[expect(missing_docs, reason = "the services' own names")]
pub enum Service {
    Resend,
    Ses,
    Twilio,
    Clicksend,
    Apollo,
    Dncr,
    Unipile,
    Anthropic,
}

impl Service {
    /// The last part of the name of its secret.
    #[must_use]
    pub fn secret(self) -> &'static str {
        self.into()
    }

    /// The setting with the service's address. Unipile's is optional: each workspace has its own, which stands in its
    /// secret.
    #[must_use]
    pub const fn setting(self) -> Setting {
        match self {
            Self::Resend => Setting::required("RESEND_URL"),
            Self::Ses => Setting::required("SES_URL"),
            Self::Twilio => Setting::required("TWILIO_URL"),
            Self::Clicksend => Setting::required("CLICKSEND_URL"),
            Self::Apollo => Setting::required("APOLLO_URL"),
            Self::Dncr => Setting::required("DNCR_URL"),
            Self::Unipile => Setting::optional("UNIPILE_URL"),
            Self::Anthropic => Setting::required("ANTHROPIC_URL"),
        }
    }
}

/// A secret that is read and whose service is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Secret {
    /// The key that seals unsubscribe links.
    Unsubscribe,
    /// What every provider that sends webhooks signs them with.
    Webhooks,
}

/// The name of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Setting {
    /// The environment variable.
    pub name: &'static str,
    /// The function does not start without it.
    pub is_required: bool,
}

impl Setting {
    /// What every function reads: where it runs, and on the local stack the virtual clock, the cost meter and the
    /// milliseconds that a provider may take to answer.
    pub const OF_ALL: [Self; 4] = [
        Self::required("STAGE"),
        Self::optional("CLOCK_FILE"),
        Self::optional("COST_METER"),
        Self::optional("CALL_TIMEOUT_MS"),
    ];
    /// The bucket of uploads, reports and raw webhooks.
    pub const BUCKET: Self = Self::required("BUCKET");
    /// The bus of domain events.
    pub const EVENT_BUS: Self = Self::required("EVENT_BUS");
    /// The beginning of every secret's name, without a final slash.
    pub const SECRETS_PREFIX: Self = Self::required("SECRETS_PREFIX");
    /// What providers and recipients call, without a final slash.
    pub const PUBLIC_URL: Self = Self::required("PUBLIC_URL");
    /// The model that reads replies which the rules are unsure of.
    pub const MODEL_ID: Self = Self::optional("MODEL_ID");
    /// Hosts, separated by commas, that SNS signing certificates may also come from; local only.
    pub const SNS_CERT_HOSTS: Self = Self::optional("SNS_CERT_HOSTS");
    /// The function's own name; Lambda sets it.
    pub const FUNCTION_NAME: Self = Self::required("AWS_LAMBDA_FUNCTION_NAME");

    const fn required(name: &'static str) -> Self {
        Self {
            name,
            is_required: true,
        }
    }

    const fn optional(name: &'static str) -> Self {
        Self {
            name,
            is_required: false,
        }
    }
}
