//! `touchline explain lead TENANT LEAD`: why was this lead contacted, or not? Every decision with its reason.

use chrono::{DateTime, Utc};
use serde::Serialize;
use touchline_domain::{
    ids::{LeadId, TenantId},
    inbox::InboxMessage,
    sending::{
        journey::Journey,
        suppression::Suppression,
        touch::{Outcome, Touch},
    },
};
use touchline_engine::desk::inbox::{Conversations as _, Timeline as _};
use touchline_engine::{
    channel, facts,
    ports::{Facts as _, Journeys as _},
};

use touchline_stack::{
    args::Global, error::CliError, output::table, records::Records, target::Target,
};

#[derive(Debug, Serialize)]
struct History {
    lead: LeadId,
    als: Option<u8>,
    journey: Journey,
    touches: Vec<Touch>,
    messages: Vec<InboxMessage>,
    suppressions: Vec<Suppression>,
    next: Option<DateTime<Utc>>,
}

/// Prints the history of one lead.
///
/// # Errors
/// There is no such lead, or the stack does not answer.
pub async fn run(global: &Global, tenant: &TenantId, lead: &str) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    let id = records.find_lead(tenant, lead).await?;
    let unknown = || CliError::usage(format!("tenant {tenant} has no lead {lead}"));
    let store = &records.store;
    let (profile, journey) = store.load(tenant, &id).await?.ok_or_else(unknown)?;
    let mut touches = store.leads.touches_of(tenant, &id).await?;
    touches.sort_by_key(|touch| touch.at);
    let mut suppressions = Vec::new();
    for channel in channel::built() {
        if let Some(address) = facts::address_of(&profile, channel) {
            let found = store.address(tenant, &address.hash(), None).await?;
            suppressions.extend(found.suppressions);
        }
    }
    let history = History {
        als: journey.score(profile.als),
        next: journey.next_due().map(|(at, _, _)| at),
        messages: store.inbox.messages(tenant, &id).await?,
        lead: id,
        journey,
        touches,
        suppressions,
    };
    global.format().print(&history, human)
}

fn human(history: &History) -> String {
    let score = history
        .als
        .map_or_else(|| "not scored".to_owned(), |als| format!("score {als}"));
    let mut text = format!("{}, {score}\n", history.lead);
    for enrolment in &history.journey.enrolments {
        let waiting = enrolment
            .waiting
            .map(|reason| format!(", last put off: {reason}"))
            .unwrap_or_default();
        let due = enrolment
            .due_at
            .map(|at| format!(", next step {} at {at}", enrolment.step + 1))
            .unwrap_or_default();
        text.push_str(&format!(
            "campaign {}: {}{due}{waiting}\n",
            enrolment.campaign,
            enrolment.state.name()
        ));
    }
    for suppression in &history.suppressions {
        text.push_str(&format!(
            "suppressed since {}: {}\n",
            suppression.at, suppression.reason
        ));
    }
    let touches = history.touches.iter().map(|touch| {
        let why = match (touch.outcome, touch.reason, &touch.detail) {
            (Outcome::Sent, _, _) => touch
                .fallback_because
                .map(|r| format!("instead, {r}"))
                .unwrap_or_default(),
            (_, Some(reason), Some(detail)) => format!("{reason}: {detail}"),
            (_, Some(reason), None) => reason.to_string(),
            (_, None, _) => String::new(),
        };
        let local = touch
            .evidence
            .as_ref()
            .map_or_else(String::new, |e| e.local_time.clone());
        vec![
            touch.at.to_rfc3339(),
            touch.channel.to_string(),
            touch.outcome.to_string(),
            why,
            local,
        ]
    });
    text.push_str(&table(
        &["when", "channel", "outcome", "why", "recipient's time"],
        touches,
    ));
    if !history.messages.is_empty() {
        let messages = history.messages.iter().map(|m| {
            vec![
                m.at.to_rfc3339(),
                m.channel.to_string(),
                m.intent.clone(),
                m.confidence.to_string(),
            ]
        });
        text.push('\n');
        text.push_str(&table(
            &["received", "channel", "read as", "confidence"],
            messages,
        ));
    }
    text
}
