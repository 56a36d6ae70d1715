//! The gate: each check at its bounds, their order, and what answers to a reply may pass.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use touchline_domain::{
    channel::Channel,
    country::Country,
    sending::{
        Reason,
        campaign::CampaignStatus,
        consent::{Basis, Consent},
        gate::{self, Decision, GateInput, RegisterFact, WindowFact},
        journey::{EnrolmentState, History},
        register::{RegisterPolicy, WashResult, WashStatus},
        tenant::Subscription,
        touch::Purpose,
    },
};

fn now() -> DateTime<Utc> {
    "2026-11-24T23:30:00Z".parse().unwrap()
}

fn today() -> NaiveDate {
    "2026-11-25".parse().unwrap()
}

fn days_ago(days: u64) -> Option<NaiveDate> {
    today().checked_sub_days(Days::new(days))
}

/// A text message to an Australian that nothing stands against.
fn clear() -> GateInput {
    GateInput {
        now: now(),
        local_date: today(),
        purpose: Purpose::Step,
        channel: Channel::Sms,
        killed: false,
        subscription: Subscription::Active,
        manual_mode: false,
        campaign: CampaignStatus::Active,
        enrolment: EnrolmentState::Active,
        replied: false,
        suppressed: false,
        unusable: None,
        country: Some(Country::AU),
        register: Some(washed(WashStatus::Clear, 1)),
        consent: Some(Consent {
            given_on: days_ago(30).unwrap(),
            basis: Basis::Inferred,
        }),
        als: Some(90),
        history: History::default(),
        last_touch_on: None,
        last_on_channel_on: None,
        window: WindowFact::Open,
        budget_spent: false,
        capacity: Some(true),
        next_day_opening: None,
    }
}

fn washed(status: WashStatus, days: u64) -> RegisterFact {
    let day = days_ago(days).unwrap();
    RegisterFact {
        policy: RegisterPolicy::Required,
        result: Some(WashResult {
            status,
            washed_at: day.and_hms_opt(3, 0, 0).unwrap().and_utc(),
        }),
        received_on: Some(day),
    }
}

fn with(change: impl FnOnce(&mut GateInput)) -> GateInput {
    let mut input = clear();
    change(&mut input);
    input
}

fn reason(input: &GateInput) -> Option<Reason> {
    match gate::decide(input) {
        Decision::Send => None,
        Decision::Defer { reason, .. } | Decision::Skip { reason } | Decision::Stop { reason } => {
            Some(reason)
        }
    }
}

