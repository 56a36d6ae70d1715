//! Providers' lists against the simulator over HTTP: each entry is the event of its webhook, pages are followed to what
//! is old, and a failure is named for what to do next (LI).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use common::{clicksend, control, fault, patient, quiet, resend, secret, sms, twilio};
use serde_json::json;
use touchline_domain::{
    channel::Channel,
    events::{EventKind, Provider, ProviderEvent},
};
use touchline_engine::{
    poll::{Page, Source as _, SourceError},
    provider::Sends as _,
};
use touchline_providers::{
    lists::{List, Seat},
    unipile::Unipile,
    webhook::{Request, parse},
};
use touchline_simulator::{Handle, Rates, catcher};

const MEMBER: &str = "ACoAAB1234567890123456789012345678901";
const SEAT: &str = "seat-1";

fn unipile(base: &str) -> Unipile {
    Unipile::new(patient(), format!("{base}/unipile/api/v1"), secret("key"))
}

fn seat(base: &str) -> Seat {
    Seat {
        unipile: unipile(base),
        account: SEAT.to_owned(),
        tenant: "acme".parse().unwrap(),
    }
}

/// The lists of what came in, with the addresses of a message in each.
fn inbound_lists(base: &str) -> Vec<(List, &'static str, &'static str)> {
    let (lead, own) = ("+61412345678", "+61480000001");
    vec![
        (List::TwilioInbound(twilio(base, patient())), lead, own),
        (
            List::ClicksendInbound(clicksend(base, patient())),
            lead,
            own,
        ),
        (
            List::ResendReceived(resend(base, patient())),
            "bo@example.com",
            "ann@pool.example",
        ),
        (List::SeatMessages(seat(base)), MEMBER, SEAT),
    ]
}

async fn write(sim: &Handle, list: &List, from: &str, to: &str, count: usize) {
    let message = json!({
        "provider": list.feed().provider.as_str(), "from": from, "to": to, "text": "STOP",
        "count": count,
    });
    control(sim, "inbound", &message).await;
}

async fn silence(sim: &Handle) {
    let silent = json!({"silent": ["twilio", "clicksend", "resend", "unipile"]});
    control(sim, "config", &silent).await;
}

fn long_ago(sim: &Handle) -> DateTime<Utc> {
    sim.now() - TimeDelta::days(2)
}

/// All pages of a list.
async fn all(list: &List, since: DateTime<Utc>) -> (Vec<ProviderEvent>, usize) {
    let (mut events, mut pages, mut cursor) = (Vec::new(), 0, None);
    loop {
        let page: Page = list.page(since, cursor.as_deref()).await.unwrap();
        assert_eq!(page.unreadable, []);
        pages += 1;
        events.extend(page.found.into_iter().map(|entry| entry.event));
        cursor = page.next;
        if cursor.is_none() {
            return (events, pages);
        }
    }
}

/// The events of the webhooks that come to a catcher, by the parser that takes webhooks.
async fn told(sim: &Handle, caught: &catcher::Catcher) -> Vec<ProviderEvent> {
    assert!(sim.pump().await.delivered > 0);
    let now = sim.now();
    let events = caught.take().into_iter().flat_map(|request| {
        let provider = request.path.split('/').nth(2).unwrap();
        let provider: Provider = provider.parse().unwrap();
        let hook = Request {
            method: "POST",
            url: &request.path,
            headers: &request.headers,
            body: &request.body,
        };
        parse(provider, &hook, now).unwrap()
    });
    events.collect()
}

#[tokio::test]
async fn la_003_an_entry_of_a_list_is_the_event_of_its_webhook() {
    let caught = catcher::Catcher::start().await.unwrap();
    let sim = common::simulator(caught.base_url(), Rates::quiet()).await;
    let base = sim.base_url();
    for (list, from, to) in inbound_lists(&base) {
        write(&sim, &list, from, to, 1).await;
    }
    let told = told(&sim, &caught).await;
    for (list, from, to) in inbound_lists(&base) {
        let provider = list.feed().provider;
        let (listed, _) = all(&list, long_ago(&sim)).await;
        let [listed] = &listed[..] else {
            panic!("{provider}: {listed:?}");
        };
        let of_provider = told.iter().find(|event| event.provider == provider);
        let webhook = of_provider.unwrap();
        assert_eq!(listed.event_id, webhook.event_id, "{provider}");
        assert_eq!(listed.provider_message_id, webhook.provider_message_id);
        assert!((listed.at - webhook.at).abs() <= TimeDelta::seconds(2));
        let (EventKind::Reply(listed), EventKind::Reply(webhook)) = (&listed.kind, &webhook.kind)
        else {
            panic!("{provider}: {listed:?} {webhook:?}");
        };
        assert_eq!((&listed.from[..], &listed.to[..]), (from, to));
        assert_eq!(
            (&listed.text, listed.channel, &listed.fetch_id),
            (&webhook.text, webhook.channel, &webhook.fetch_id)
        );
        assert_eq!((&listed.from, &listed.to), (&webhook.from, &webhook.to));
    }
}

