//! E-mail: template, signature, identity, thread and the way out (ED, SEQ-6, R26, R28).

use touchline_domain::{
    channel::Channel,
    contact::{Address, EmailAddress},
    message::{
        EmailDraft, MessageId, ThreadParent, UnsubscribeKey, UnsubscribeLinks, UnsubscribeToken,
        WebLink, thread::HEADER_LINE_MAX,
    },
    sending::{Reason, journey::Thread, resource::ResourceKind},
};

use super::{Compose, ComposeError, Composed, Draft, Rules, variables};
use crate::provider::EmailMessage;

pub(super) const RULES: Rules = Rules {
    built: true,
    queue: "QUEUE_EMAIL",
    sent_by: Some(ResourceKind::Mailbox),
    keeps_sender: true,
    per_minute: None,
    batch: None,
    confirms_opt_out: false,
    has_members: false,
    reaches: |lead| lead.email.is_some(),
    address: |lead| lead.email.clone().map(Address::Email),
    parse: |text| bare(text).parse().ok().map(Address::Email),
    ours: |text| bare(text).to_lowercase(),
};

/// Writes e-mails.
pub struct EmailComposer {
    /// Seals the unsubscribe links.
    pub unsubscribe_key: UnsubscribeKey,
    /// Where those links lead.
    pub unsubscribe_base: WebLink,
}

impl Compose for EmailComposer {
    type Message = EmailMessage;
    const CHANNEL: Channel = Channel::Email;

    fn compose(&self, draft: &Draft<'_>) -> Result<Composed<EmailMessage>, ComposeError> {
        let to = draft
            .lead
            .email
            .as_ref()
            .ok_or_else(|| ComposeError::new(Reason::NoAddress, "the lead has no e-mail"))?;
        let from: EmailAddress = draft.resource.address.parse().map_err(|_| {
            ComposeError::new(
                Reason::NoResource,
                format!("mailbox {} has no address", draft.resource.id),
            )
        })?;
        let (subject, body) = self.words(draft)?;
        let message_id =
            MessageId::of_touch(&draft.reference.touch, &draft.reference.lead, from.domain())
                .map_err(|error| ComposeError::new(Reason::TemplateInvalid, error.to_string()))?;
        let parent = draft.enrolment.thread.as_ref().and_then(parent_of);
        let content = EmailDraft {
            persona: draft.persona,
            branding: &draft.context.branding,
            from: &from,
            reply_to: None,
            to,
            subject: &subject,
            body: &body,
            message_id: &message_id,
            parent: parent.as_ref(),
            unsubscribe: &self.links(draft, to),
        }
        .compose()
        .map_err(|error| ComposeError::new(Reason::TemplateInvalid, error.to_string()))?;
        let headers = content
            .extra_headers(HEADER_LINE_MAX)
            .into_iter()
            .filter(|(name, _)| *name != "Message-ID")
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        let thread = Some((content.subject.clone(), message_id.to_string()));
        let message = EmailMessage {
            reference: draft.reference.clone(),
            from_name: content.from_name,
            from: content.from,
            reply_to: content.reply_to,
            to: content.to,
            subject: content.subject,
            text: content.text,
            html: content.html,
            message_id: message_id.to_string(),
            headers,
        };
        Ok(Composed { message, thread })
    }
}

impl EmailComposer {
    fn words(&self, draft: &Draft<'_>) -> Result<(String, String), ComposeError> {
        if let Some(answer) = draft.answer {
            let subject = draft
                .enrolment
                .thread
                .as_ref()
                .map_or("Your reply", |t| t.subject.as_str());
            return Ok((subject.to_owned(), answer.body.clone()));
        }
        let template = variables::template(draft)?;
        let values = variables::of(draft);
        let subject = variables::line(template.subject.as_deref().unwrap_or_default(), &values)?;
        Ok((subject, variables::body(&template.body, &values)?))
    }

    fn links(&self, draft: &Draft<'_>, to: &EmailAddress) -> UnsubscribeLinks {
        let token = UnsubscribeToken {
            tenant: draft.reference.tenant.clone(),
            lead: draft.reference.lead.clone(),
            address: Address::Email(to.clone()).hash(),
            channel: draft.channel,
        };
        UnsubscribeLinks::new(&self.unsubscribe_base, &token.seal(&self.unsubscribe_key))
    }
}

/// The last message of the thread, with those before it as its references (R28).
fn parent_of(thread: &Thread) -> Option<ThreadParent> {
    let mut ids: Vec<MessageId> = thread
        .message_ids
        .iter()
        .filter_map(|id| id.parse().ok())
        .collect();
    let last = ids.pop()?;
    Some(ThreadParent {
        message_id: Some(last),
        references: ids,
        in_reply_to: Vec::new(),
        subject: thread.subject.clone(),
    })
}

/// The address in `Ana Smith <ana@example.com>`.
fn bare(text: &str) -> &str {
    let text = text.trim();
    text.rsplit_once('<')
        .map_or(text, |(_, rest)| rest.trim_end_matches('>'))
        .trim()
}
