//! `cargo run -p webhook-intake --example fuzz [REQUESTS] [SEED]`: fuzzed requests through the intake, a million unless
//! told. Ends with status 1 on a 5xx or a write for a stranger; a panic ends it by itself.

#![allow(clippy::print_stdout, reason = "the report is what the command is for")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::process::ExitCode;

const REQUESTS: u64 = 1_000_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let requests = arguments.next().map_or(Ok(REQUESTS), |text| text.parse())?;
    let seed = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let report = common::run(requests, seed).await;
    println!(
        "{} requests, seed {seed}: {} server errors, {} writes for strangers, {} strangers taken",
        report.requests,
        report.server_errors(),
        report.writes_for_strangers,
        report.strangers_taken.len(),
    );
    for taken in &report.strangers_taken {
        println!("taken from a stranger: {taken:?}");
    }
    println!("answers by status: {:?}", report.statuses);
    println!("writes for providers: {}", report.writes_for_providers);
    let clean = report.server_errors() == 0
        && report.writes_for_strangers == 0
        && report.strangers_taken.is_empty();
    Ok(if clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
