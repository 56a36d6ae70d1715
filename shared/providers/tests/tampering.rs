//! A genuine request verifies; the same with one byte changed anywhere that is signed does not (HOOK-2).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/signed.rs"]
mod signed;

use signed::{SNS_PUBLIC_KEY, SNS_VERSION_2, Signed, all, sns, unsigned};
use touchline_domain::events::Provider;
use touchline_providers::webhook::{CertHosts, Request, Secrets, sns::subscribe_url, verify};

/// What a byte is changed with: another letter, another case, another half of the table.
const CHANGES: [u8; 4] = [0x01, 0x02, 0x20, 0x80];

/// All texts that differ from `text` in one byte.
fn changed(text: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..text.len()).flat_map(move |at| {
        CHANGES.into_iter().map(move |change| {
            let mut copy = text.to_vec();
            copy[at] ^= change;
            copy
        })
    })
}

fn assert_refused(request: &Signed, what: &str) {
    let verdict = request.verdict();
    assert!(
        verdict.is_err(),
        "{} passed with a changed {what}: {request:?}",
        request.provider
    );
}

fn with_headers_changed(genuine: &Signed) {
    for at in 0..genuine.headers.len() {
        for value in changed(genuine.headers[at].1.as_bytes()) {
            let Ok(value) = String::from_utf8(value) else {
                continue;
            };
            let mut request = genuine.clone();
            request.headers[at].1 = value;
            assert_refused(&request, "header");
        }
    }
}

fn with_url_changed(genuine: &Signed) {
    for url in changed(genuine.url.as_bytes()) {
        if let Ok(url) = String::from_utf8(url) {
            let mut request = genuine.clone();
            request.url = url;
            assert_refused(&request, "URL");
        }
    }
}

#[test]
fn a_signed_request_verifies_and_one_changed_byte_of_body_or_headers_does_not() {
    for genuine in all() {
        assert_eq!(genuine.verdict(), Ok(()), "{genuine:?}");
        for body in changed(&genuine.body) {
            let request = Signed {
                body,
                ..genuine.clone()
            };
            assert_refused(&request, "body");
        }
        with_headers_changed(&genuine);
        if genuine.provider == Provider::Twilio {
            with_url_changed(&genuine);
        }
    }
}

#[test]
fn a_request_with_a_fixed_secret_verifies_and_one_changed_byte_of_the_secret_does_not() {
    for genuine in unsigned() {
        assert_eq!(genuine.verdict(), Ok(()), "{genuine:?}");
        with_headers_changed(&genuine);
    }
    for genuine in &unsigned()[..2] {
        let token = genuine.url.rfind('/').unwrap() + 1;
        for tail in changed(&genuine.url.as_bytes()[token..]) {
            if let Ok(tail) = String::from_utf8(tail) {
                let mut request = genuine.clone();
                request.url = format!("{}{tail}", &genuine.url[..token]);
                assert_refused(&request, "token");
            }
        }
    }
}

#[test]
fn without_its_signature_or_with_another_secret_nothing_passes() {
    for genuine in all().into_iter().chain(unsigned()) {
        let bare = Signed {
            headers: Vec::new(),
            url: "https://api.example.com/hooks/x".to_owned(),
            ..genuine.clone()
        };
        assert_eq!(bare.verdict().unwrap_err().code(), "missing_signature");
        for secret in ["", "another"] {
            let other = Signed {
                secret,
                ..genuine.clone()
            };
            assert!(other.verdict().is_err(), "{}", genuine.provider);
        }
    }
}

#[test]
fn every_scheme_with_a_time_refuses_what_is_over_five_minutes_off_hook_2() {
    use chrono::TimeDelta;
    for genuine in all() {
        let timed = !matches!(genuine.provider, Provider::Twilio | Provider::Calcom);
        for (seconds, fresh) in [(300, true), (-300, true), (301, false), (-301, false)] {
            let moved = Signed {
                now: genuine.now + TimeDelta::seconds(seconds),
                ..genuine.clone()
            };
            let code = moved.verdict().map_err(|error| error.code());
            let expected = if fresh || !timed {
                Ok(())
            } else {
                Err("stale")
            };
            assert_eq!(code, expected, "{} at {seconds}", genuine.provider);
        }
    }
}

