//! What the paths need from the outside, one small trait per concern. The store implements them over DynamoDB and
//! SQS, the simulation over maps; both answer the same way.

use std::future::Future;

use ambassador::delegatable_trait;
use chrono::{DateTime, NaiveDate, Utc};
use touchline_domain::{
    channel::Channel,
    contact::{AddressHash, E164},
    events::Provider,
    ids::{CampaignId, LeadId, ResourceId, TenantId, TouchId},
    message::{Branding, Persona},
    money::Micros,
    sending::{
        campaign::Campaign,
        journey::Journey,
        lead::Lead,
        register::WashResult,
        resource::Resource,
        suppression::{Superseded, Suppression},
        switch::Switches,
        tenant::Tenant,
        touch::{Signal, Touch},
    },
};

use crate::job::TouchJob;

/// Why a port could not answer. A failed condition is an answer, not an error.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// Try again later: throttled, timed out, unreachable.
    #[error("{what} is not available: {cause}")]
    Unavailable {
        /// Which operation on what.
        what: &'static str,
        /// The cause.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What is stored cannot be read; a person has to look.
    #[error("{what} holds {value} in {attribute}: {problem}")]
    Corrupt {
        /// Which item.
        what: &'static str,
        /// Which attribute.
        attribute: String,
        /// Its value, shortened.
        value: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// The answer to a conditional write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// Written.
    Written,
    /// Somebody else wrote first; read again.
    Conflict,
}

/// Everything that is the same for all touches of a campaign. It changes rarely; an implementation may keep it for
/// up to [`CONTEXT_MAX_AGE_SECS`].
#[derive(Clone, Debug)]
pub struct Context {
    /// The tenant.
    pub tenant: Tenant,
    /// Its campaign.
    pub campaign: Campaign,
    /// Its branding.
    pub branding: Branding,
    /// Its personas.
    pub personas: Vec<Persona>,
    /// Its resources, in every state.
    pub resources: Vec<Resource>,
    /// The switches that are on.
    pub switches: Switches,
    /// The campaign's or tenant's budget is spent (GATE-9).
    pub budget_spent: bool,
}

/// Kill switches act within a minute (SEQ-5), so nothing about a campaign is kept longer than this.
pub const CONTEXT_MAX_AGE_SECS: u64 = 15;

/// What is known about one address; always read fresh.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressFacts {
    /// Suppressions that name it, for the tenant and for all.
    pub suppressions: Vec<Suppression>,
    /// The register's answer for the number.
    pub wash: Option<WashResult>,
}

/// Journeys and touches of leads.
#[delegatable_trait]
pub trait Journeys: Sync {
    /// The lead and its journey, read consistently; `None` if there is no such lead.
    fn load(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
    ) -> impl Future<Output = Result<Option<(Lead, Journey)>, PortError>> + Send;

    /// Writes `journey` (whose version is `expected + 1`) if the stored version is still `expected`. The due index
    /// follows from the journey in the same write (invariant 2).
    fn save(
        &self,
        journey: &Journey,
        expected: u64,
    ) -> impl Future<Output = Result<Saved, PortError>> + Send;

    /// The record of a touch.
    fn touch(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
        touch: &TouchId,
    ) -> impl Future<Output = Result<Option<Touch>, PortError>> + Send;

    /// Writes the record of a touch. The same record again changes nothing; signals that arrived before it stay.
    /// A weaker record never replaces a stronger one (`sent`, `unknown`, `failed`, `stopped`, `skipped`, strongest
    /// first): a sender that left the touch out on an older view may come last. An `unknown` whose signals are there
    /// already is written as `sent` (SEND-2), as [`Journeys::add_signal`] would have made it.
    fn put_touch(&self, touch: &Touch) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Adds a signal to a touch, whether or not its record is there yet, and turns `unknown` into `sent` when the
    /// signal proves that the provider had it (SEND-2). Answers whether the signal was new.
    fn add_signal(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
        touch: &TouchId,
        signal: Signal,
        at: DateTime<Utc>,
    ) -> impl Future<Output = Result<bool, PortError>> + Send;
}

/// What we know of leads.
pub trait Profiles: Sync {
    /// A lead, read consistently; `None` if there is none.
    fn profile(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
    ) -> impl Future<Output = Result<Option<Lead>, PortError>> + Send;
}

/// What the gate needs besides the journey.
#[delegatable_trait]
pub trait Facts: Sync {
    /// The campaign's context; `None` if there is no such campaign.
    fn context(
        &self,
        tenant: &TenantId,
        campaign: &CampaignId,
    ) -> impl Future<Output = Result<Option<std::sync::Arc<Context>>, PortError>> + Send;

    /// What is known about an address, read consistently.
    fn address(
        &self,
        tenant: &TenantId,
        address: &AddressHash,
        number: Option<&E164>,
    ) -> impl Future<Output = Result<AddressFacts, PortError>> + Send;
}

