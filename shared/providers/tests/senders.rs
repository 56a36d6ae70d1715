//! Each sender against the simulator over HTTP: what every outcome of a call is to the sender (SEND-1 .. SEND-3).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::time::Duration;

use common::{
    clicksend, email, fault, hasty_timeouts, look, mailers, patient, quiet, resend, sms, texters,
    twilio,
};
use touchline_domain::money::Micros;
use touchline_engine::provider::{Accepted, Reconciled, Refusal, SendError, Sends};
use touchline_providers::{
    EmailSender, SmsSender,
    http::{Timeouts, client},
};
use touchline_simulator::Handle;

/// One word per outcome.
fn word(outcome: &Result<Accepted, SendError>) -> &'static str {
    match outcome {
        Ok(_) => "accepted",
        Err(SendError::RateLimited { .. }) => "rate_limited",
        Err(SendError::Unavailable { .. }) => "unavailable",
        Err(SendError::Rejected { .. }) => "rejected",
        Err(SendError::Unknown { .. }) => "unknown",
    }
}

/// Sends once through every provider with `kind` of fault waiting for it.
async fn outcomes(sim: &Handle, kind: &str) -> Vec<Result<Accepted, SendError>> {
    let base = sim.base_url();
    let mut all = Vec::new();
    for sender in mailers(&base) {
        fault(sim, sender.provider().as_str(), kind).await;
        all.push(sender.send(&email("bo@example.com")).await);
    }
    for sender in texters(&base) {
        fault(sim, sender.provider().as_str(), kind).await;
        all.push(sender.send(&sms("+61412345678")).await);
    }
    all
}

fn words(outcomes: &[Result<Accepted, SendError>]) -> Vec<&'static str> {
    outcomes.iter().map(word).collect()
}

