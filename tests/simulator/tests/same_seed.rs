//! The same seed plays the same way: what leads and providers do depends on the address and the number of the
//! message, not on the order in which calls arrive.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use serde_json::{Value, json};
use touchline_simulator::{Config, Rates, catcher::Catcher, start};

/// What becomes of 60 mails that are sent in the given order: statuses of the calls, and events by recipient.
async fn play(seed: u64, order: impl Iterator<Item = u32>) -> (BTreeMap<u32, u16>, Vec<String>) {
    let catcher = Catcher::start().await.unwrap();
    let sim = start(Config {
        hook_base: catcher.base_url().to_owned(),
        seed,
        rates: Rates {
            rate_limit: 0.1,
            server_error: 0.1,
            time_out: 0.0,
            drop_after_accept: 0.0,
            ..Rates::default()
        },
        ..Config::default()
    })
    .await
    .unwrap();
    let client = reqwest::Client::new();
    let mut statuses = BTreeMap::new();
    for n in order {
        let to = format!("p{n}@example.com");
        let mail = json!({"from": "a@b.co", "to": [to], "subject": "hi", "text": "hi"});
        let url = format!("{}/resend/emails", sim.base_url());
        let answer = client
            .post(url)
            .bearer_auth("k")
            .json(&mail)
            .send()
            .await
            .unwrap();
        statuses.insert(n, answer.status().as_u16());
    }
    sim.advance(30 * 86_400);
    assert_eq!(sim.pump().await.pending, 0);
    let mut events: Vec<String> = catcher
        .take()
        .iter()
        .map(|caught| {
            let body: Value = serde_json::from_slice(&caught.body).unwrap();
            format!(
                "{} {} {}",
                body["data"]["to"][0], body["data"]["from"], body["type"]
            )
        })
        .collect();
    events.sort();
    (statuses, events)
}

#[tokio::test]
async fn the_order_of_calls_changes_nothing_and_the_seed_changes_much() {
    let forward = play(11, 0..60).await;
    assert_eq!(play(11, (0..60).rev()).await, forward);
    let failed = forward.0.values().filter(|status| **status != 200).count();
    assert!((3..25).contains(&failed), "{failed}");
    assert_ne!(play(12, 0..60).await, forward);
}
