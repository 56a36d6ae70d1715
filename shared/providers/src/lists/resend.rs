//! Received mail, newest first, without bodies. A page continues behind the last mail of the one before.

use chrono::{DateTime, Utc};
use touchline_engine::poll::{Page, SourceError};

use super::{PAGE, ask, ends_before, items, read};
use crate::{resend::Resend, webhook::resend as told};

/// One page of it.
pub(super) async fn received(
    resend: &Resend,
    since: DateTime<Utc>,
    cursor: Option<&str>,
) -> Result<Page, SourceError> {
    let mut request = resend.get("/emails/receiving").query(&[("limit", PAGE)]);
    if let Some(after) = cursor {
        request = request.query(&[("after", after)]);
    }
    let body = ask(request, cursor).await?;
    let mut page = read(items(&body, "/data"), told::listed);
    let last = items(&body, "/data").last();
    let more = body["has_more"].as_bool() == Some(true) && !ends_before(&page, since);
    page.next = last
        .and_then(|mail| mail["id"].as_str())
        .filter(|_| more)
        .map(str::to_owned);
    Ok(page)
}
