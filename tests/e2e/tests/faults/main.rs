//! Each fault once, on the real template: what it ends as (invariant 8), and that nothing else is hurt.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod dead;
mod hooks;
mod lists;
mod missed;
mod poison;
mod providers;
mod schedules;

use touchline_domain::events::Provider;
use touchline_e2e::{
    bed::Bed,
    cast::{WARM_DAYS, Wanted},
    scenarios::Scenarios,
};
use touchline_stack::error::CliError;

/// A tenant of one scenario.
fn leads(name: &'static str, provider: Provider, leads: usize) -> Wanted {
    Wanted {
        name,
        provider,
        leads,
        warm_days: WARM_DAYS,
    }
}

/// A command's error as a test's.
fn told(error: CliError) -> anyhow::Error {
    anyhow::anyhow!(error.one_line())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_ends_as_the_specification_says() {
    let bed = Bed::up("faults").await.expect("the stack comes up");
    bed.next_morning().expect("the clock moves");
    let mut all = Scenarios::default();
    all.run("malformed lists", lists::end_with_codes_and_rejects(&bed))
        .await;
    all.run("malformed webhooks", hooks::are_refused_and_kept(&bed))
        .await;
    all.run(
        "malformed schedules",
        schedules::are_ignored_with_an_alarm(&bed),
    )
    .await;
    all.run("failing providers", providers::cost_nobody_a_touch(&bed))
        .await;
    all.run(
        "missed webhooks",
        missed::are_found_by_polling_and_act_once(&bed),
    )
    .await;
    let poisoned = poison::ends_in_dead_letter_queues(&bed);
    all.run("poison messages", poisoned).await;
    all.run("dead letters", dead::are_listed_shown_and_redriven(&bed))
        .await;
    all.finish().expect("every fault ends as it should");
}
