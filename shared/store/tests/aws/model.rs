//! The simulation believes its model of the store. Here the model and the store carry out the same randomised
//! operations, and every answer has to be the same, those that read the final state included.

use rstest::rstest;
use touchline_domain::ids::LeadId;
use touchline_simulation::model::operations::{apply, model, operations, perform};
use touchline_store::keys;

use crate::{
    engine::Engine::{self, Emulator, Rust},
    schema::Stack,
};

/// Scripts, of some 150 operations each.
const SEEDS: u64 = 40;

fn shard_of(lead: &LeadId) -> u8 {
    keys::due_shard(lead).parse().unwrap()
}

async fn compare(engine: Engine, seed: u64) {
    let script = operations(seed, shard_of).unwrap();
    let (model, stack) = (model(&script), Stack::new(engine).await);
    let store = stack.store(&[]);
    let leads: Vec<_> = script.leads.iter().collect();
    store.leads.put_leads(&leads).await.unwrap();
    for (n, operation) in script.operations.iter().enumerate() {
        let expected = apply(&model, operation).unwrap();
        let answer = perform(&store, operation).await.unwrap();
        assert_eq!(
            answer, expected,
            "store and model, seed {seed}, operation {n}: {operation:?}"
        );
    }
}

#[rstest]
#[tokio::test]
async fn the_model_of_the_simulation_answers_as_the_store_does(
    #[values(Rust, Emulator)] engine: Engine,
) {
    for seed in 0..SEEDS {
        compare(engine, seed).await;
    }
}
