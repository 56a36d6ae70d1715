//! The channels: what each one is to the engine, and how its messages are written and handed over.
//!
//! A channel is a module here. It fills in its [`Rules`], and the compiler asks for every one of them; once a sender is
//! built for it, a type of its own implements [`Compose`]. [`rules`] is the only place that goes from a channel to what
//! it means. Nothing else compares a channel with a name: `infra/ci/channels` refuses that.

mod email;
mod linkedin;
mod mail;
mod phone;
mod sms;
mod variables;
mod voice;
mod writing;

use strum::IntoEnumIterator;
use touchline_domain::{
    channel::Channel,
    contact::Address,
    sending::{
        lead::Lead,
        resource::{Resource, ResourceKind, ResourceStatus},
    },
};

pub use email::EmailComposer;
pub(crate) use phone::number;
pub use sms::SmsComposer;
pub use writing::{Compose, ComposeError, Composed, Draft, Handover};

/// The channel by which a persona is chosen for a lead, whatever channel its first touch takes: a sequence begins by
/// e-mail, and a persona without a mailbox could not carry it on.
pub const CHOOSES_PERSONA: Channel = Channel::Email;

/// Whose queue a step goes to that no channel will carry. Any sender can write down that it was left out; this one is
/// there in every deployment.
pub const CLOSES_SKIPPED_STEPS: Channel = Channel::Email;

/// The channel whose address a bounce, a complaint or an unsubscribe is taken to be about, whatever channel carried the
/// touch.
pub const REPORTS_ARE_ABOUT: Channel = Channel::Email;

/// What a channel is to the engine.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Whether a sender is built for it. Without one its steps take their fallback, and the touch says so (SEQ-2).
    pub built: bool,
    /// The setting that names its queue.
    pub queue: &'static str,
    /// The kind of resource that sends it; `None` where none of the pool does.
    pub sent_by: Option<ResourceKind>,
    /// Whether a lead keeps the resource that first wrote to it for the whole sequence (LIM-2).
    pub keeps_sender: bool,
    /// The most that one resource hands over in a minute (SEQ-4).
    pub per_minute: Option<u32>,
    /// The batches in which it is queued (SEQ-4).
    pub batch: Option<Batch>,
    /// Whether an opt-out is confirmed on it (REP-4a, R35). Elsewhere the provider's own page, or silence, says as much.
    pub confirms_opt_out: bool,
    /// Whether its messages name their sender by an id of the network, so that the provider is asked who that is (LI).
    pub has_members: bool,
    /// Whether it may carry a touch to the lead: there is an address, and its owner is one that it may reach (HUB-5).
    pub reaches: fn(&Lead) -> bool,
    /// The lead's address on it.
    pub address: fn(&Lead) -> Option<Address>,
    /// Reads the address of a person, in the forms in which providers write it.
    pub parse: fn(&str) -> Option<Address>,
    /// One of our own addresses as the pool knows it, from the forms in which providers write it.
    pub ours: fn(&str) -> String,
}

/// Messages that leave so many at a time, with a pause in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Messages in a batch.
    pub size: usize,
    /// Seconds from one batch to the next.
    pub gap_secs: u32,
}

impl Batch {
    /// How many seconds after the first message the `nth` (from 0) leaves.
    #[must_use]
    pub fn delay_secs(self, nth: usize) -> u32 {
        let batch = u32::try_from(nth / self.size.max(1)).unwrap_or(u32::MAX);
        batch.saturating_mul(self.gap_secs)
    }
}

/// What `channel` is to the engine.
#[must_use]
pub const fn rules(channel: Channel) -> &'static Rules {
    match channel {
        Channel::Email => &email::RULES,
        Channel::Sms => &sms::RULES,
        Channel::Voice => &voice::RULES,
        Channel::Linkedin => &linkedin::RULES,
        Channel::Mail => &mail::RULES,
    }
}

/// The channels that this deployment has a sender for.
pub fn built() -> impl Iterator<Item = Channel> {
    Channel::iter().filter(|channel| rules(*channel).built)
}

/// Whether `resource` can send on `channel` now.
#[must_use]
pub fn serves(resource: &Resource, channel: Channel) -> bool {
    resource.status == ResourceStatus::Assigned && rules(channel).sent_by == Some(resource.kind)
}

#[cfg(test)]
mod tests {
    use touchline_domain::ids::LeadId;

    use super::*;

    fn lead() -> Lead {
        let tenant = "acme".parse().unwrap();
        serde_json::from_value(serde_json::json!({
            "id": LeadId::derive(&tenant, "ana@redgum.example"),
            "tenant": tenant,
            "email": "ana@redgum.example",
            "phone": "+61412345678",
            "phone_takes_sms": true,
            "linkedin": "ana-smith-12345",
            "created_at": "2026-11-22T23:00:00Z",
        }))
        .unwrap()
    }

    #[test]
    fn a_built_channel_has_what_it_sends_from_and_every_channel_a_queue_of_its_own() {
        for channel in Channel::iter() {
            let rules = rules(channel);
            let name = channel.as_str().to_uppercase();
            assert_eq!(rules.queue, format!("QUEUE_{name}"));
            assert!(!rules.built || rules.sent_by.is_some(), "{channel}");
        }
        assert_eq!(built().count(), 2);
    }

    #[test]
    fn a_channel_reads_back_the_address_that_a_lead_has_on_it() {
        let lead = lead();
        for channel in Channel::iter() {
            let rules = rules(channel);
            let address = (rules.address)(&lead);
            assert_eq!(address.is_some(), (rules.reaches)(&lead), "{channel}");
            let read = address.as_ref().and_then(|a| (rules.parse)(a.as_str()));
            assert_eq!(read, address, "{channel}");
        }
    }

    #[test]
    fn hub_5_an_organisation_gets_e_mail_alone() {
        let entity = Lead {
            entity: true,
            ..lead()
        };
        let reached: Vec<Channel> = Channel::iter()
            .filter(|channel| (rules(*channel).reaches)(&entity))
            .collect();
        assert_eq!(reached, [Channel::Email]);
    }

    #[test]
    fn a_text_goes_to_a_number_that_takes_texts_and_a_call_to_any() {
        let landline = Lead {
            phone_takes_sms: false,
            ..lead()
        };
        assert!(!(rules(Channel::Sms).reaches)(&landline));
        assert!((rules(Channel::Voice).reaches)(&landline));
    }

    #[test]
    fn an_address_is_found_in_the_forms_that_providers_use() {
        let read = |channel, text| (rules(channel).parse)(text);
        let email = read(Channel::Email, "Ana Smith <Ana@Redgum.example>");
        assert!(email.is_some());
        assert_eq!(email, read(Channel::Email, "ana@redgum.example"));
        let sms = read(Channel::Sms, "61412345678");
        assert!(sms.is_some());
        assert_eq!(sms, read(Channel::Sms, "+61412345678"));
        assert_eq!(read(Channel::Sms, ""), None);
        assert_eq!(
            (rules(Channel::Email).ours)("Ben <Ben@Pool.example>"),
            "ben@pool.example"
        );
        assert_eq!((rules(Channel::Sms).ours)("61412345678"), "+61412345678");
        assert_eq!((rules(Channel::Sms).ours)("TOUCHLINE"), "TOUCHLINE");
    }

    #[test]
    fn seq_4_text_messages_leave_in_batches_of_250_five_seconds_apart() {
        let batch = rules(Channel::Sms).batch.unwrap();
        let delays = [0, 249, 250, 499, 500].map(|nth| batch.delay_secs(nth));
        assert_eq!(delays, [0, 0, 5, 5, 10]);
    }
}
