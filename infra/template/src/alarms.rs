//! The alarms that follow from queues and functions. Those that are about neither stand in the base.

use serde::Serialize;
use touchline_wiring::needs::{Needs, Queue, Retries, Trigger};

use crate::lists::{id, queue, queues};

/// An alarm that rings above its threshold.
#[derive(Serialize)]
pub struct Alarm {
    id: String,
    /// What is wrong when it rings.
    about: String,
    namespace: &'static str,
    metric: &'static str,
    /// Name and value of the metric's dimension.
    dimension: String,
    statistic: &'static str,
    period_secs: u32,
    periods: u32,
    threshold: u32,
    /// Why the threshold is not the usual one.
    why: Option<&'static str>,
}

/// All of them, in the order of the template.
pub fn all(functions: &[&Needs]) -> Vec<Alarm> {
    let dead_events = Alarm {
        about: "An upload or a schedule failed after its retries".to_owned(),
        ..dead("events")
    };
    let waits = |of| wait_secs(functions, of);
    let dead = queues().map(|of| dead(&queue(of))).chain([dead_events]);
    let old = queues().filter_map(|of| Some(old(&queue(of), waits(of)?)));
    let of_functions = functions.iter().flat_map(|needs| of_function(needs));
    dead.chain(old).chain(of_functions).collect()
}

/// How long a message of this queue may wait, if a function consumes it.
fn wait_secs(functions: &[&Needs], of: Queue) -> Option<u32> {
    let mut triggers = functions.iter().flat_map(|needs| needs.triggers);
    triggers.find_map(|trigger| match trigger {
        Trigger::Queue {
            queue, wait_secs, ..
        } if *queue == of => Some(*wait_secs),
        _ => None,
    })
}

/// Somebody has to look at what lies in a dead-letter queue.
fn dead(name: &str) -> Alarm {
    let id = id(name);
    Alarm {
        id: format!("{id}Dlq"),
        about: format!("Messages of the {name} queue failed five times; see `touchline dlq`"),
        namespace: "AWS/SQS",
        metric: "ApproximateNumberOfMessagesVisible",
        dimension: format!("QueueName, Value: !GetAtt {id}Dlq.QueueName"),
        statistic: "Maximum",
        period_secs: 60,
        periods: 1,
        threshold: 0,
        why: None,
    }
}

/// The consumer does not keep up.
fn old(name: &str, wait_secs: u32) -> Alarm {
    let id = id(name);
    Alarm {
        id: format!("{id}Age"),
        about: format!("The oldest message of the {name} queue waits too long"),
        metric: "ApproximateAgeOfOldestMessage",
        dimension: format!("QueueName, Value: !GetAtt {id}Queue.QueueName"),
        periods: 3,
        threshold: wait_secs,
        ..dead(name)
    }
}

fn of_function(needs: &Needs) -> [Alarm; 2] {
    let id = id(needs.name);
    let alarm = |metric, is: &str, threshold, why| Alarm {
        id: format!("{id}{metric}"),
        about: format!("{} {is}", needs.name),
        namespace: "AWS/Lambda",
        metric,
        dimension: format!("FunctionName, Value: !Ref {id}Function"),
        statistic: "Sum",
        period_secs: 300,
        periods: 1,
        threshold,
        why,
    };
    [
        alarm("Errors", "fails", needs.errors_allowed, why(needs)),
        alarm("Throttles", "is throttled", 0, None),
    ]
}

/// Why a function rings earlier than others.
fn why(needs: &Needs) -> Option<&'static str> {
    match (needs.errors_allowed, needs.retries) {
        (0, Retries::Again { .. }) => {
            Some("It runs seldom: one failure is worth a look, though it is tried again.")
        }
        (allowed, Retries::Again { times, .. }) if allowed == times => {
            Some("It rings when a run and its tries again have all failed.")
        }
        _ => None,
    }
}