/// A check's id, and what makes it object.
type Objection = (&'static str, fn(&mut GateInput));

/// One objection for each check, in the order of the spec.
const OBJECTIONS: [Objection; 10] = [
    ("GATE-1", |input| input.killed = true),
    ("GATE-2", |input| input.subscription = Subscription::PastDue),
    ("GATE-3", |input| input.replied = true),
    ("GATE-4", |input| input.suppressed = true),
    ("GATE-5", |input| {
        input.register = Some(washed(WashStatus::Listed, 1));
    }),
    ("GATE-6", |input| input.als = Some(60)),
    ("GATE-7", |input| input.last_touch_on = days_ago(1)),
    ("GATE-8", |input| {
        input.window = WindowFact::Closed {
            reason: Reason::OutsideWindow,
            next_open: Some(now() + TimeDelta::hours(20)),
        };
    }),
    ("GATE-9", |input| input.budget_spent = true),
    ("GATE-10", |input| input.capacity = Some(false)),
];

#[test]
fn a_touch_that_nothing_stands_against_is_sent() {
    assert_eq!(gate::explain(&clear()), (Decision::Send, None));
}

#[test]
fn each_check_objects_by_itself_and_is_named() {
    for (id, object) in OBJECTIONS {
        let (decision, check) = gate::explain(&with(object));
        assert_ne!(decision, Decision::Send, "{id}");
        assert_eq!(check, Some(id));
    }
}

#[test]
fn gate_2_manual_mode_and_every_unpaid_state_hold_a_touch_back() {
    let manual = with(|input| input.manual_mode = true);
    assert_eq!(reason(&manual), Some(Reason::ManualMode));
    for state in [
        Subscription::PastDue,
        Subscription::Unpaid,
        Subscription::Canceled,
        Subscription::Paused,
    ] {
        let input = with(|input| input.subscription = state);
        assert_eq!(reason(&input), Some(Reason::SubscriptionInactive));
    }
    let trial = with(|input| input.subscription = Subscription::Trialing);
    assert_eq!(reason(&trial), None);
}

#[test]
fn gate_3_an_ended_enrolment_stops_and_a_paused_one_waits_for_its_date() {
    let ended = with(|input| input.enrolment = EnrolmentState::Completed);
    assert_eq!(
        gate::decide(&ended),
        Decision::Stop {
            reason: Reason::EnrolmentEnded
        }
    );
    let back = now() + TimeDelta::days(7);
    let away = with(|input| {
        input.enrolment = EnrolmentState::Paused {
            reason: Reason::OutOfOffice,
            until: Some(back),
        };
    });
    assert_eq!(
        gate::decide(&away),
        Decision::Defer {
            until: back,
            reason: Reason::OutOfOffice
        }
    );
    let returned = with(|input| {
        input.enrolment = EnrolmentState::Paused {
            reason: Reason::OutOfOffice,
            until: Some(now()),
        };
    });
    assert_eq!(gate::decide(&returned), Decision::Send);
}

#[test]
fn gate_3_a_campaign_that_is_not_running_defers_and_one_that_ended_stops() {
    for status in [
        CampaignStatus::Draft,
        CampaignStatus::Scheduled,
        CampaignStatus::Paused,
    ] {
        let input = with(|input| input.campaign = status);
        assert!(
            matches!(
                gate::decide(&input),
                Decision::Defer {
                    reason: Reason::CampaignInactive,
                    ..
                }
            ),
            "{status:?}"
        );
    }
    let over = with(|input| input.campaign = CampaignStatus::Completed);
    assert!(matches!(gate::decide(&over), Decision::Stop { .. }));
}

#[test]
fn gate_4_a_suppressed_address_stops_and_an_unusable_one_skips_its_step_only() {
    let suppressed = with(|input| input.suppressed = true);
    assert_eq!(
        gate::decide(&suppressed),
        Decision::Stop {
            reason: Reason::Suppressed
        }
    );
    let bounced = with(|input| input.unusable = Some(Reason::Bounced));
    assert_eq!(
        gate::decide(&bounced),
        Decision::Skip {
            reason: Reason::Bounced
        }
    );
}

#[test]
fn gate_5_an_australian_answer_counts_for_thirty_days_and_no_answer_never_does() {
    let on_the_last_day = with(|input| input.register = Some(washed(WashStatus::Clear, 29)));
    assert_eq!(gate::decide(&on_the_last_day), Decision::Send);
    let a_day_later = with(|input| input.register = Some(washed(WashStatus::Clear, 30)));
    assert_eq!(reason(&a_day_later), Some(Reason::DncrStale));
    let never = with(|input| {
        input.register = Some(RegisterFact {
            policy: RegisterPolicy::Required,
            result: None,
            received_on: None,
        });
    });
    assert_eq!(reason(&never), Some(Reason::DncrStale));
    let listed = with(|input| input.register = Some(washed(WashStatus::Listed, 0)));
    assert_eq!(reason(&listed), Some(Reason::DncrListed));
}

#[test]
fn gate_5_consent_is_what_the_recipients_country_demands_and_the_stricter_where_it_is_unknown() {
    let none = with(|input| input.consent = None);
    assert_eq!(reason(&none), Some(Reason::NoConsent));
    for country in [Some(Country::US), None] {
        let inferred = with(|input| {
            (input.country, input.register) = (country, None);
        });
        assert_eq!(reason(&inferred), Some(Reason::NoConsent), "{country:?}");
        let written = with(|input| {
            (input.country, input.register) = (country, None);
            input.consent = Some(Consent {
                given_on: days_ago(30).unwrap(),
                basis: Basis::ExpressWritten,
            });
        });
        assert_eq!(gate::decide(&written), Decision::Send, "{country:?}");
    }
}

#[test]
fn gate_6_a_channel_is_open_from_its_tier_upwards_and_without_a_score_none_is() {
    for (score, sms, email) in [
        (Some(85), true, true),
        (Some(84), false, true),
        (Some(20), false, true),
        (Some(19), false, false),
        (None, false, false),
    ] {
        let on = |channel| {
            with(|input| {
                (input.als, input.channel) = (score, channel);
            })
        };
        let open = |channel| reason(&on(channel)) != Some(Reason::AlsChannel);
        assert_eq!(
            (open(Channel::Sms), open(Channel::Email)),
            (sms, email),
            "{score:?}"
        );
    }
}

#[test]
fn gate_7_two_days_lie_between_touches_and_five_on_one_channel() {
    for (days, expected) in [
        (0, Some(Reason::TooRecent)),
        (1, Some(Reason::TooRecent)),
        (2, None),
    ] {
        let input = with(|input| input.last_touch_on = days_ago(days));
        assert_eq!(reason(&input), expected, "{days} days after a touch");
    }
    for (days, expected) in [(4, Some(Reason::ChannelCooldown)), (5, None)] {
        let input = with(|input| {
            input.last_touch_on = days_ago(2);
            input.last_on_channel_on = days_ago(days);
        });
        assert_eq!(reason(&input), expected, "{days} days on the channel");
    }
}

#[test]
fn gate_7_a_fourth_follow_up_is_one_too_many() {
    let after = |follow_ups| {
        with(|input| {
            input.purpose = Purpose::FollowUp;
            input.history.follow_ups = follow_ups;
        })
    };
    assert_eq!(reason(&after(2)), None);
    assert_eq!(reason(&after(3)), Some(Reason::MaxFollowUps));
}

#[test]
fn gate_9_and_10_wait_for_the_next_days_opening() {
    let opening = now() + TimeDelta::hours(23);
    for change in [
        (|input: &mut GateInput| input.budget_spent = true) as fn(&mut GateInput),
        |input| input.capacity = Some(false),
    ] {
        let input = with(|input| {
            change(input);
            input.next_day_opening = Some(opening);
        });
        assert!(matches!(gate::decide(&input), Decision::Defer { until, .. } if until == opening));
    }
}

#[test]
fn an_answer_passes_what_protects_from_unasked_messages_and_nothing_else_rep_4() {
    for (id, object) in OBJECTIONS {
        let answer = with(|input| {
            object(input);
            input.purpose = Purpose::Answer;
        });
        let passes = matches!(id, "GATE-3" | "GATE-5" | "GATE-6" | "GATE-7");
        assert_eq!(gate::decide(&answer) == Decision::Send, passes, "{id}");
    }
}

#[test]
fn only_the_confirmation_of_an_opt_out_passes_the_suppression_that_it_confirms_rep_4a() {
    for purpose in [
        Purpose::Step,
        Purpose::FollowUp,
        Purpose::Answer,
        Purpose::Confirmation,
    ] {
        let input = with(|input| {
            input.suppressed = true;
            input.purpose = purpose;
        });
        let sent = gate::decide(&input) == Decision::Send;
        assert_eq!(sent, purpose == Purpose::Confirmation, "{purpose:?}");
    }
}

proptest! {
    #[test]
    fn of_all_objections_the_first_in_the_order_of_the_spec_decides(raised in 0_u16..1024) {
        let mut input = clear();
        let mut first = None;
        for (place, (id, object)) in OBJECTIONS.iter().enumerate() {
            if raised & (1 << place) != 0 {
                object(&mut input);
                first = first.or(Some(*id));
            }
        }
        let (decision, check) = gate::explain(&input);
        prop_assert_eq!(check, first);
        prop_assert_eq!(decision == Decision::Send, raised == 0);
        prop_assert_eq!(decision, gate::decide(&input));
    }

    #[test]
    fn whatever_is_deferred_is_asked_again_later(
        raised in 1_u16..1024,
        touched in prop::option::of(0_u64..10),
        on_channel in prop::option::of(0_u64..10),
    ) {
        let mut input = with(|input| {
            input.last_touch_on = touched.and_then(days_ago);
            input.last_on_channel_on = on_channel.and_then(days_ago);
        });
        for (place, (_, object)) in OBJECTIONS.iter().enumerate() {
            if raised & (1 << place) != 0 {
                object(&mut input);
            }
        }
        if let Decision::Defer { until, .. } = gate::decide(&input) {
            prop_assert!(until > input.now);
        }
    }
}
