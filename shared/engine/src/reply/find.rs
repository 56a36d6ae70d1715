//! Finds the lead who wrote: by the touch that the provider echoes, by the `Message-ID` of ours that the message answers,
//! else by the sender's address among the leads of the tenant whose address was written to. A LinkedIn member has several
//! names; the provider is asked for the others.

use std::{collections::BTreeSet, future::Future};

use touchline_domain::{
    channel::Channel,
    contact::LinkedInId,
    events::{CHAT_HEADER, InboundMessage, PROFILE_HEADER, ProviderEvent},
    ids::{LeadId, TenantId, TouchId},
    message::MessageId,
};

use super::Inbox;
use crate::{channel, ports::PortError};

/// A member of a network, as its provider names them: by an id of its own, and by the name in the profile's address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// The provider's id.
    pub provider_id: Option<String>,
    /// The public identifier, or the profile's address.
    pub public_id: Option<String>,
}

/// Who is who on a network whose messages name their sender by an id that no list of leads has.
pub trait Members: Sync {
    /// The member with an id, as our account sees them.
    fn member(
        &self,
        account: &str,
        id: &str,
    ) -> impl Future<Output = Result<Option<Member>, PortError>> + Send;

    /// The other people in a chat of our account.
    fn attendees(
        &self,
        account: &str,
        chat: &str,
    ) -> impl Future<Output = Result<Vec<Member>, PortError>> + Send;
}

/// Nobody can be asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMembers;

impl Members for NoMembers {
    async fn member(&self, _: &str, _: &str) -> Result<Option<Member>, PortError> {
        Ok(None)
    }

    async fn attendees(&self, _: &str, _: &str) -> Result<Vec<Member>, PortError> {
        Ok(Vec::new())
    }
}

/// Who wrote, and to which touch if that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Whose lead.
    pub tenant: TenantId,
    /// Which lead.
    pub lead: LeadId,
    /// The touch that is answered.
    pub touch: Option<TouchId>,
}

/// Finds the lead.
///
/// # Errors
/// A port is not available.
pub async fn find<P: Inbox, M: Members>(
    ports: &P,
    members: &M,
    tenant: Option<&TenantId>,
    event: &ProviderEvent,
    message: &InboundMessage,
    channel: Channel,
) -> Result<Option<Sender>, PortError> {
    if let Some(reference) = &event.reference {
        return Ok(Some(Sender {
            tenant: reference.tenant.clone(),
            lead: reference.lead.clone(),
            touch: Some(reference.touch.clone()),
        }));
    }
    let rules = channel::rules(channel);
    let tenant = match tenant {
        Some(tenant) => Some(tenant.clone()),
        None => ports.tenant_of_sender(&(rules.ours)(&message.to)).await?,
    };
    let Some(tenant) = tenant else {
        return Ok(None);
    };
    if rules.has_members {
        let lead = among_members(ports, members, &tenant, message).await?;
        return Ok(lead.map(|lead| Sender {
            tenant,
            lead,
            touch: None,
        }));
    }
    let answered = answered_touch(message);
    let Some(address) = (rules.parse)(&message.from) else {
        return Ok(None);
    };
    // Anyone can put an id into a header: it is believed only for a message from the lead's own address.
    if let Some(lead) = ports.lead_at(&tenant, &address).await? {
        let touch = answered
            .filter(|(_, of)| *of == lead)
            .map(|(touch, _)| touch);
        return Ok(Some(Sender {
            tenant,
            lead,
            touch,
        }));
    }
    // A person may answer from another mailbox; our unguessable id in the thread names them.
    Ok(answered.map(|(touch, lead)| Sender {
        tenant,
        lead,
        touch: Some(touch),
    }))
}

/// The lead behind a LinkedIn message: by the sender's provider id, then by what their profile says, then by the public
/// identifier that came with the message, then by who else is in the chat (LI).
async fn among_members<P: Inbox, M: Members>(
    ports: &P,
    members: &M,
    tenant: &TenantId,
    message: &InboundMessage,
) -> Result<Option<LeadId>, PortError> {
    if let Some(lead) = known_as(ports, tenant, &message.from).await? {
        return Ok(Some(lead));
    }
    if let Some(member) = members.member(&message.to, &message.from).await?
        && let Some(lead) = is_lead(ports, tenant, &member).await?
    {
        return Ok(Some(lead));
    }
    if let Some(profile) = header(message, PROFILE_HEADER)
        && let Some(lead) = known_as(ports, tenant, profile).await?
    {
        return Ok(Some(lead));
    }
    let Some(chat) = header(message, CHAT_HEADER) else {
        return Ok(None);
    };
    let mut leads = BTreeSet::new();
    for member in members.attendees(&message.to, chat).await? {
        leads.extend(is_lead(ports, tenant, &member).await?);
    }
    // Among several leads in one chat nobody can say who wrote.
    let only = if leads.len() == 1 {
        leads.pop_first()
    } else {
        None
    };
    Ok(only)
}

async fn is_lead<P: Inbox>(
    ports: &P,
    tenant: &TenantId,
    member: &Member,
) -> Result<Option<LeadId>, PortError> {
    for name in [&member.provider_id, &member.public_id]
        .into_iter()
        .flatten()
    {
        if let Some(lead) = known_as(ports, tenant, name).await? {
            return Ok(Some(lead));
        }
    }
    Ok(None)
}

async fn known_as<P: Inbox>(
    ports: &P,
    tenant: &TenantId,
    name: &str,
) -> Result<Option<LeadId>, PortError> {
    match name.parse::<LinkedInId>() {
        Ok(id) => ports.lead_at(tenant, &id.into()).await,
        Err(_) => Ok(None),
    }
}

fn header<'a>(message: &'a InboundMessage, name: &str) -> Option<&'a str> {
    message
        .headers
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// The first of our ids in `In-Reply-To`, else the last one in `References`.
fn answered_touch(message: &InboundMessage) -> Option<(TouchId, LeadId)> {
    let parent = header(message, "In-Reply-To")
        .and_then(|v| MessageId::all_in(v).iter().find_map(MessageId::touch));
    parent.or_else(|| {
        header(message, "References")
            .and_then(|v| MessageId::all_in(v).iter().rev().find_map(MessageId::touch))
    })
}
