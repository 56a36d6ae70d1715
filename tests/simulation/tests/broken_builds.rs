//! Builds that are broken on purpose must be found, each within a few seeds: an invariant that no build can break
//! proves nothing.

use touchline_simulation::{Broken, Config, Invariant, run};

/// The first violation that a broken build shows within so many seeds.
fn first_violation(broken: Broken, seeds: u64) -> Option<(u64, Invariant)> {
    (0..seeds).find_map(|seed| {
        let report = run(Config {
            broken: Some(broken),
            ..Config::of(seed)
        });
        report
            .violations
            .first()
            .map(|violation| (seed, violation.invariant))
    })
}

#[test]
fn a_build_that_skips_the_claim_is_found() {
    let found = first_violation(Broken::SkipClaim, 10);
    assert!(found.is_some());
}

#[test]
fn send_1_without_the_claim_the_same_touch_reaches_its_provider_twice() {
    let twice = (0..60).any(|seed| {
        let report = run(Config {
            broken: Some(Broken::SkipClaim),
            keep_going: true,
            ..Config::of(seed)
        });
        report
            .violations
            .iter()
            .any(|violation| violation.invariant == Invariant::AtMostOnce)
    });
    assert!(twice);
}

#[test]
fn a_build_that_removes_the_due_entry_before_queueing_is_found() {
    let found = first_violation(Broken::RemoveDueFirst, 3);
    assert_eq!(
        found.map(|(_, invariant)| invariant),
        Some(Invariant::DueIndex)
    );
}

#[test]
fn send_4_a_due_entry_removed_before_queueing_loses_a_step() {
    let lost = (0..20).any(|seed| {
        let report = run(Config {
            broken: Some(Broken::RemoveDueFirst),
            keep_going: true,
            ..Config::of(seed)
        });
        report
            .violations
            .iter()
            .any(|violation| violation.invariant == Invariant::NothingLost)
    });
    assert!(lost);
}

#[test]
fn rep_2_a_build_that_forgets_a_suppression_is_found() {
    let found = first_violation(Broken::ForgetSuppression, 100);
    assert_eq!(
        found.map(|(_, invariant)| invariant),
        Some(Invariant::OptOut)
    );
}

#[test]
fn a_build_that_checks_a_limit_before_adding_to_it_is_found() {
    // Many leads want the same few units at once.
    let found = (0..100).find_map(|seed| {
        let report = run(Config {
            leads: 160,
            broken: Some(Broken::CheckThenAdd),
            ..Config::of(seed)
        });
        let first = report.violations.first();
        first.map(|violation| (seed, violation.invariant))
    });
    assert_eq!(
        found.map(|(_, invariant)| invariant),
        Some(Invariant::Limit)
    );
}
