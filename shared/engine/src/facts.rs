//! Gathers what the gate looks at from what the ports answered.

use chrono::{DateTime, Utc};
use touchline_domain::{
    channel::Channel,
    contact::Address,
    country::Country,
    ids::TouchId,
    sending::{
        Reason,
        gate::{GateInput, RegisterFact},
        journey::{EnrolmentState, Journey},
        lead::Lead,
        register,
        suppression::{Suppression, SuppressionScope},
        touch::{Evidence, RULES_VERSION},
    },
};

use crate::{
    channel,
    ports::{AddressFacts, Context},
    timing,
    work::Work,
};

/// The lead's address on a channel.
#[must_use]
pub fn address_of(lead: &Lead, channel: Channel) -> Option<Address> {
    (channel::rules(channel).address)(lead)
}

/// The country whose rules bind a touch: the number's own on channels that use one, else the lead's, else the
/// tenant's.
#[must_use]
pub fn country_of(lead: &Lead, context: &Context, channel: Channel) -> Country {
    let by_number = || {
        let phone = lead.phone.as_ref().filter(|_| channel.uses_phone())?;
        touchline_domain::contact::phone::parse(phone.as_str(), None)
            .ok()?
            .country
    };
    by_number()
        .or(lead.country)
        .unwrap_or(context.tenant.country)
}

/// Everything that the gate looks at, for one touch at one moment.
#[must_use]
pub fn gate_input(
    lead: &Lead,
    journey: &Journey,
    context: &Context,
    work: &Work,
    address: &AddressFacts,
    now: DateTime<Utc>,
) -> GateInput {
    let tenant = &context.tenant;
    let enrolment = journey.enrolment(&work.campaign);
    let recipient = timing::Place::of(lead, tenant, work.channel);
    let country = country_of(lead, context, work.channel);
    let replied = journey
        .replied_at
        .is_some_and(|at| enrolment.is_some_and(|e| e.resumed_at.unwrap_or(e.started_at) <= at));
    GateInput {
        now,
        local_date: recipient.local_date(now),
        purpose: work.purpose,
        channel: work.channel,
        killed: context
            .switches
            .stopping(&journey.tenant, &work.campaign, work.channel)
            .is_some(),
        subscription: tenant.subscription,
        manual_mode: tenant.manual_mode,
        campaign: context.campaign.status,
        enrolment: enrolment.map_or(EnrolmentState::Completed, |e| e.state.clone()),
        replied,
        suppressed: address.suppressions.iter().any(|s| s.forbids(work.channel)),
        unusable: journey.unusable.get(&work.channel).copied(),
        country: Some(country),
        register: work.channel.uses_phone().then(|| RegisterFact {
            policy: register::policy(country, work.channel, &tenant.register_policy),
            result: address.wash,
            received_on: address
                .wash
                .map(|w| register::received_on(country, w.washed_at)),
        }),
        consent: lead.consent.clone(),
        als: journey.score(lead.als),
        history: journey.history.clone(),
        last_touch_on: journey
            .history
            .last_touch_at
            .map(|at| recipient.local_date(at)),
        last_on_channel_on: journey
            .history
            .last_by_channel
            .get(&work.channel)
            .map(|at| recipient.local_date(*at)),
        window: recipient.window_for_handover(work.channel, work.purpose, now),
        budget_spent: context.budget_spent,
        capacity: None,
        next_day_opening: None,
    }
}

/// What a decision to send rested on (R37).
#[must_use]
pub fn evidence(
    lead: &Lead,
    context: &Context,
    work: &Work,
    address: &AddressFacts,
    now: DateTime<Utc>,
) -> Evidence {
    let place = timing::Place::of(lead, &context.tenant, work.channel);
    Evidence {
        local_time: place.local_time(now),
        zones: place.zone_names(),
        suppression_checked_at: now,
        washed_at: address
            .wash
            .filter(|_| work.channel.uses_phone())
            .map(|w| w.washed_at),
        consent: lead.consent.as_ref().map(|c| {
            use touchline_domain::sending::consent::Basis;
            let basis = match c.basis {
                Basis::Express { .. } => "express",
                Basis::ExpressWritten => "express_written",
                Basis::Inferred => "inferred",
                Basis::Published { .. } => "published",
            };
            format!("{basis} {}", c.given_on)
        }),
        rules: RULES_VERSION.to_owned(),
    }
}

/// The suppression that follows from a provider's answer that the recipient opted out there.
#[must_use]
pub fn opted_out_at_provider(at: DateTime<Utc>, touch: &TouchId) -> Suppression {
    Suppression {
        scope: SuppressionScope::Tenant,
        reason: Reason::OptedOut,
        at,
        actor: touch.to_string(),
        superseded: None,
    }
}