#[tokio::test]
async fn la_003_pages_are_followed_to_the_end_and_what_is_old_is_left() {
    const MESSAGES: usize = 230;
    let sim = quiet().await;
    let base = sim.base_url();
    silence(&sim).await;
    for (list, from, to) in inbound_lists(&base) {
        write(&sim, &list, from, to, MESSAGES).await;
        sim.pump().await;
        let (events, pages) = all(&list, long_ago(&sim)).await;
        let ids: BTreeSet<&str> = events.iter().map(|e| e.event_id.as_str()).collect();
        let provider = list.feed().provider;
        assert_eq!((ids.len(), pages), (MESSAGES, 3), "{provider}");
    }
    sim.advance(3 * 24 * 3_600);
    for (list, from, to) in inbound_lists(&base) {
        write(&sim, &list, from, to, 1).await;
        sim.pump().await;
        let since = sim.now() - TimeDelta::hours(1);
        let (events, pages) = all(&list, since).await;
        let new = events.iter().filter(|event| event.at >= since).count();
        // ClickSend promises no order, so its list is read to the end.
        let expected = if matches!(list, List::ClicksendInbound(_)) {
            3
        } else {
            1
        };
        let provider = list.feed().provider;
        assert_eq!((new, pages), (1, expected), "{provider}");
    }
}

#[tokio::test]
async fn each_failure_of_a_list_is_named_for_what_to_do_next() {
    let sim = quiet().await;
    let base = sim.base_url();
    for (list, ..) in inbound_lists(&base) {
        let provider = list.feed().provider;
        for kind in [
            "rate_limit",
            "server_error",
            "bad_gateway",
            "drop_after_accept",
        ] {
            fault(&sim, provider.as_str(), kind).await;
            let outcome = list.page(long_ago(&sim), None).await;
            let Err(SourceError::Later { code, retry_after }) = outcome else {
                panic!("{provider} {kind}: {outcome:?}");
            };
            let asked_to_wait = retry_after.is_some_and(|wait| wait.as_secs() == 2);
            assert_eq!(asked_to_wait, kind == "rate_limit", "{provider} {code}");
        }
    }
    let gone = "not-a-cursor";
    for list in [
        List::TwilioInbound(twilio(&base, patient())),
        List::ClicksendInbound(clicksend(&base, patient())),
        List::ResendReceived(resend(&base, patient())),
    ] {
        let outcome = list.page(long_ago(&sim), Some(gone)).await;
        assert_eq!(outcome, Err(SourceError::Interrupted));
    }
    let nobody = List::ResendReceived(touchline_providers::resend::Resend::new(
        patient(),
        format!("{base}/nowhere"),
        secret("k"),
    ));
    let outcome = nobody.page(long_ago(&sim), None).await;
    assert!(matches!(outcome, Err(SourceError::Refused { code }) if code == "404"));
}

#[tokio::test]
async fn a_token_is_sent_to_no_other_path_than_twilios_own_list() {
    let sim = quiet().await;
    let list = List::TwilioInbound(twilio(&sim.base_url(), patient()));
    for cursor in [
        "https://elsewhere.example/",
        "@elsewhere.example/",
        "/other?x",
    ] {
        let outcome = list.page(long_ago(&sim), Some(cursor)).await;
        assert_eq!(outcome, Err(SourceError::Interrupted), "{cursor}");
    }
}

#[tokio::test]
async fn entries_that_leave_a_numbered_list_send_its_reader_back_to_the_start() {
    let sim = quiet().await;
    let list = List::ClicksendInbound(clicksend(&sim.base_url(), patient()));
    let outcome = list.page(long_ago(&sim), Some("2/1")).await;
    assert_eq!(outcome, Err(SourceError::Interrupted));
}

