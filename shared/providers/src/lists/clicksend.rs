//! Inbound messages and receipts, which have the fields of their webhooks. Pages are numbered and the order is not
//! promised: all are read unless one shows that the newest come first.

use chrono::{DateTime, Utc};
use touchline_engine::poll::{Page, SourceError};

use super::{PAGE, ask, ends_before, items, read};
use crate::{clicksend::Clicksend, webhook::clicksend as told};

/// One page of the list at `path`.
pub(super) async fn page(
    clicksend: &Clicksend,
    path: &str,
    since: DateTime<Utc>,
    cursor: Option<&str>,
) -> Result<Page, SourceError> {
    let at = match cursor {
        Some(text) => Place::read(text).ok_or(SourceError::Interrupted)?,
        None => Place { page: 1, total: 0 },
    };
    let number = at.page.to_string();
    let request = clicksend
        .get(path)
        .query(&[("page", number.as_str()), ("limit", PAGE)]);
    let body = ask(request, cursor).await?;
    let data = &body["data"];
    let total = data["total"].as_u64().unwrap_or(0);
    if total < at.total {
        // Entries went out of the list, so later ones moved to pages that were read already.
        return Err(SourceError::Interrupted);
    }
    let last = data["last_page"].as_u64().unwrap_or(1);
    // Without a time it cannot be skipped for its age.
    let mut page = read(items(&body, "/data/data"), |item| told::listed(item, since));
    let next = Place {
        page: at.page + 1,
        total,
    };
    page.next = (at.page < last && !ends_before(&page, since)).then(|| next.to_string());
    Ok(page)
}

/// A page, and how many entries the list had when it was named.
struct Place {
    page: u64,
    total: u64,
}

impl Place {
    fn read(cursor: &str) -> Option<Self> {
        let (page, total) = cursor.split_once('/')?;
        Some(Self {
            page: page.parse().ok()?,
            total: total.parse().ok()?,
        })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.page, self.total)
    }
}