/// A resource that could send a touch, with the limits that bind it today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The resource.
    pub resource: ResourceId,
    /// Its limit today.
    pub limit: u32,
    /// The domain that it shares a limit with, and that limit.
    pub domain: Option<(ResourceId, u32)>,
}

/// A request for one unit of capacity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// Whose day.
    pub tenant: TenantId,
    /// The campaign that pays, where it or its tenant has a budget; absent, no spending is counted (COST-1).
    pub campaign: Option<CampaignId>,
    /// On which channel.
    pub channel: Channel,
    /// The resource's local date.
    pub date: NaiveDate,
    /// The candidates; the least used today is taken first (LIM-2).
    pub candidates: Vec<Candidate>,
    /// The tenant's limit on this channel and day.
    pub tenant_limit: Option<u32>,
    /// The most that one resource may send in the minute of `now`, where there is such a limit (SEQ-4).
    pub per_minute: Option<u32>,
    /// Now.
    pub now: DateTime<Utc>,
    /// What the touch will cost at the price list; counted against budgets (COST-1).
    pub price: Micros,
}

/// The answer to a [`Reservation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// This resource has the unit.
    By(ResourceId),
    /// None has capacity left today (GATE-10).
    Exhausted,
    /// Capacity is left, but not in this minute.
    NotThisMinute,
}

/// Daily limits, enforced where they are counted (invariant 5).
#[delegatable_trait]
pub trait Capacity: Sync {
    /// Takes one unit, atomically with every limit that binds it.
    fn reserve(
        &self,
        wish: &Reservation,
    ) -> impl Future<Output = Result<Reserved, PortError>> + Send;

    /// Gives a unit back that was certainly not used.
    fn release(
        &self,
        wish: &Reservation,
        resource: &ResourceId,
    ) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// The circuit breaker of each provider, shared between invocations (SEND-3).
#[delegatable_trait]
pub trait Breakers: Sync {
    /// Until when calls to `provider` are held back.
    fn open_until(
        &self,
        provider: Provider,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Option<DateTime<Utc>>, PortError>> + Send;

    /// Notes how a call went.
    fn note(
        &self,
        provider: Provider,
        healthy: bool,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// The queue of a channel.
pub trait ChannelQueues: Sync {
    /// Puts jobs on `channel`'s queue, each after its delay in seconds (at most 900). Answers the positions that the
    /// queue did not take.
    fn send(
        &self,
        channel: Channel,
        jobs: &[(TouchJob, u32)],
    ) -> impl Future<Output = Result<Vec<usize>, PortError>> + Send;
}

/// The suppression list.
#[delegatable_trait]
pub trait Suppressions: Sync {
    /// Suppresses an address for a tenant, unless it is suppressed already (SUP-1).
    fn suppress(
        &self,
        tenant: &TenantId,
        address: &AddressHash,
        suppression: &Suppression,
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Restores one channel of an address after START (R35), or all of them. The record stays.
    fn restore(
        &self,
        tenant: &TenantId,
        address: &AddressHash,
        superseded: &Superseded,
    ) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// Requests to the register.
pub trait WashRequests: Sync {
    /// Asks for a number to be washed, because a touch waits for it (GATE-5).
    fn request_wash(&self, number: &E164) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// One entry of the due index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueItem {
    /// Whose lead.
    pub tenant: TenantId,
    /// Which lead.
    pub lead: LeadId,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// Whose queue it goes to.
    pub channel: Channel,
}

/// How far a shard of the due index has been queued.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Watermark {
    /// Everything due up to here was queued once.
    pub until: Option<DateTime<Utc>>,
    /// Of what became due since, the pages before this one were queued too; their tick ran out of time.
    pub page: Option<String>,
    /// When what is overdue was last queued again.
    pub swept_at: Option<DateTime<Utc>>,
    /// Where queueing it again goes on.
    pub sweep_page: Option<String>,
}

/// The due index.
pub trait DueIndex: Sync {
    /// Up to `limit` entries of a shard with `after < due_at <= until`, in order of time, starting behind
    /// `from_page`; and where to go on.
    fn due(
        &self,
        shard: u8,
        after: Option<DateTime<Utc>>,
        until: DateTime<Utc>,
        from_page: Option<String>,
        limit: u32,
    ) -> impl Future<Output = Result<(Vec<DueItem>, Option<String>), PortError>> + Send;

    /// How far the shard has been queued.
    fn watermark(&self, shard: u8) -> impl Future<Output = Result<Watermark, PortError>> + Send;

    /// Moves the watermark on, if nobody else did.
    fn move_watermark(
        &self,
        shard: u8,
        from: Watermark,
        to: Watermark,
    ) -> impl Future<Output = Result<Saved, PortError>> + Send;
}

/// Tenants' settings.
pub trait Tenants: Sync {
    /// The tenant; `None` if there is none of that id.
    fn tenant(
        &self,
        tenant: &TenantId,
    ) -> impl Future<Output = Result<Option<Tenant>, PortError>> + Send;
}
