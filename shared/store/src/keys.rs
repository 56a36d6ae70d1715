//! Every key of every table, in one place. A tenant's keys begin with its id and `#` (TEN-1); the platform's own begin
//! with `_`, which no tenant id can, so the two never meet (invariant 6). Builds nothing from unparsed text of others:
//! provider ids come in hashed.

use chrono::{DateTime, NaiveDate, SecondsFormat, SubsecRound, Utc};
use touchline_domain::{
    channel::Channel,
    contact::AddressHash,
    events::Provider,
    ids::{CampaignId, LeadId, PersonaId, ResourceId, TenantId, TouchId, UploadId, fingerprint},
    sending::resource::ResourceKind,
};

#[cfg(test)]
mod tests;

/// Partition key attribute of every table.
pub const PK: &str = "pk";
/// Sort key attribute of every table.
pub const SK: &str = "sk";
/// The due index is cut into so many shards, so that no partition holds it all.
pub const DUE_SHARDS: u8 = touchline_engine::enqueue::SHARDS;
/// The listing of a tenant's leads is cut into so many shards.
pub const LIST_SHARDS: u8 = 4;
/// Sort key of a lead's journey.
pub const JOURNEY: &str = "JOURNEY";
/// Sort key of a lead's profile.
pub const PROFILE: &str = "PROFILE";
/// What the sort keys of a lead's touches begin with.
pub const TOUCH_PREFIX: &str = "TOUCH#";
/// What the sort keys of a tenant's campaigns begin with.
pub const CAMPAIGN_PREFIX: &str = "CAMPAIGN#";
/// What the sort keys of a tenant's personas begin with.
pub const PERSONA_PREFIX: &str = "PERSONA#";
/// What the sort keys of a tenant's uploads begin with.
pub const UPLOAD_PREFIX: &str = "UPLOAD#";
/// What the sort keys of the platform's list of tenants begin with.
pub const TENANT_PREFIX: &str = "TENANT#";
/// What the sort keys of a conversation begin with.
pub const MESSAGE_PREFIX: &str = "MSG#";

/// The primary key of an item.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

fn key(pk: String, sk: impl Into<String>) -> Key {
    Key { pk, sk: sk.into() }
}

// --- Leads ---

/// The partition of one lead: profile, journey, touches.
#[must_use]
pub fn lead(tenant: &TenantId, lead: &LeadId) -> String {
    // An import makes millions: this allocates once, where formatting does again and again.
    [tenant.as_str(), "#", lead.as_str()].concat()
}

/// A lead's profile.
#[must_use]
pub fn profile(tenant: &TenantId, id: &LeadId) -> Key {
    key(lead(tenant, id), PROFILE)
}

/// A lead's journey.
#[must_use]
pub fn journey(tenant: &TenantId, id: &LeadId) -> Key {
    key(lead(tenant, id), JOURNEY)
}

/// A touch.
#[must_use]
pub fn touch(tenant: &TenantId, id: &LeadId, touch: &TouchId) -> Key {
    key(lead(tenant, id), format!("{TOUCH_PREFIX}{touch}"))
}

/// The look-up from an address to the lead that has it (HUB-4).
#[must_use]
pub fn address_link(tenant: &TenantId, address: &AddressHash) -> Key {
    let pk = [tenant.as_str(), "#addr#", address.as_str()].concat();
    key(pk, "LEAD")
}

/// The tenant and lead in the partition key of a lead; `None` for any other key.
#[must_use]
pub fn parse_lead(pk: &str) -> Option<(TenantId, LeadId)> {
    let (tenant, lead) = pk.split_once('#')?;
    Some((tenant.parse().ok()?, lead.parse().ok()?))
}

/// A lead's shard of the due index, `00` to `15`.
#[must_use]
pub fn due_shard(lead: &LeadId) -> String {
    due_shard_name(shard_of(lead.as_str(), DUE_SHARDS))
}

/// The name of a shard of the due index.
#[must_use]
pub fn due_shard_name(shard: u8) -> String {
    format!("{shard:02}")
}

/// The listing partition that a lead is in.
#[must_use]
pub fn listing_of(tenant: &TenantId, lead: &LeadId) -> String {
    listing(tenant, shard_of(lead.as_str(), LIST_SHARDS))
}

/// A listing partition of a tenant.
#[must_use]
pub fn listing(tenant: &TenantId, shard: u8) -> String {
    format!("{tenant}#{shard}")
}

/// FNV-1a: the same for ever and on every machine, which a standard hasher does not promise.
fn shard_of(text: &str, shards: u8) -> u8 {
    let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let shard = (hash ^ (hash >> 16)) % u32::from(shards);
    u8::try_from(shard).unwrap_or(0)
}

/// A due time as the index sorts it: whole seconds, rounded up so that nothing is found before it is due.
#[must_use]
pub fn due_at(time: DateTime<Utc>) -> String {
    let floor = time.trunc_subsecs(0);
    let ceiling = if floor < time {
        floor + chrono::Duration::seconds(1)
    } else {
        floor
    };
    seconds(ceiling)
}

