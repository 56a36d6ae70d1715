//! What happens to the world from outside the engine: operators pause campaigns and throw switches, the register
//! answers, clocks change, and one day nothing goes wrong any more.

use chrono::{DateTime, Duration, Utc};
use touchline_domain::{
    calendar::Zone,
    ids::LeadId,
    sending::{campaign::CampaignStatus, journey::EnrolmentState, switch::SwitchRecord},
};

use crate::{
    faults::Fault,
    model::{Act, Plan, World},
};

/// What is done to the world at once, without an invocation.
pub(crate) fn act_on_world(world: &mut World, act: Act) {
    let now = world.now;
    match act {
        Act::Campaign(id, paused) => world.contexts.change(now, |context| {
            if context.campaign.id == id {
                context.campaign.status = if paused {
                    CampaignStatus::Paused
                } else {
                    CampaignStatus::Active
                };
            }
        }),
        Act::Switch(scope, on) => world.contexts.change(now, |context| {
            let record = SwitchRecord {
                at: now,
                actor: "operator".into(),
                reason: "simulation".into(),
            };
            if on {
                context.switches.0.insert(scope.clone(), record);
            } else {
                context.switches.0.remove(&scope);
            }
        }),
        Act::Washed(number) => world.wash(number),
        Act::Calm => {
            world.faults.end();
            world.contexts.change(now, |context| {
                context.switches.0.clear();
                context.campaign.status = CampaignStatus::Active;
            });
        }
        _ => {}
    }
}

/// A lead or its campaign is paused now and goes on later.
pub(crate) fn pause_something(world: &mut World, lead: LeadId) -> Act {
    let campaign = world
        .table
        .row(&lead)
        .and_then(|row| row.journey.enrolments.first())
        .map(|enrolment| enrolment.campaign.clone());
    let later = world.now + Duration::minutes(world.rng.between(2, 600));
    match (world.rng.below(3), campaign) {
        (0, Some(campaign)) => {
            world
                .agenda
                .add(later, Plan::Act(Act::Campaign(campaign.clone(), false)));
            Act::Campaign(campaign, true)
        }
        _ => {
            world
                .agenda
                .add(later, Plan::Act(Act::Resume(lead.clone())));
            Act::Hold(lead)
        }
    }
}

/// Counts the leads with a running sequence whose clocks change between two instants.
pub(crate) fn count_dst_edges(world: &mut World, from: DateTime<Utc>, to: DateTime<Utc>) {
    if from.timestamp().div_euclid(3_600) == to.timestamp().div_euclid(3_600) {
        return;
    }
    let changes = |zone: Zone| {
        let offset = |at: DateTime<Utc>| zone.local(at) - at.naive_utc();
        offset(from) != offset(to)
    };
    let crossed = world
        .table
        .rows()
        .filter(|row| {
            row.journey
                .enrolments
                .iter()
                .any(|e| e.state == EnrolmentState::Active)
        })
        .filter(|row| row.lead.timezone.is_some_and(changes))
        .count();
    if crossed > 0 {
        world.faults.count(Fault::DstEdge, crossed as u64);
    }
}
