//! The variables that a template may name (SEQ-7). Only facts of this lead, this persona and this tenant; what is
//! not known is left out, so that a strict template stops instead of rendering a blank.

use std::collections::BTreeMap;

use super::{ComposeError, Draft};
use touchline_domain::{
    message::{RenderError, Template, TemplateError},
    sending::{Reason, campaign::MessageTemplate},
};

/// Every variable with a value, for one draft.
#[must_use]
pub fn of(draft: &Draft<'_>) -> BTreeMap<String, String> {
    let (lead, persona, branding) = (draft.lead, draft.persona, &draft.context.branding);
    let known = [
        ("first_name", lead.first_name.clone()),
        ("last_name", lead.last_name.clone()),
        ("full_name", lead.full_name.clone()),
        ("company", lead.company.clone()),
        ("title", lead.title.clone()),
        ("city", lead.city.clone()),
        ("state", lead.state.map(|s| s.as_str().to_owned())),
        ("sender_first_name", Some(persona.first_name.to_string())),
        ("sender_last_name", Some(persona.last_name.to_string())),
        (
            "sender_title",
            persona.title.as_ref().map(ToString::to_string),
        ),
        ("sender_company", Some(branding.company.to_string())),
        (
            "calendar_link",
            persona.calendar_link.as_ref().map(ToString::to_string),
        ),
    ];
    let extra = lead
        .extra
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()));
    // A column of the file never overrides a fact of ours.
    extra
        .chain(
            known
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?))),
        )
        .collect()
}

/// The template of the draft's message.
///
/// # Errors
/// The campaign has no words for the channel.
pub fn template<'a>(draft: &Draft<'a>) -> Result<&'a MessageTemplate, ComposeError> {
    let channel = draft.channel;
    let ordinal = draft
        .journey
        .history
        .sent_by_channel
        .get(&channel)
        .copied()
        .unwrap_or(0);
    draft
        .context
        .campaign
        .template(channel, usize::from(ordinal))
        .ok_or_else(|| {
            ComposeError::new(
                Reason::TemplateInvalid,
                format!(
                    "campaign {} has no template for {channel}",
                    draft.context.campaign.id
                ),
            )
        })
}

impl From<TemplateError> for ComposeError {
    fn from(error: TemplateError) -> Self {
        Self::new(Reason::TemplateInvalid, error.to_string())
    }
}

impl From<RenderError> for ComposeError {
    fn from(error: RenderError) -> Self {
        match error {
            RenderError::Variable { name, fault, .. } => Self::new(
                Reason::TemplateVariable,
                format!("{name}: {}", fault.as_str()),
            ),
            RenderError::Blank | RenderError::TooLong => {
                Self::new(Reason::TemplateInvalid, error.to_string())
            }
        }
    }
}

/// Renders a body.
///
/// # Errors
/// See [`ComposeError`].
pub fn body(source: &str, values: &BTreeMap<String, String>) -> Result<String, ComposeError> {
    Ok(Template::parse(source)?.render(values)?)
}

/// Renders a subject line.
///
/// # Errors
/// See [`ComposeError`].
pub fn line(source: &str, values: &BTreeMap<String, String>) -> Result<String, ComposeError> {
    Ok(Template::parse_line(source)?.render_line(values)?)
}
