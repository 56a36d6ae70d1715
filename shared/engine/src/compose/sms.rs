//! Writes text messages: template, sender, way out, one segment (SM).

use touchline_domain::{
    channel::Channel,
    contact::E164,
    message::{SmsDraft, SmsError, SmsOptOut, sms_text::DEFAULT_MAX_SEGMENTS},
    sending::{Reason, touch::Purpose},
};

use super::{Compose, ComposeError, Composed, Draft, variables};
use crate::provider::SmsMessage;

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
            .ok_or_else(|| fault(Reason::NoAddress, "the lead has no number"))?;
        let from: E164 = draft.resource.address.parse().map_err(|_| {
            fault(
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
        Self {
            reason,
            detail: error.to_string(),
        }
    }
}

fn fault(reason: Reason, detail: impl Into<String>) -> ComposeError {
    ComposeError {
        reason,
        detail: detail.into(),
    }
}
