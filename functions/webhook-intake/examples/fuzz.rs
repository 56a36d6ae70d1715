//! `cargo lab fuzz`: fuzzed requests through the intake, as many as the first argument says, by the seed that the second one
//! is. `--json` prints one JSON document. Ends with status 1 on a 5xx or a write for a stranger; a panic ends it by itself.

#![allow(clippy::print_stdout, reason = "the report is what the command is for")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::process::ExitCode;

use anyhow::Context as _;
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |what: &'static str| arguments.next().context(what)?.parse().context(what);
    let (requests, seed): (u64, u64) = (number("requests")?, number("seed")?);
    let json = arguments.next().is_some_and(|text| text == "--json");
    let report = common::run(requests, seed).await;
    let strangers_taken: Vec<String> = report
        .strangers_taken
        .iter()
        .map(|taken| format!("{taken:?}"))
        .collect();
    if json {
        let document = json!({
            "requests": report.requests,
            "seed": seed,
            "server_errors": report.server_errors(),
            "writes_for_strangers": report.writes_for_strangers,
            "writes_for_providers": report.writes_for_providers,
            "strangers_taken": strangers_taken,
            "answers_by_status": report.statuses,
        });
        println!("{document:#}");
    } else {
        println!(
            "{} requests, seed {seed}: {} server errors, {} writes for strangers, {} strangers taken",
            report.requests,
            report.server_errors(),
            report.writes_for_strangers,
            strangers_taken.len(),
        );
        for taken in &strangers_taken {
            println!("taken from a stranger: {taken}");
        }
        println!("answers by status: {:?}", report.statuses);
        println!("writes for providers: {}", report.writes_for_providers);
    }
    let clean = report.server_errors() == 0
        && report.writes_for_strangers == 0
        && strangers_taken.is_empty();
    Ok(if clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
