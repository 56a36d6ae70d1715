//! The account's messages in both directions, newest first. Pages are linked by an opaque token.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use touchline_domain::events::EventKind;
use touchline_engine::poll::{Page, SourceError};

use super::{PAGE, ask, ends_before, items, read};
use crate::{twilio::Twilio, webhook::twilio as told};

/// Inbound messages.
pub(super) async fn inbound(
    twilio: &Twilio,
    since: DateTime<Utc>,
    cursor: Option<&str>,
) -> Result<Page, SourceError> {
    page(twilio, since, cursor, told::came_in).await
}

/// What could not be delivered. That a message was sent and arrived is left to the webhook: every touch would have to be
/// looked for, and nothing follows from it.
pub(super) async fn failures(
    twilio: &Twilio,
    since: DateTime<Utc>,
    cursor: Option<&str>,
) -> Result<Page, SourceError> {
    let failed = |item: &Value| {
        let status = item["status"].as_str();
        !told::came_in(item) && matches!(status, Some("failed" | "undelivered"))
    };
    let mut page = page(twilio, since, cursor, failed).await?;
    for entry in &mut page.found {
        debug_assert!(!matches!(entry.event.kind, EventKind::Reply(_)));
        entry.between = between(&entry.raw);
    }
    Ok(page)
}

async fn page(
    twilio: &Twilio,
    since: DateTime<Utc>,
    cursor: Option<&str>,
    wanted: impl Fn(&Value) -> bool,
) -> Result<Page, SourceError> {
    let path = twilio.messages_path();
    let request = match cursor {
        // It is Twilio's own path with the filter in it; nothing else is ever asked with our token.
        Some(next) if next.starts_with(&format!("{path}?")) => twilio.get(next),
        Some(_) => return Err(SourceError::Interrupted),
        None => {
            let from = since.to_rfc3339_opts(SecondsFormat::Secs, true);
            twilio
                .get(&path)
                .query(&[("DateSent>", from.as_str()), ("PageSize", PAGE)])
        }
    };
    let body = ask(request, cursor).await?;
    let all = read(items(&body, "/messages"), told::listed);
    let mut page = read(
        items(&body, "/messages").filter(|item| wanted(item)),
        told::listed,
    );
    page.next = body["next_page_uri"]
        .as_str()
        .filter(|_| !ends_before(&all, since))
        .map(str::to_owned);
    Ok(page)
}

/// Our number and theirs.
fn between(raw: &[u8]) -> Option<(String, String)> {
    let item: Value = serde_json::from_slice(raw).ok()?;
    let text = |name: &str| item[name].as_str().map(str::to_owned);
    Some((text("from")?, text("to")?))
}
