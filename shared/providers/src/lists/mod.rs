//! Providers' lists of what they also tell by webhook, page by page, each entry as the event that its webhook would have
//! been: same id, same fields (LI, decision 0010). One call a page; nothing is changed at the provider.
//!
//! Not listed: Amazon SES and Salesforge, which publish no list of what came in, and SignalHouse, whose `GET /notification`
//! is documented by its name alone.

mod clicksend;
mod resend;
mod twilio;
mod unipile;

use chrono::{DateTime, Utc};
use reqwest::RequestBuilder;
use serde_json::Value;
use touchline_domain::{
    events::{Provider, ProviderEvent},
    ids::TenantId,
};
use touchline_engine::poll::{
    Feed, Found, MESSAGES, Page, SEAT_MESSAGES, SEAT_RELATIONS, STATUSES, Source, SourceError,
    Unreadable,
};

use crate::{
    clicksend::Clicksend,
    http::{CallError, Replay, call},
    resend::Resend,
    twilio::Twilio,
    unipile::Unipile,
    webhook::ParseError,
};

/// Entries asked for on a page, which every provider gives.
const PAGE: &str = "100";

/// A seat whose lists are read.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The LinkedIn provider.
    pub unipile: Unipile,
    /// Its account for the seat.
    pub account: String,
    /// The tenant of the seat.
    pub tenant: TenantId,
}

/// One list.
#[derive(Clone, Debug)]
pub enum List {
    /// Text messages that came in through Twilio.
    TwilioInbound(Twilio),
    /// Text messages that Twilio could not deliver.
    TwilioFailures(Twilio),
    /// Text messages that came in through ClickSend.
    ClicksendInbound(Clicksend),
    /// ClickSend's delivery receipts, where its rule keeps them to be asked for.
    ClicksendReceipts(Clicksend),
    /// Mail that came in through Resend.
    ResendReceived(Resend),
    /// Messages to and from a LinkedIn seat.
    SeatMessages(Seat),
    /// Accepted invitations of a LinkedIn seat.
    SeatRelations(Seat),
}

impl List {
    /// What its mark is kept under, and how it is read.
    #[must_use]
    pub fn feed(&self) -> Feed {
        let of = |provider, list, pace| Feed {
            tenant: None,
            provider,
            list,
            account: None,
            pace,
        };
        let of_seat = |seat: &Seat, list, pace| Feed {
            tenant: Some(seat.tenant.clone()),
            account: Some(seat.account.clone()),
            ..of(Provider::Unipile, list, pace)
        };
        match self {
            Self::TwilioInbound(_) => of(Provider::Twilio, "inbound", MESSAGES),
            Self::TwilioFailures(_) => of(Provider::Twilio, "failures", STATUSES),
            Self::ClicksendInbound(_) => of(Provider::Clicksend, "inbound", MESSAGES),
            Self::ClicksendReceipts(_) => of(Provider::Clicksend, "receipts", STATUSES),
            Self::ResendReceived(_) => of(Provider::Resend, "received", MESSAGES),
            Self::SeatMessages(seat) => of_seat(seat, "messages", SEAT_MESSAGES),
            Self::SeatRelations(seat) => of_seat(seat, "relations", SEAT_RELATIONS),
        }
    }
}

impl Source for List {
    async fn page(&self, since: DateTime<Utc>, cursor: Option<&str>) -> Result<Page, SourceError> {
        match self {
            Self::TwilioInbound(twilio) => twilio::inbound(twilio, since, cursor).await,
            Self::TwilioFailures(twilio) => twilio::failures(twilio, since, cursor).await,
            Self::ClicksendInbound(clicksend) => {
                clicksend::page(clicksend, "/v3/sms/inbound", since, cursor).await
            }
            Self::ClicksendReceipts(clicksend) => {
                clicksend::page(clicksend, "/v3/sms/receipts", since, cursor).await
            }
            Self::ResendReceived(resend) => resend::received(resend, since, cursor).await,
            Self::SeatMessages(seat) => unipile::messages(seat, since, cursor).await,
            Self::SeatRelations(seat) => unipile::relations(seat, since, cursor).await,
        }
    }
}

