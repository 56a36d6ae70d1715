//! One conversation, as a person reads it before answering.

use chrono::{DateTime, Utc};
use futures::try_join;
use serde::Serialize;
use touchline_domain::{
    ids::{LeadId, TenantId},
    inbox::InboxMessage,
    sending::touch::Touch,
};

use super::{Conversations, Line, Timeline};
use crate::ports::{PortError, Profiles};

/// A conversation with its messages and what we sent.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// The lead's name, where it is known.
    pub name: Option<String>,
    /// Its line of the inbox.
    #[serde(flatten)]
    pub line: Line,
    /// What the lead wrote, oldest first.
    pub messages: Vec<InboxMessage>,
    /// Our touches, oldest first.
    pub sent: Vec<Touch>,
}

/// The conversation with a lead; `None` if the lead never wrote.
///
/// # Errors
/// A port is not available.
pub async fn show<I: Conversations, P: Profiles + Timeline>(
    inbox: &I,
    leads: &P,
    tenant: &TenantId,
    lead: &LeadId,
    now: DateTime<Utc>,
) -> Result<Option<Shown>, PortError> {
    let Some(talk) = inbox.read(tenant, lead).await? else {
        return Ok(None);
    };
    let (profile, messages, mut sent) = try_join!(
        leads.profile(tenant, lead),
        inbox.messages(tenant, lead),
        leads.touches_of(tenant, lead),
    )?;
    sent.sort_by_key(|touch| touch.at);
    Ok(Some(Shown {
        name: profile.and_then(|lead| lead.full_name),
        line: Line::of(talk.value, now),
        messages,
        sent,
    }))
}
