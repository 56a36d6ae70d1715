//! Fuzzed requests through the whole intake: routing, verification, parsing, keeping, queueing, and the answer. The ports
//! count what is written; the seed makes a run repeatable.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "each target uses its part"
)]

#[path = "../../../../shared/providers/tests/common/signed.rs"]
mod genuine;
mod ports;
mod signing;

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue};
use lambda_http::{Body, Request, RequestExt as _};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use touchline_runtime::clock::Clock;
use webhook_intake::handler::Intake;

use self::{
    genuine::Signed,
    ports::{Counted, Held},
};

/// What providers call.
const PUBLIC_URL: &str = "https://api.example.com";
/// Changes to one request, at most.
const MOST_EDITS: usize = 6;

/// What became of the requests.
#[derive(Debug, Default)]
pub struct Report {
    /// Requests that were answered.
    pub requests: u64,
    /// Answers by status.
    pub statuses: BTreeMap<u16, u64>,
    /// Writes that a request without a valid signature caused.
    pub writes_for_strangers: u64,
    /// Writes that signed requests caused.
    pub writes_for_providers: u64,
    /// Requests without a valid signature that were answered with 2xx, to be looked at.
    pub strangers_taken: Vec<Signed>,
}

impl Report {
    /// Answers of 5xx.
    pub fn server_errors(&self) -> u64 {
        self.statuses.range(500..).map(|(_, count)| count).sum()
    }
}

/// Puts `requests` fuzzed requests through the intake. Every other one comes from a stranger: a genuine request with
/// bytes changed, at an intake that holds other secrets. The rest are signed as their provider would, over a body with
/// bytes changed, so that they reach the parsers and the ports.
pub async fn run(requests: u64, seed: u64) -> Report {
    let mut rng = StdRng::seed_from_u64(seed);
    let (strangers, providers) = (intake(Held::others()), intake(Held::known()));
    let samples = samples();
    let mut report = Report::default();
    while report.requests < requests {
        let like = samples.choose(&mut rng).expect("there are samples");
        let stranger = report.requests % 2 == 0;
        let (made, intake) = if stranger {
            (strange(like, &mut rng), &strangers)
        } else {
            (signed(like, &mut rng), &providers)
        };
        // What is no HTTP never reaches a function.
        let Some(sent) = request(&made) else { continue };
        let status = intake.handle(sent).await.status().as_u16();
        report.requests += 1;
        *report.statuses.entry(status).or_default() += 1;
        if stranger && is_hook_taken(status, like) {
            report.strangers_taken.push(made);
        }
    }
    report.writes_for_strangers = strangers.store.writes();
    report.writes_for_providers = providers.store.writes();
    report
}

/// A page may be shown to anybody; a hook answers 2xx only to its provider.
fn is_hook_taken(status: u16, like: &Signed) -> bool {
    (200..300).contains(&status) && like.url.contains("/hooks/")
}

fn intake(keys: Held) -> Intake<Counted, Held> {
    Intake {
        store: Counted::default(),
        trust: keys,
        public_url: PUBLIC_URL.to_owned(),
        clock: Clock::real(),
    }
}

/// A genuine request of each provider and scheme, at the path where the intake expects it.
fn samples() -> Vec<Signed> {
    let all = genuine::all().into_iter().chain(genuine::unsigned());
    let at_hook = |sample: Signed| Signed {
        url: format!("{PUBLIC_URL}{}", signing::path(sample.provider)),
        ..sample
    };
    let messages = genuine::sns().into_iter().map(tampered);
    let mut samples: Vec<Signed> = all.chain(messages).map(at_hook).collect();
    samples.push(Signed {
        url: format!("{PUBLIC_URL}/u/{}", ports::strange_token()),
        ..genuine::unsigned().remove(0)
    });
    samples
}

/// Stands before the id of a message that is not genuine; longer than [`MOST_EDITS`] can take away again.
const TAMPERED: &str = "not-the-one-that-was-signed-";

/// An SNS message is genuine wherever it arrives, so this one is changed where it is signed.
fn tampered(sample: Signed) -> Signed {
    let text = String::from_utf8(sample.body.clone()).unwrap();
    let field = text.find("\"MessageId\"").expect("the sample has an id") + "\"MessageId\"".len();
    let value = field + text[field..].find('"').expect("the id is text") + 1;
    let body = format!("{}{TAMPERED}{}", &text[..value], &text[value..]);
    Signed {
        body: body.into_bytes(),
        ..sample
    }
}

/// `like` with bytes changed anywhere.
fn strange(like: &Signed, rng: &mut StdRng) -> Signed {
    let mut made = like.clone();
    for _ in 0..rng.random_range(0..=MOST_EDITS) {
        match rng.random_range(0..4) {
            0 | 1 => edit(&mut made.body, rng),
            2 => edit_text(&mut made.url, rng),
            _ => {
                if !made.headers.is_empty() {
                    let at = rng.random_range(0..made.headers.len());
                    edit_text(&mut made.headers[at].1, rng);
                }
            }
        }
    }
    made
}

/// A body like that of `like` with bytes changed, signed as its provider does it.
fn signed(like: &Signed, rng: &mut StdRng) -> Signed {
    let mut body = signing::body(like.provider, rng).unwrap_or_else(|| like.body.clone());
    for _ in 0..rng.random_range(0..=MOST_EDITS) {
        edit(&mut body, rng);
    }
    signing::sign(like.provider, body, Clock::real().now())
}

fn edit(bytes: &mut Vec<u8>, rng: &mut StdRng) {
    if bytes.is_empty() {
        bytes.push(rng.random());
        return;
    }
    let at = rng.random_range(0..bytes.len());
    match rng.random_range(0..4) {
        0 => bytes[at] ^= 1 << rng.random_range(0..8),
        1 => bytes.insert(at, rng.random()),
        2 => bytes.truncate(at),
        _ => {
            bytes.remove(at);
        }
    }
}

fn edit_text(text: &mut String, rng: &mut StdRng) {
    let mut bytes = std::mem::take(text).into_bytes();
    edit(&mut bytes, rng);
    *text = String::from_utf8_lossy(&bytes).into_owned();
}

/// As API Gateway hands it over; `None` for what is no HTTP.
fn request(made: &Signed) -> Option<Request> {
    let target = made.url.strip_prefix(PUBLIC_URL).unwrap_or(&made.url);
    let uri: http::Uri = format!("{PUBLIC_URL}/{}", target.trim_start_matches('/'))
        .parse()
        .ok()?;
    let path = uri.path().to_owned();
    let mut request = http::Request::post(uri)
        .body(Body::Binary(made.body.clone()))
        .ok()?;
    for (name, value) in &made.headers {
        let name: HeaderName = name.parse().ok()?;
        let value = HeaderValue::from_bytes(value.as_bytes()).ok()?;
        request.headers_mut().append(name, value);
    }
    Some(request.with_raw_http_path(&path))
}
