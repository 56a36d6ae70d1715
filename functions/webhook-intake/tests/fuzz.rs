//! Whatever is sent to the intake: no panic, no 5xx, and no write for a caller who proved nothing (HOOK-2). Twenty
//! thousand requests here; `cargo lab fuzz` sends a million.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

const REQUESTS: u64 = 20_000;

#[tokio::test]
async fn hook_2_no_request_makes_a_server_error_and_no_stranger_makes_a_write() {
    let report = common::run(REQUESTS, 1).await;
    assert_eq!(report.requests, REQUESTS);
    assert_eq!(report.server_errors(), 0, "{report:?}");
    assert_eq!(report.writes_for_strangers, 0, "{report:?}");
    assert!(report.strangers_taken.is_empty(), "{report:?}");
}

#[tokio::test]
async fn signed_requests_do_reach_the_parsers_and_the_ports() {
    let report = common::run(REQUESTS, 2).await;
    let count = |status| report.statuses.get(&status).copied().unwrap_or(0);
    assert!(count(200) > REQUESTS / 20, "{report:?}");
    assert!(count(400) > REQUESTS / 20, "{report:?}");
    assert!(report.writes_for_providers > REQUESTS / 10, "{report:?}");
}
