//! Text messages: template, sender, way out, one segment (SM).

use touchline_domain::{
    channel::Channel,
    contact::E164,
    message::{SmsDraft, SmsError, SmsOptOut, sms_text::DEFAULT_MAX_SEGMENTS},
    sending::{Reason, limits, resource::ResourceKind, touch::Purpose},
};

use super::{Batch, Compose, ComposeError, Composed, Draft, Rules, phone, variables};
use crate::provider::SmsMessage;

pub(super) const RULES: Rules = Rules {
    built: true,
    queue: "QUEUE_SMS",
    sent_by: Some(ResourceKind::PhoneNumber),
    keeps_sender: false,
    per_minute: Some(limits::SMS_PER_MINUTE),
    batch: Some(Batch {
        size: 250,
        gap_secs: 5,
    }),
    confirms_opt_out: true,
    has_members: false,
    reaches: |lead| lead.phone.is_some() && lead.phone_takes_sms && !lead.entity,
    address: phone::address,
    parse: phone::parse,
    ours: phone::ours,
};

/// Writes text messages.
#[derive(Clone, Copy, Debug, Default)]
pub struct SmsComposer;

impl Compose for SmsComposer {
    type Message = SmsMessage;
    const CHANNEL: Channel = Channel::Sms;

    fn compose(&self, draft: &Draft<'_>) -> Result<Composed<SmsMessage>, ComposeError> {
        let to = draft
            .lead
            .phone
            .clone()
            .ok_or_else(|| ComposeError::new(Reason::NoAddress, "the lead has no number"))?;
        let from: E164 = draft.resource.address.parse().map_err(|_| {
            ComposeError::new(
                Reason::NoResource,
                format!("{} is not a number", draft.resource.id),
            )
        })?;
        let body = match draft.answer {
            Some(answer) => answer.body.clone(),
            None => variables::body(&variables::template(draft)?.body, &variables::of(draft))?,
        };
        let body = if draft.purpose == Purpose::Confirmation {
            // It already names who writes and carries nothing else (R35).
            body
        } else {
            SmsDraft {
                persona: draft.persona,
                branding: &draft.context.branding,
                body: &body,
                opt_out: SmsOptOut::Reply,
                max_segments: DEFAULT_MAX_SEGMENTS,
            }
            .compose()?
            .text
        };
        Ok(Composed {
            message: SmsMessage {
                reference: draft.reference.clone(),
                from,
                to,
                body,
            },
            thread: None,
        })
    }
}

impl From<SmsError> for ComposeError {
    fn from(error: SmsError) -> Self {
        let reason = match error {
            SmsError::TooLong { .. } => Reason::TextTooLong,
            SmsError::Empty => Reason::TemplateInvalid,
        };
        Self::new(reason, error.to_string())
    }
}
