//! A channel that the engine calls built is simulated, so that none is sent on that nothing has interleaved.

#![allow(clippy::unwrap_used)]

use strum::IntoEnumIterator;
use touchline_domain::channel::Channel;
use touchline_engine::channel::rules;
use touchline_simulation::{
    model::{lock, ports::Ports},
    stage::Stage,
    tasks,
};

#[test]
fn every_channel_that_has_a_sender_has_one_in_the_simulation() {
    let stage = Stage::new().unwrap();
    let now = lock(&stage.world).now;
    for channel in Channel::iter() {
        let sender = tasks::send(Ports::new(&stage.world), channel, stage.message(now));
        assert_eq!(sender.is_some(), rules(channel).built, "{channel}");
    }
}
