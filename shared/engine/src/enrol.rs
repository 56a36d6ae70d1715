//! Enrols a lead in a campaign: its journey gets a first step that is due, and with it an entry in the due index.

use chrono::{DateTime, Utc};
use touchline_domain::sending::{
    Reason,
    campaign::CampaignStatus,
    journey::{EnrolmentState, Journey},
    lead::Lead,
};

use crate::{
    ports::{Context, Journeys, PortError, Saved},
    timing,
};

/// Conflicts are rare here: only something else that happens to the very same lead makes one.
const TRIES: usize = 6;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Enrolled {
    /// The lead is in the campaign now.
    New,
    /// It was before.
    Already,
    /// The lead asked not to be contacted: whoever opted out of one campaign is in none of this tenant's (REP-2).
    OptedOut,
    /// The campaign takes nobody any more.
    CampaignOver,
    /// There is no such lead.
    NoLead,
}

/// Enrols one lead.
///
/// # Errors
/// A port is not available.
pub async fn enrol<P: Journeys>(
    ports: &P,
    lead: &Lead,
    context: &Context,
    now: DateTime<Utc>,
) -> Result<Enrolled, PortError> {
    if context.campaign.status == CampaignStatus::Completed {
        return Ok(Enrolled::CampaignOver);
    }
    for _ in 0..TRIES {
        let Some((lead, mut journey)) = ports.load(&lead.tenant, &lead.id).await? else {
            return Ok(Enrolled::NoLead);
        };
        if opted_out(&journey) {
            return Ok(Enrolled::OptedOut);
        }
        let expected = journey.version;
        let start = now.max(context.campaign.starts_at);
        let campaign = &context.campaign.id;
        let Some((due_at, channel)) =
            timing::next_step(&lead, &journey, context, campaign, 0, start)
        else {
            return Ok(Enrolled::CampaignOver);
        };
        if !journey.enrol(campaign.clone(), start, due_at, channel) {
            return Ok(Enrolled::Already);
        }
        journey.version = expected + 1;
        if ports.save(&journey, expected).await? == Saved::Written {
            return Ok(Enrolled::New);
        }
    }
    Err(PortError::Unavailable {
        what: "a journey under constant change",
        cause: "too many conflicts".into(),
    })
}

/// Whether the lead opted out. Its suppressions alone do not tell: some of its addresses may be free, and what was
/// suppressed for another reason before keeps that reason.
pub(crate) fn opted_out(journey: &Journey) -> bool {
    journey.enrolments.iter().any(|e| {
        matches!(
            e.state,
            EnrolmentState::Stopped {
                reason: Reason::OptedOut | Reason::Complained
            }
        )
    })
}
