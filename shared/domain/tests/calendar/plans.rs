//! The planned minute (WIN-2).

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use touchline_domain::{
    calendar::{Opening, Purpose, Slot, check, next_send_time},
    channel::Channel,
    ids::{LeadId, TenantId},
};

use crate::fixture::{at, candidates};

fn lead(number: u32) -> (TenantId, LeadId) {
    let tenant: TenantId = "acme".parse().unwrap();
    let lead = LeadId::derive(&tenant, &format!("lead{number}@example.com"));
    (tenant, lead)
}

/// The minutes from `not_before`, an opening in Sydney, to the planned time of a first touch on `channel`.
fn minutes_after(not_before: &str, channel: Channel, slot: Slot<'_>) -> i64 {
    let (purpose, opening) = (Purpose::FirstTouch(channel), at(not_before));
    let who = candidates("AU", "NSW", "", "");
    let planned = next_send_time(purpose, &purpose.default_window(), &who, opening, slot).unwrap();
    (planned - opening).num_minutes()
}

#[test]
fn win_2_the_minutes_of_a_window_are_used_evenly() {
    const MINUTES: usize = 120;
    const LEADS: u32 = 12_000;
    for step in ["1", "2"] {
        let mut counts = [0_u32; MINUTES];
        for number in 0..LEADS {
            let (tenant, lead) = lead(number);
            let slot = Slot {
                tenant: &tenant,
                lead: &lead,
                step,
            };
            let minute = minutes_after("2026-07-06T23:00:00Z", Channel::Email, slot);
            counts[usize::try_from(minute).unwrap()] += 1;
        }
        let expected = f64::from(LEADS) / MINUTES as f64;
        let chi_square: f64 = counts
            .iter()
            .map(|n| (f64::from(*n) - expected).powi(2) / expected)
            .sum();
        // 119 degrees of freedom: mean 119, standard deviation 15.4. Both tails are suspicious.
        assert!(
            (65.0..200.0).contains(&chi_square),
            "step {step}: {chi_square}"
        );
    }
}

#[test]
fn win_2_the_minute_depends_on_tenant_lead_step_and_date() {
    let (tenant, one) = lead(1);
    let (_, two) = lead(2);
    let other: TenantId = "bravo".parse().unwrap();
    let (tuesday, wednesday) = ("2026-07-06T14:00:00Z", "2026-07-07T14:00:00Z");
    let minute = |tenant, lead, step, midnight| {
        minutes_after(midnight, Channel::Mail, Slot { tenant, lead, step })
    };
    let base = minute(&tenant, &one, "1", tuesday);
    assert_eq!(base, minute(&tenant, &one, "1", tuesday));
    assert_ne!(base, minute(&other, &one, "1", tuesday));
    assert_ne!(base, minute(&tenant, &two, "1", tuesday));
    assert_ne!(base, minute(&tenant, &one, "2", tuesday));
    assert_ne!(base, minute(&tenant, &one, "1", wednesday));
}

#[test]
fn win_2_a_plan_does_not_change_between_versions() {
    let (tenant, lead) = lead(1);
    let slot = Slot {
        tenant: &tenant,
        lead: &lead,
        step: "1",
    };
    let purpose = Purpose::FirstTouch(Channel::Email);
    let planned = next_send_time(
        purpose,
        &purpose.default_window(),
        &candidates("AU", "NSW", "", ""),
        at("2026-07-06T00:00:00Z"),
        slot,
    );
    assert_eq!(planned, Some(at("2026-07-06T00:10:00Z")));
}

#[test]
fn nothing_is_planned_for_a_recipient_who_can_never_be_reached() {
    let (tenant, lead) = lead(1);
    let slot = Slot {
        tenant: &tenant,
        lead: &lead,
        step: "1",
    };
    let purpose = Purpose::FirstTouch(Channel::Voice);
    let plan = |who| {
        next_send_time(
            purpose,
            &purpose.default_window(),
            &who,
            at("2026-07-06T00:00:00Z"),
            slot,
        )
    };
    assert_eq!(plan(candidates("", "", "", "")), None);
    assert_eq!(plan(candidates("AU", "NSW", "", "+12125550123")), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn win_2_a_planned_time_is_open_not_early_and_the_same_on_every_run_before_it(
        number in 0_u32..500,
        now in 1_767_225_600_i64..1_861_920_000,
        channel in prop::sample::select(vec![Channel::Email, Channel::Sms, Channel::Voice, Channel::Mail]),
        state in prop::sample::select(vec!["NSW", "WA", "QLD", "VIC", ""]),
        again in 0.0_f64..1.0,
    ) {
        let (tenant, lead) = lead(number);
        let slot = Slot { tenant: &tenant, lead: &lead, step: "3" };
        let purpose = Purpose::FirstTouch(channel);
        let window = purpose.default_window();
        let who = candidates("AU", state, "", "");
        let now: DateTime<Utc> = DateTime::from_timestamp(now, 500_000_000).unwrap();
        let planned = next_send_time(purpose, &window, &who, now, slot).unwrap();
        prop_assert!(planned >= now);
        let open = matches!(check(purpose, &window, &who, planned), Opening::Open { .. });
        prop_assert!(open, "{planned}");
        let wait = (planned - now).num_seconds() as f64;
        let later = now + TimeDelta::seconds((wait * again) as i64);
        prop_assert_eq!(next_send_time(purpose, &window, &who, later, slot), Some(planned));
    }
}