/// Asks for a page. A page that was to continue a list and is refused means that the list has to be begun again.
async fn ask(request: RequestBuilder, cursor: Option<&str>) -> Result<Value, SourceError> {
    let answer = call(request).await.map_err(later)?;
    // Reading again is harmless, so whatever the time may mend is asked for again.
    if let Some(error) = answer.transient(Replay::Recognised) {
        return Err(later(error));
    }
    let code = answer.status.as_u16().to_string();
    match answer.status.as_u16() {
        200 => {}
        400 | 404 | 410 | 422 if cursor.is_some() => return Err(SourceError::Interrupted),
        _ => return Err(SourceError::Refused { code }),
    }
    match answer.json() {
        Value::Null => Err(SourceError::Later {
            code: "unreadable_answer".to_owned(),
            retry_after: None,
        }),
        body => Ok(body),
    }
}

fn later(error: CallError) -> SourceError {
    let of = |code: String, retry_after| SourceError::Later { code, retry_after };
    match error {
        CallError::RateLimited { retry_after } => of("rate_limited".to_owned(), retry_after),
        CallError::Unavailable { code } | CallError::Unknown { code } => of(code, None),
        CallError::Unreadable(code) => of(code, None),
        CallError::Refused { code, .. } => SourceError::Refused { code },
    }
}

/// Reads the entries of a page one by one, so that one that cannot be read does not stop the others.
fn read<'a>(
    items: impl Iterator<Item = &'a Value>,
    parse: impl Fn(&Value) -> Result<ProviderEvent, ParseError>,
) -> Page {
    let mut page = Page::default();
    for item in items {
        let raw = item.to_string().into_bytes();
        match parse(item) {
            Ok(event) => page.found.push(Found {
                event,
                between: None,
                raw,
            }),
            Err(error) => page.unreadable.push(Unreadable {
                code: error.code,
                field: error.field,
                raw,
            }),
        }
    }
    page
}

/// Whether a page that is in order, newest first, ends before `since`, so that all behind it is older. A page in another
/// order says nothing about the next one.
fn ends_before(page: &Page, since: DateTime<Utc>) -> bool {
    let times: Vec<DateTime<Utc>> = page.found.iter().map(|entry| entry.event.at).collect();
    let in_order = times.is_sorted_by(|newer, older| newer >= older);
    // Entries of one and the same time show no order.
    let shown = times.first() > times.last();
    in_order && shown && times.last().is_some_and(|last| *last < since)
}

fn items<'a>(body: &'a Value, pointer: &str) -> impl Iterator<Item = &'a Value> {
    body.pointer(pointer)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use touchline_domain::events::EventKind;

    fn page(times: &[i64]) -> Page {
        let found = times.iter().map(|seconds| Found {
            event: ProviderEvent {
                event_id: seconds.to_string(),
                provider: Provider::Clicksend,
                at: DateTime::from_timestamp(*seconds, 0).unwrap(),
                reference: None,
                provider_message_id: None,
                kind: EventKind::Sent,
            },
            between: None,
            raw: Vec::new(),
        });
        Page {
            found: found.collect(),
            ..Page::default()
        }
    }

    #[test]
    fn la_003_reading_stops_at_what_is_old_only_in_a_list_that_is_newest_first() {
        let since = DateTime::from_timestamp(50, 0).unwrap();
        assert!(ends_before(&page(&[90, 60, 40]), since));
        assert!(!ends_before(&page(&[90, 60, 50]), since));
        assert!(!ends_before(&page(&[10, 20, 40]), since), "oldest first");
        assert!(!ends_before(&page(&[40, 90, 40]), since), "in no order");
        for same in [&[40][..], &[40, 40]] {
            assert!(!ends_before(&page(same), since), "one time shows no order");
        }
        assert!(!ends_before(&page(&[]), since));
    }
}
