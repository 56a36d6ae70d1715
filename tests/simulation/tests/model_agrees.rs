//! The model's conditional writes under the randomised operations that the real store is checked with. Here: that
//! the operations are worth running, and that the model itself answers as the ports promise.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;

use touchline_engine::ports::{Reserved, Saved};
use touchline_simulation::model::{
    index::shard_of,
    lock,
    operations::{Answer, Operation, apply, model, operations},
};

fn answers(seed: u64) -> Vec<(Operation, Answer)> {
    let script = operations(seed, shard_of).unwrap();
    let model = model(&script);
    script
        .operations
        .into_iter()
        .map(|operation| (operation.clone(), apply(&model, &operation).unwrap()))
        .collect()
}

#[test]
fn the_operations_of_some_seeds_meet_every_answer_that_matters() {
    let mut met = BTreeSet::new();
    for (_, answer) in (0..20).flat_map(answers) {
        met.insert(match answer {
            Answer::Saved(Saved::Written) => "written",
            Answer::Saved(Saved::Conflict) => "conflict",
            Answer::Reserved(Reserved::By(_)) => "reserved",
            Answer::Reserved(Reserved::Exhausted) => "exhausted",
            Answer::Reserved(Reserved::NotThisMinute) => "not this minute",
            Answer::New(true) => "a new signal",
            Answer::New(false) => "a known signal",
            Answer::Until(Some(_)) => "an open breaker",
            Answer::Due(due) if due.len() > 1 => "several due",
            Answer::Touch(Some(_)) => "a touch",
            Answer::Facts(facts) if facts.suppressions.iter().any(|s| s.superseded.is_some()) => {
                "a lifted suppression"
            }
            _ => continue,
        });
    }
    assert_eq!(met.len(), 11, "{met:?}");
}

#[test]
fn a_script_answers_the_same_on_every_model() {
    for seed in 0..5 {
        let of = |seed| {
            answers(seed)
                .into_iter()
                .map(|(_, answer)| answer)
                .collect::<Vec<_>>()
        };
        assert_eq!(of(seed), of(seed));
    }
}

#[test]
fn invariant_2_the_index_follows_every_journey_that_was_written() {
    for seed in 0..20 {
        let script = operations(seed, shard_of).unwrap();
        let model = model(&script);
        for operation in &script.operations {
            apply(&model, operation).unwrap();
        }
        let world = lock(&model);
        for row in world.table.rows() {
            let due = row.journey.next_due().map(|(at, channel, _)| (at, channel));
            assert_eq!(world.index.truth(&row.lead.id), due, "seed {seed}");
        }
    }
}
