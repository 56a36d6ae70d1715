//! Each fault once, on the real template: what it ends as (SPEC 13), and that nothing else is hurt.

mod dead;
mod hooks;
mod lists;
mod missed;
mod poison;
mod providers;
mod schedules;

use touchline_e2e::{bed::Bed, scenarios::Scenarios};
use touchline_stack::error::CliError;

/// A command's error as a test's.
fn told(error: CliError) -> anyhow::Error {
    anyhow::anyhow!(error.one_line())
}

pub async fn run(bed: &Bed, all: &mut Scenarios) {
    all.run("malformed lists", lists::end_with_codes_and_rejects(bed))
        .await;
    all.run("malformed webhooks", hooks::are_refused_and_kept(bed))
        .await;
    all.run(
        "malformed schedules",
        schedules::are_ignored_with_an_alarm(bed),
    )
    .await;
    all.run("failing providers", providers::cost_nobody_a_touch(bed))
        .await;
    all.run(
        "missed webhooks",
        missed::are_found_by_polling_and_act_once(bed),
    )
    .await;
    let poisoned = poison::ends_in_dead_letter_queues(bed);
    all.run("poison messages", poisoned).await;
    all.run("dead letters", dead::are_listed_shown_and_redriven(bed))
        .await;
}