#[tokio::test]
async fn a_message_is_accepted_and_the_provider_knows_its_touch_and_sender() {
    let sim = quiet().await;
    let base = sim.base_url();
    for sender in mailers(&base) {
        let accepted = sender.send(&email("bo@example.com")).await.unwrap();
        assert!(!accepted.provider_message_id.is_empty());
    }
    for sender in texters(&base) {
        let accepted = sender.send(&sms("+61412345678")).await.unwrap();
        assert!(!accepted.provider_message_id.is_empty());
    }
    let ledger = look(&sim, "ledger").await;
    let rows = ledger.as_array().unwrap();
    assert_eq!(rows.len(), 4);
    for row in &rows[..2] {
        let token = common::reference("bo@example.com").to_token();
        assert_eq!(row["token"], token.as_str(), "{row}");
        assert_eq!(row["from"], "ann@pool.example");
    }
    for row in &rows[2..] {
        let token = common::reference("+61412345678").to_token();
        assert_eq!(row["token"], token.as_str(), "{row}");
    }
    assert_eq!(
        look(&sim, "ledger?since=3").await.as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn a_429_is_retried_after_the_time_that_the_provider_names_send_3() {
    let sim = quiet().await;
    let outcomes = outcomes(&sim, "rate_limit").await;
    for outcome in outcomes {
        let Err(SendError::RateLimited { retry_after, .. }) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(retry_after, Some(Duration::from_secs(2)));
    }
}

#[tokio::test]
async fn a_500_was_not_accepted_and_may_be_sent_again_send_3() {
    let sim = quiet().await;
    let outcomes = outcomes(&sim, "server_error").await;
    assert_eq!(words(&outcomes), ["unavailable"; 4]);
    assert_eq!(look(&sim, "ledger").await.as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn a_502_is_unknown_except_under_an_idempotency_key_send_2() {
    let sim = quiet().await;
    let outcomes = outcomes(&sim, "bad_gateway").await;
    let expected = ["unavailable", "unknown", "unknown", "unknown"];
    assert_eq!(words(&outcomes), expected);
}

#[tokio::test]
async fn an_answer_lost_after_acceptance_is_unknown_send_2() {
    let sim = quiet().await;
    let outcomes = outcomes(&sim, "drop_after_accept").await;
    assert_eq!(words(&outcomes), ["unknown"; 4]);
    assert_eq!(look(&sim, "ledger").await.as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_call_without_answer_is_given_up_and_unknown_send_2() {
    let sim = quiet().await;
    let base = sim.base_url();
    let hasty = || client(hasty_timeouts()).unwrap();
    for name in ["resend", "ses", "twilio", "clicksend"] {
        fault(&sim, name, "time_out").await;
    }
    let mails = [
        EmailSender::Resend(resend(&base, hasty())),
        EmailSender::Ses(common::ses(&base, hasty_timeouts())),
    ];
    for sender in mails {
        let outcome = sender.send(&email("bo@example.com")).await;
        assert_eq!(word(&outcome), "unknown", "{outcome:?}");
    }
    let texts = [
        SmsSender::Twilio(twilio(&base, hasty())),
        SmsSender::Clicksend(clicksend(&base, hasty())),
    ];
    for sender in texts {
        let outcome = sender.send(&sms("+61412345678")).await;
        assert_eq!(word(&outcome), "unknown", "{outcome:?}");
    }
}

#[tokio::test]
async fn a_refused_connection_carried_no_message_send_3() {
    // A port that was free a moment ago and has no listener.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for sender in mailers(&base) {
        let outcome = sender.send(&email("bo@example.com")).await;
        assert_eq!(word(&outcome), "unavailable", "{outcome:?}");
    }
    for sender in texters(&base) {
        let outcome = sender.send(&sms("+61412345678")).await;
        assert_eq!(word(&outcome), "unavailable", "{outcome:?}");
    }
}

#[tokio::test]
async fn a_follow_up_can_name_the_mail_as_its_recipient_saw_it_seq_6() {
    let sim = quiet().await;
    let base = sim.base_url();
    let ours = email("bo@example.com");
    let ses = common::ses(&base, Timeouts::default());
    let replaced = ses.send(&ours).await.unwrap();
    let seen = format!(
        "<{}@ap-southeast-2.amazonses.com>",
        replaced.provider_message_id
    );
    assert_eq!(replaced.message_id, Some(seen));
    let client = touchline_providers::http::client(Timeouts::default()).unwrap();
    let resend = common::resend(&base, client);
    let kept = resend.send(&ours).await.unwrap();
    assert_eq!(
        kept.message_id, None,
        "Resend keeps the id that it is given"
    );
}

#[tokio::test]
async fn ses_without_credentials_has_sent_nothing() {
    let sim = quiet().await;
    let config = aws_config::SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::latest())
        .region(aws_config::Region::new("ap-southeast-2"))
        .build();
    let endpoint = format!("{}/ses", sim.base_url());
    let ses =
        touchline_providers::ses::Ses::new(&config, Some(&endpoint), None, Timeouts::default());
    let outcome = ses.send(&email("bo@example.com")).await;
    assert_eq!(word(&outcome), "unavailable", "{outcome:?}");
    assert_eq!(look(&sim, "ledger").await.as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn a_replayed_key_gets_the_first_answer_and_is_no_second_message_send_1() {
    let sim = quiet().await;
    let sender = resend(&sim.base_url(), patient());
    fault(&sim, "resend", "drop_after_accept").await;
    let message = email("bo@example.com");
    assert_eq!(word(&sender.send(&message).await), "unknown");
    let first = sender.send(&message).await.unwrap();
    assert_eq!(sender.send(&message).await.unwrap(), first);
    let stats = look(&sim, "stats").await;
    assert_eq!(stats["entries"], 1);
    assert_eq!(stats["replays"]["resend"], 2);
    assert_eq!(stats["duplicates"], 0);
}

#[tokio::test]
async fn a_key_used_for_another_body_is_never_sent_again() {
    let sim = quiet().await;
    let sender = resend(&sim.base_url(), patient());
    let mut message = email("bo@example.com");
    sender.send(&message).await.unwrap();
    message.subject = "Another".to_owned();
    assert_eq!(word(&sender.send(&message).await), "unknown");
}

#[tokio::test]
async fn a_second_call_without_a_key_is_a_duplicate_in_the_ledger() {
    let sim = quiet().await;
    let sender = twilio(&sim.base_url(), patient());
    sender.send(&sms("+61412345678")).await.unwrap();
    sender.send(&sms("+61412345678")).await.unwrap();
    assert_eq!(look(&sim, "stats").await["duplicates"], 1);
    assert_eq!(look(&sim, "ledger").await[1]["duplicate_of"], 1);
}

#[tokio::test]
async fn twilios_refusals_say_what_to_do() {
    let sim = quiet().await;
    let sender = twilio(&sim.base_url(), patient());
    let refusal = |outcome| match outcome {
        Err(SendError::Rejected {
            refusal,
            code,
            message,
        }) => {
            assert!(!message.contains("+61"), "{message}");
            (refusal, code)
        }
        other => panic!("{other:?}"),
    };
    // The simulator takes numbers with this ending for opted out.
    let opted_out = sender.send(&sms("+61400021610")).await;
    assert_eq!(refusal(opted_out), (Refusal::OptedOut, "21610".to_owned()));
    let short = sender.send(&sms("+1234567")).await;
    assert_eq!(
        refusal(short),
        (Refusal::InvalidAddress, "21211".to_owned())
    );
    let mut long = sms("+61412345678");
    long.body = "x".repeat(1601);
    assert_eq!(
        refusal(sender.send(&long).await),
        (Refusal::Content, "21617".to_owned())
    );
}

#[tokio::test]
async fn clicksend_answers_200_for_a_refused_message_and_prices_an_accepted_one() {
    let sim = quiet().await;
    let sender = clicksend(&sim.base_url(), patient());
    let accepted = sender.send(&sms("+61412345678")).await.unwrap();
    assert_eq!(accepted.cost, Some(Micros(77_000)));
    let refused = sender.send(&sms("+1234567")).await;
    let invalid = matches!(
        refused,
        Err(SendError::Rejected {
            refusal: Refusal::InvalidAddress,
            ..
        })
    );
    assert!(invalid, "{refused:?}");
    let mut empty = sms("+61412345678");
    empty.body.clear();
    let refused = sender.send(&empty).await;
    let content = matches!(
        refused,
        Err(SendError::Rejected {
            refusal: Refusal::Content,
            ..
        })
    );
    assert!(content, "{refused:?}");
}

#[tokio::test]
async fn refused_mail_says_whether_the_address_or_the_content_is_at_fault() {
    let sim = quiet().await;
    let base = sim.base_url();
    let refusal = |outcome| match outcome {
        Err(SendError::Rejected { refusal, .. }) => refusal,
        other => panic!("{other:?}"),
    };
    // The simulator refuses the domain that RFC 2606 keeps from being used.
    let invalid = email("bo@example.invalid");
    let outcome = resend(&base, patient()).send(&invalid).await;
    assert_eq!(refusal(outcome), Refusal::InvalidAddress);
    let outcome = common::ses(&base, Timeouts::default()).send(&invalid).await;
    assert_eq!(refusal(outcome), Refusal::Content);
    let mut message = email("bo@example.com");
    message.subject.clear();
    let outcome = resend(&base, patient()).send(&message).await;
    assert_eq!(refusal(outcome), Refusal::Content);
}

#[tokio::test]
async fn an_unknown_send_is_found_in_clicksends_history_send_2() {
    let sim = quiet().await;
    let sender = clicksend(&sim.base_url(), patient());
    let message = sms("+61412345678");
    assert_eq!(
        sender.reconcile(&message.reference).await,
        Reconciled::Undecided
    );
    fault(&sim, "clicksend", "drop_after_accept").await;
    assert_eq!(word(&sender.send(&message).await), "unknown");
    let found = sender.reconcile(&message.reference).await;
    assert!(matches!(found, Reconciled::Accepted(_)), "{found:?}");
    let other = common::reference("other");
    assert_eq!(sender.reconcile(&other).await, Reconciled::Undecided);
}
