//! Finds the lead who wrote: by the touch that the provider echoes, by the `Message-ID` of ours that the message answers,
//! else by the sender's address among the leads of the tenant whose address was written to.

use touchline_domain::{
    channel::Channel,
    contact::{Address, AddressHash, LinkedInId, phone},
    events::{InboundMessage, ProviderEvent},
    ids::{LeadId, TenantId, TouchId},
    message::MessageId,
};

use super::Inbox;
use crate::ports::PortError;

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
pub async fn find<P: Inbox>(
    ports: &P,
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
    let tenant = match tenant {
        Some(tenant) => Some(tenant.clone()),
        None => {
            ports
                .tenant_of_sender(&our_address(&message.to, channel))
                .await?
        }
    };
    let Some(tenant) = tenant else {
        return Ok(None);
    };
    let answered = answered_touch(message);
    let Some(address) = address_of(&message.from, channel) else {
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

/// The first of our ids in `In-Reply-To`, else the last one in `References`.
fn answered_touch(message: &InboundMessage) -> Option<(TouchId, LeadId)> {
    let header = |name: &str| {
        message
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    };
    let parent =
        header("In-Reply-To").and_then(|v| MessageId::all_in(v).iter().find_map(MessageId::touch));
    parent.or_else(|| {
        header("References")
            .and_then(|v| MessageId::all_in(v).iter().rev().find_map(MessageId::touch))
    })
}

/// The hash of the sender's normalised address.
#[must_use]
pub fn address_of(from: &str, channel: Channel) -> Option<AddressHash> {
    let address = match channel {
        Channel::Email => Address::Email(bare(from).parse().ok()?),
        Channel::Sms | Channel::Voice => Address::Phone(number(from)?),
        Channel::Linkedin => Address::Linkedin(from.parse::<LinkedInId>().ok()?),
        Channel::Mail => return None,
    };
    Some(address.hash())
}

/// Our own address as the pool knows it.
fn our_address(to: &str, channel: Channel) -> String {
    match channel {
        Channel::Email => bare(to).to_lowercase(),
        Channel::Sms | Channel::Voice => {
            number(to).map_or_else(|| to.to_owned(), |n| n.as_str().to_owned())
        }
        Channel::Linkedin | Channel::Mail => to.to_owned(),
    }
}

/// Providers write numbers with and without the plus sign.
pub(crate) fn number(text: &str) -> Option<touchline_domain::contact::E164> {
    let digits = text.trim().trim_start_matches('+');
    phone::parse(&format!("+{digits}"), None)
        .ok()
        .map(|phone| phone.e164)
}

/// The address in `Ana Smith <ana@example.com>`.
fn bare(text: &str) -> &str {
    let text = text.trim();
    text.rsplit_once('<')
        .map_or(text, |(_, rest)| rest.trim_end_matches('>'))
        .trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_the_forms_that_providers_use() {
        let email = address_of("Ana Smith <Ana@Redgum.example>", Channel::Email);
        assert_eq!(email, address_of("ana@redgum.example", Channel::Email));
        let sms = address_of("61412345678", Channel::Sms);
        assert!(sms.is_some());
        assert_eq!(sms, address_of("+61412345678", Channel::Sms));
        assert_eq!(address_of("", Channel::Sms), None);
    }
}