#[test]
fn sns_messages_of_both_versions_and_confirmations_verify() {
    for genuine in sns() {
        assert_eq!(genuine.verdict(), Ok(()), "{genuine:?}");
        let by_key = Signed {
            secret: SNS_PUBLIC_KEY,
            ..genuine
        };
        assert_eq!(by_key.verdict(), Ok(()));
    }
}

#[test]
fn an_sns_message_with_a_changed_value_does_not_verify() {
    for genuine in sns() {
        let text = String::from_utf8(genuine.body.clone()).unwrap();
        // Between quotes stand names and values; SNS signs neither spaces nor the two links that are not asked for.
        let links = text.find("\"SigningCertURL\"").unwrap();
        for at in 0..links {
            for change in CHANGES {
                let mut body = genuine.body.clone();
                body[at] ^= change;
                let same = serde_json::from_slice::<serde_json::Value>(&body).ok()
                    == serde_json::from_str(&text).ok();
                let request = Signed {
                    body,
                    ..genuine.clone()
                };
                if !same {
                    assert_refused(&request, "SNS body");
                }
            }
        }
    }
}

#[test]
fn an_sns_message_that_names_a_certificate_elsewhere_is_refused() {
    for (from, to) in [
        (
            "https://sns.ap-southeast-2.amazonaws.com/Simple",
            "https://evil.io/Simple",
        ),
        ("https://sns.ap", "http://sns.ap"),
        (".pem", ".txt"),
    ] {
        let body = SNS_VERSION_2.replace(from, to);
        let request = Signed {
            body: body.into_bytes(),
            ..sns().remove(1)
        };
        assert_eq!(request.verdict().unwrap_err().code(), "malformed", "{to}");
    }
}

#[test]
fn a_confirmation_gives_its_link_and_only_at_the_service_itself() {
    let confirmation = sns().remove(2);
    let url = subscribe_url(&confirmation.request(), &CertHosts::aws());
    assert!(
        url.unwrap()
            .starts_with("https://sns.ap-southeast-2.amazonaws.com/")
    );
    let elsewhere = String::from_utf8(confirmation.body.clone()).unwrap();
    let elsewhere = elsewhere.replace(
        "https://sns.ap-southeast-2.amazonaws.com",
        "https://evil.io",
    );
    let elsewhere = Signed {
        body: elsewhere.into_bytes(),
        ..confirmation
    };
    assert_eq!(subscribe_url(&elsewhere.request(), &CertHosts::aws()), None);
    assert_eq!(subscribe_url(&sns()[0].request(), &CertHosts::aws()), None);
}

#[test]
fn both_secrets_are_accepted_while_a_rotation_lasts() {
    for genuine in all().into_iter().chain(unsigned()).chain(sns()) {
        let secrets = |current: &str, previous: Option<&str>| Secrets {
            current: current.to_owned().into(),
            previous: previous.map(|secret| secret.to_owned().into()),
        };
        let check = |secrets: Secrets| {
            let request: Request<'_> = genuine.request();
            verify(genuine.provider, &request, &secrets, genuine.now).is_ok()
        };
        assert!(
            check(secrets("new", Some(genuine.secret))),
            "{}",
            genuine.provider
        );
        assert!(
            check(secrets(genuine.secret, Some("old"))),
            "{}",
            genuine.provider
        );
        assert!(!check(secrets("new", Some("old"))), "{}", genuine.provider);
    }
}

#[test]
fn the_register_sends_no_webhooks() {
    let request = Signed {
        provider: Provider::Dncr,
        ..unsigned().remove(0)
    };
    assert_eq!(request.verdict().unwrap_err().code(), "no_webhooks");
}
