//! Posts webhooks whose time has come, and keeps those that were not taken for another attempt, as their
//! provider would.

use std::sync::Arc;

use chrono::TimeDelta;
use futures::{StreamExt, stream};
use serde::Serialize;

use crate::{
    hooks::{self, Post},
    sim::{Due, Sim},
};

/// Webhooks in flight at once.
const PARALLEL: usize = 16;

/// What a pump did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pumped {
    /// Webhooks answered with 2xx.
    pub delivered: u64,
    /// Webhooks that will be tried again.
    pub retrying: u64,
    /// Webhooks that were not taken and will not be tried again.
    pub given_up: u64,
    /// Events that their provider tells nobody about, or whose webhook is lost.
    pub untold: u64,
    /// Events that are not due yet.
    pub pending: u64,
}

enum Outcome {
    Delivered,
    Retrying,
    GivenUp,
    Untold,
}

/// Posts all that is due, and what becomes due meanwhile; returns when nothing is.
pub(crate) async fn pump(sim: &Arc<Sim>) -> Pumped {
    let _one_at_a_time = sim.pumping.lock().await;
    let mut pumped = Pumped::default();
    loop {
        let due = sim.take_due();
        if due.is_empty() {
            break;
        }
        let outcomes = stream::iter(due)
            .map(|due| deliver(sim, due))
            .buffer_unordered(PARALLEL);
        outcomes
            .for_each(|outcome| {
                match outcome {
                    Outcome::Delivered => pumped.delivered += 1,
                    Outcome::Retrying => pumped.retrying += 1,
                    Outcome::GivenUp => pumped.given_up += 1,
                    Outcome::Untold => pumped.untold += 1,
                }
                std::future::ready(())
            })
            .await;
    }
    let state = sim.state();
    pumped.pending = state.due.values().map(|list| list.len() as u64).sum();
    pumped
}

/// Posts the last `count` delivered webhooks again, signed anew and otherwise the same.
pub(crate) async fn redeliver(sim: &Arc<Sim>, count: usize) -> usize {
    let again: Vec<Due> = {
        let state = sim.state();
        let skip = state.told.len().saturating_sub(count);
        state.told.iter().skip(skip).cloned().collect()
    };
    let posted = stream::iter(again)
        .map(|due| async move {
            match hooks::post(sim, &due, sim.clock.now()) {
                Ok(Some(post)) => send(sim, &post).await.is_ok_and(|status| status < 300),
                _ => false,
            }
        })
        .buffer_unordered(PARALLEL);
    posted
        .filter(|taken| std::future::ready(*taken))
        .count()
        .await
}

async fn deliver(sim: &Arc<Sim>, mut due: Due) -> Outcome {
    let wire = due.provider;
    if due.attempts == 0 {
        sim.happen(&due);
    }
    let post = match hooks::post(sim, &due, sim.clock.now()) {
        Ok(Some(post)) => post,
        Ok(None) => return Outcome::Untold,
        Err(_) => return Outcome::GivenUp,
    };
    if sim.settings().silent.contains(&wire) {
        return Outcome::Untold;
    }
    let (taken, connected) = match send(sim, &post).await {
        Ok(status) => ((200..300).contains(&status), true),
        Err(connected) => (false, connected),
    };
    if taken {
        sim.remember(due);
        return Outcome::Delivered;
    }
    let mut state = sim.state();
    *state.stats.hooks_refused.entry(wire).or_default() += 1;
    let Some(wait) = wire.retries(connected).get(due.attempts) else {
        *state.stats.hooks_given_up.entry(wire).or_default() += 1;
        return Outcome::GivenUp;
    };
    due.attempts += 1;
    let at = sim.clock.now() + TimeDelta::seconds(*wait);
    state.due.entry(at).or_default().push(due);
    Outcome::Retrying
}

/// The status of the answer, or whether there was a connection at all.
async fn send(sim: &Sim, post: &Post) -> Result<u16, bool> {
    let mut request = sim.client.post(&post.url).body(post.body.clone());
    for (name, value) in &post.headers {
        request = request.header(*name, value);
    }
    match request.send().await {
        Ok(response) => {
            let status = response.status().as_u16();
            // The body is read so that the connection can be used again.
            let _ = response.bytes().await;
            Ok(status)
        }
        Err(error) => Err(!error.is_connect()),
    }
}