/// A bound of a query over due times, rounded down: with times rounded up, `due_at <= bound` holds exactly for what is
/// due by then.
#[must_use]
pub fn due_bound(time: DateTime<Utc>) -> String {
    seconds(time.trunc_subsecs(0))
}

fn seconds(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A time that sorts as text, to the microsecond.
fn sortable(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

// --- Tenants ---

/// The partition of a tenant's settings: the tenant itself, branding, personas, campaigns, uploads.
#[must_use]
pub fn settings(tenant: &TenantId) -> String {
    format!("{tenant}#settings")
}

/// A tenant.
#[must_use]
pub fn tenant(tenant: &TenantId) -> Key {
    key(settings(tenant), "TENANT")
}

/// A tenant's branding.
#[must_use]
pub fn branding(tenant: &TenantId) -> Key {
    key(settings(tenant), "BRANDING")
}

/// A persona.
#[must_use]
pub fn persona(tenant: &TenantId, id: &PersonaId) -> Key {
    key(settings(tenant), format!("{PERSONA_PREFIX}{id}"))
}

/// A campaign.
#[must_use]
pub fn campaign(tenant: &TenantId, id: &CampaignId) -> Key {
    key(settings(tenant), format!("{CAMPAIGN_PREFIX}{id}"))
}

/// An upload's progress and counts.
#[must_use]
pub fn upload(tenant: &TenantId, id: &UploadId) -> Key {
    key(settings(tenant), format!("{UPLOAD_PREFIX}{id}"))
}

/// The partition of a tenant's counters of one day.
#[must_use]
pub fn usage_day(tenant: &TenantId, date: NaiveDate) -> String {
    format!("{tenant}#usage#{date}")
}

/// A tenant's counters of one day on one channel. A number has one limit for calls and another for texts, and an item
/// of one channel stays below the kilobyte that a write unit pays for.
#[must_use]
pub fn usage(tenant: &TenantId, date: NaiveDate, channel: Channel) -> Key {
    key(usage_day(tenant, date), channel.as_str())
}

/// What a tenant has spent in the month of `date` (COST-1).
#[must_use]
pub fn month_spend(tenant: &TenantId, date: NaiveDate) -> Key {
    key(
        format!("{tenant}#spend"),
        format!("MONTH#{}", date.format("%Y-%m")),
    )
}

/// What a campaign has spent (COST-1).
#[must_use]
pub fn campaign_spend(tenant: &TenantId, id: &CampaignId) -> Key {
    key(format!("{tenant}#spend"), format!("{CAMPAIGN_PREFIX}{id}"))
}

/// The partition of what belongs to no tenant: switches, the list of tenants.
#[must_use]
pub fn platform() -> String {
    "_platform".to_owned()
}

/// The kill switches that are on (GATE-1).
#[must_use]
pub fn switches() -> Key {
    key(platform(), "SWITCHES")
}

/// A tenant's entry in the platform's list.
#[must_use]
pub fn tenant_entry(tenant: &TenantId) -> Key {
    key(platform(), format!("{TENANT_PREFIX}{tenant}"))
}

// --- Pool ---

/// The partition of all resources of one kind.
#[must_use]
pub fn pool(kind: ResourceKind) -> String {
    format!("_pool#{kind}")
}

/// A resource.
#[must_use]
pub fn resource(kind: ResourceKind, id: &ResourceId) -> Key {
    key(pool(kind), id.as_str())
}

/// The partition of one tenant's resources.
#[must_use]
pub fn resources(tenant: &TenantId) -> String {
    format!("{tenant}#resources")
}

/// A tenant's copy of a resource.
#[must_use]
pub fn tenant_resource(tenant: &TenantId, kind: ResourceKind, id: &ResourceId) -> Key {
    key(resources(tenant), format!("{kind}#{id}"))
}

/// Counts the allocations of a tenant, so that two at once do not fill one gap twice.
#[must_use]
pub fn allocation(tenant: &TenantId) -> Key {
    key(format!("{tenant}#allocation"), "VERSION")
}

/// The look-up from one of our own addresses to the resource that has it. Hashed, since an address may hold any
/// character.
#[must_use]
pub fn resource_address(address: &str) -> Key {
    key(format!("_address#{}", fingerprint(&[address])), "RESOURCE")
}

// --- Register ---

/// What is known platform-wide about an address: the register's answer and a global suppression, in one item, so that
/// a sender reads both at once.
#[must_use]
pub fn address(address: &AddressHash) -> Key {
    key(format!("_address#{address}"), "FACTS")
}

/// A tenant's suppression of an address (SUP-1).
#[must_use]
pub fn suppression(tenant: &TenantId, address: &AddressHash) -> Key {
    key(format!("{tenant}#sup#{address}"), "FACTS")
}

/// The partition with the history of all suppressions of a tenant, or of the platform's global ones.
#[must_use]
pub fn suppression_log(tenant: Option<&TenantId>) -> String {
    match tenant {
        Some(tenant) => format!("{tenant}#suplog"),
        None => "_suplog".to_owned(),
    }
}

/// One entry of the history: one act on one address.
#[must_use]
pub fn suppression_entry(tenant: Option<&TenantId>, address: &AddressHash, act: &str) -> Key {
    let entry = format!("{address}#{}", fingerprint(&[act]));
    key(suppression_log(tenant), entry)
}

/// The partition of the numbers that were washed on a day (DNC-2).
#[must_use]
pub fn washed_on(date: NaiveDate) -> String {
    format!("_washed#{date}")
}

/// A number in the bucket of the day on which it was washed.
#[must_use]
pub fn washed(date: NaiveDate, number: &AddressHash) -> Key {
    key(washed_on(date), number.as_str())
}

// --- Inbox ---

/// A message of a conversation, in order of time; the same event is the same message.
#[must_use]
pub fn message(tenant: &TenantId, id: &LeadId, at: DateTime<Utc>, event: &str) -> Key {
    let sk = format!("{MESSAGE_PREFIX}{}#{}", sortable(at), fingerprint(&[event]));
    key(lead(tenant, id), sk)
}

/// A bound of a query over the messages of a conversation: all that came before `at` stand before it.
#[must_use]
pub fn message_bound(at: DateTime<Utc>) -> String {
    format!("{MESSAGE_PREFIX}{}", sortable(at))
}

/// The partition of a tenant's conversations: one line of the inbox each (INB-1).
#[must_use]
pub fn conversations(tenant: &TenantId) -> String {
    format!("{tenant}#inbox")
}

/// The conversation with a lead.
#[must_use]
pub fn conversation(tenant: &TenantId, lead: &LeadId) -> Key {
    key(conversations(tenant), lead.as_str())
}

/// The partition of a tenant's tasks.
#[must_use]
pub fn tasks(tenant: &TenantId) -> String {
    format!("{tenant}#tasks")
}

/// A task, in order of time.
#[must_use]
pub fn task(tenant: &TenantId, at: DateTime<Utc>, id: &str) -> Key {
    key(
        tasks(tenant),
        format!("{}#{}", sortable(at), fingerprint(&[id])),
    )
}

/// The partition of a tenant's call queue.
#[must_use]
pub fn calls(tenant: &TenantId) -> String {
    format!("{tenant}#calls")
}

/// A call, most urgent first, then oldest first (CALL-1). Priority 0 is the most urgent.
#[must_use]
pub fn call(tenant: &TenantId, priority: u8, at: DateTime<Utc>, id: &str) -> Key {
    let sk = format!("{priority:03}#{}#{}", sortable(at), fingerprint(&[id]));
    key(calls(tenant), sk)
}

/// The partition of a day's events that match no lead (HOOK-4).
#[must_use]
pub fn unmatched_on(date: NaiveDate) -> String {
    format!("_unmatched#{date}")
}

/// An event that matches no lead.
#[must_use]
pub fn unmatched(date: NaiveDate, event: &str) -> Key {
    key(unmatched_on(date), fingerprint(&[event]))
}

// --- Ledger ---

/// How far a shard of the due index has been queued.
#[must_use]
pub fn watermark(shard: u8) -> Key {
    key(format!("_enqueue#{}", due_shard_name(shard)), "WATERMARK")
}

/// A provider's circuit breaker (SEND-3).
#[must_use]
pub fn breaker(provider: Provider) -> Key {
    key(format!("_breaker#{provider}"), "STATE")
}

/// How far a list of a provider has been read (LI). A seat's list is its tenant's.
#[must_use]
pub fn poll_mark(tenant: Option<&TenantId>, provider: Provider, list: &str, account: &str) -> Key {
    let owner = tenant.map_or("_", TenantId::as_str);
    let sk = format!("{list}#{}", fingerprint(&[account]));
    key(format!("{owner}#poll#{provider}"), sk)
}

/// Where an import goes on (HUB-1).
#[must_use]
pub fn checkpoint(tenant: &TenantId, upload: &UploadId) -> Key {
    key(format!("{tenant}#upload#{upload}"), "CHECKPOINT")
}

/// A paid answer about a person (ENR-1).
#[must_use]
pub fn enrichment(tenant: &TenantId, fingerprint: &str) -> Key {
    key(format!("{tenant}#enrich#{fingerprint}"), "RESULT")
}

/// A batch that was submitted to a register.
#[must_use]
pub fn wash_batch(reference: &str) -> Key {
    key(
        format!("_wash-batch#{}", fingerprint(&[reference])),
        "BATCH",
    )
}

/// A daily counter of a tenant, or of the platform.
#[must_use]
pub fn daily(tenant: Option<&TenantId>, name: &str, date: NaiveDate) -> Key {
    let owner = tenant.map_or("_", TenantId::as_str);
    key(format!("{owner}#daily#{date}"), name)
}
