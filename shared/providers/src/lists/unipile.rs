//! Messages and relations of a LinkedIn seat. Our own messages are sorted out before anything else (LI).

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use touchline_engine::poll::{Page, SourceError};

use super::{PAGE, Seat, ask, ends_before, items, later, read};
use crate::webhook::unipile as told;

/// One page of all messages of the seat.
pub(super) async fn messages(
    seat: &Seat,
    since: DateTime<Utc>,
    cursor: Option<&str>,
) -> Result<Page, SourceError> {
    let after = since.to_rfc3339_opts(SecondsFormat::Millis, true);
    let query = [("after", after.as_str())];
    let body = list(seat, "/messages", &query, cursor).await?;
    let own = match items(&body, "/items").all(told::tells_direction) {
        true => None,
        false => seat.unipile.own_id(&seat.account).await.map_err(later)?,
    };
    let page = read(items(&body, "/items"), |item| {
        told::listed_message(item, &seat.account, own.as_deref())
    });
    Ok(continued(page, &body, since))
}

/// One page of the people who accepted an invitation of the seat, or whose invitation it accepted.
pub(super) async fn relations(
    seat: &Seat,
    since: DateTime<Utc>,
    cursor: Option<&str>,
) -> Result<Page, SourceError> {
    let body = list(seat, "/users/relations", &[], cursor).await?;
    let page = read(items(&body, "/items"), |item| {
        told::listed_relation(item, &seat.account)
    });
    Ok(continued(page, &body, since))
}

async fn list(
    seat: &Seat,
    path: &str,
    query: &[(&str, &str)],
    cursor: Option<&str>,
) -> Result<Value, SourceError> {
    let mut request = seat
        .unipile
        .get(path)
        .query(&[("account_id", seat.account.as_str()), ("limit", PAGE)])
        .query(query);
    if let Some(cursor) = cursor {
        request = request.query(&[("cursor", cursor)]);
    }
    ask(request, cursor).await
}

fn continued(mut page: Page, body: &Value, since: DateTime<Utc>) -> Page {
    page.next = body["cursor"]
        .as_str()
        .filter(|cursor| !cursor.is_empty() && !ends_before(&page, since))
        .map(str::to_owned);
    page
}