#[tokio::test]
async fn failed_text_messages_are_found_with_their_touch_or_between_whom() {
    let rates = Rates {
        dead: 1.0,
        ..Rates::quiet()
    };
    let sim = common::simulator("http://127.0.0.1:9", rates).await;
    let base = sim.base_url();
    silence(&sim).await;
    let text = sms("+61412345678");
    twilio(&base, patient()).send(&text).await.unwrap();
    clicksend(&base, patient()).send(&text).await.unwrap();
    sim.advance(3_600);
    sim.pump().await;
    let failures = List::TwilioFailures(twilio(&base, patient()));
    let page = failures.page(long_ago(&sim), None).await.unwrap();
    let [failed] = &page.found[..] else {
        panic!("{page:?}");
    };
    assert!(matches!(failed.event.kind, EventKind::HardBounced { .. }));
    assert!(failed.event.event_id.ends_with(":undelivered"));
    let between = ("+61480000001".to_owned(), "+61412345678".to_owned());
    assert_eq!(failed.between, Some(between));

    let receipts = List::ClicksendReceipts(clicksend(&base, patient()));
    let (receipts, _) = all(&receipts, long_ago(&sim)).await;
    let kinds: Vec<&EventKind> = receipts.iter().map(|event| &event.kind).collect();
    assert!(matches!(
        kinds[..],
        [EventKind::Sent, EventKind::Failed { .. }]
    ));
    let token = common::reference("+61412345678").to_token();
    for receipt in &receipts {
        assert_eq!(receipt.reference.as_ref().unwrap().to_token(), token);
    }
}

#[tokio::test]
async fn la_001_a_message_of_the_seats_own_is_never_a_reply_whether_or_not_it_says_so() {
    let sim = quiet().await;
    silence(&sim).await;
    let seat = seat(&sim.base_url());
    let own = seat.unipile.own_id(SEAT).await.unwrap().unwrap();
    let list = List::SeatMessages(seat);
    // The simulator leaves `is_sender` out of every other message.
    for n in 0..6 {
        let from = if n % 3 == 0 { &own } else { MEMBER };
        write(&sim, &list, from, SEAT, 1).await;
    }
    sim.pump().await;
    let (events, _) = all(&list, long_ago(&sim)).await;
    let replies: Vec<&str> = events
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::Reply(message) => Some(message.from.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!((events.len(), replies), (6, vec![MEMBER; 4]));
}

#[tokio::test]
async fn la_016_relations_become_accepted_invitations_under_the_id_of_their_webhook() {
    let caught = catcher::Catcher::start().await.unwrap();
    let sim = common::simulator(caught.base_url(), Rates::quiet()).await;
    let relation = json!({"account": SEAT, "person": MEMBER});
    control(&sim, "relation", &relation).await;
    let told = told(&sim, &caught).await;
    let list = List::SeatRelations(seat(&sim.base_url()));
    let (listed, _) = all(&list, long_ago(&sim)).await;
    assert_eq!(listed[0].event_id, told[0].event_id);
    assert_eq!(listed[0].kind, told[0].kind);
}

#[tokio::test]
async fn la_002_a_member_has_two_names_and_a_stranger_none() {
    let sim = quiet().await;
    let unipile = unipile(&sim.base_url());
    let known = json!({"provider_id": MEMBER, "public_id": "ana-silva"});
    control(&sim, "member", &known).await;
    let member = unipile.member(SEAT, MEMBER).await.unwrap().unwrap();
    assert_eq!(member.public_id.as_deref(), Some("ana-silva"));
    assert_eq!(member.provider_id.as_deref(), Some(MEMBER));
    assert_eq!(unipile.member(SEAT, "nobody").await.unwrap(), None);
    assert!(unipile.attendees(SEAT, "no-chat").await.unwrap().is_empty());

    let list = List::SeatMessages(seat(&sim.base_url()));
    silence(&sim).await;
    write(&sim, &list, MEMBER, SEAT, 1).await;
    sim.pump().await;
    let (events, _) = all(&list, long_ago(&sim)).await;
    let EventKind::Reply(message) = &events[0].kind else {
        panic!("{events:?}");
    };
    assert_eq!(message.channel, Some(Channel::Linkedin));
    let chat = &message.headers[0].1;
    let others = unipile.attendees(SEAT, chat).await.unwrap();
    assert_eq!(others, [member]);
}

#[tokio::test]
async fn la_018_webhooks_that_are_not_registered_are_registered_once() {
    let sim = quiet().await;
    let unipile = unipile(&sim.base_url());
    let url = "https://t.example/hooks/unipile";
    let repair = async |secret_text: &str| unipile.repair_webhooks(url, &secret(secret_text)).await;
    fault(&sim, "unipile", "server_error").await;
    assert!(repair("s3cret").await.is_err());
    // The answer to the first registration is lost, though it was made.
    let lost = json!({
        "provider": "unipile", "fault": "drop_after_accept", "match": "register", "count": 1,
    });
    control(&sim, "faults", &lost).await;
    assert!(repair("s3cret").await.is_err());
    assert_eq!(repair("s3cret").await.unwrap(), 2);
    assert_eq!(repair("s3cret").await.unwrap(), 0);
    assert_eq!(repair("rotated").await.unwrap(), 3);
    assert_eq!(repair("rotated").await.unwrap(), 0);
}
