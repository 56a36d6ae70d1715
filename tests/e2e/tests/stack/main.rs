//! The whole template on one local stack with IAM enforced: a day of the demonstration, each fault once, and chaos. Bringing a
//! stack up takes longer than most scenarios, so all of them share it, each with tenants of its own.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod chaos;
mod faults;
mod journey;

use touchline_domain::events::Provider;
use touchline_e2e::{
    bed::Bed,
    cast::{WARM_DAYS, Wanted},
    scenarios::Scenarios,
};

/// A tenant of one scenario.
fn leads(name: &'static str, provider: Provider, leads: usize) -> Wanted {
    Wanted {
        name,
        provider,
        leads,
        warm_days: WARM_DAYS,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_template_holds_a_day_each_fault_and_whatever_breaks() {
    let bed = Bed::up("e2e").await.expect("the stack comes up");
    let mut all = Scenarios::default();
    journey::run(&bed, &mut all).await;
    bed.simulator.quiet().await.expect("it keeps quiet");
    bed.next_morning().expect("the clock moves");
    faults::run(&bed, &mut all).await;
    chaos::run(&bed, &mut all).await;
    all.finish().expect("every scenario ends as it should");
}
