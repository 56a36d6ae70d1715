//! `touchline status`: what runs, how much waits in each queue, and what the stack's time is.
//! It only reads; a piece that has died is shown as such and left to `up`.

use serde::Serialize;

use touchline_stack::args::Global;
use touchline_stack::clock::rfc3339;
use touchline_stack::depth::Depth;
use touchline_stack::error::CliError;
use touchline_stack::local::{self, ProcessId, StackState};
use touchline_stack::output::table;
use touchline_stack::outputs::{Outputs, Queue};
use touchline_stack::target::{Place, Target};

#[derive(Debug, Serialize)]
struct Report {
    stack: String,
    now: String,
    pieces: Vec<Piece>,
    api_url: Option<String>,
    functions: usize,
    queues: Vec<Held>,
}

#[derive(Debug, Serialize)]
struct Piece {
    name: &'static str,
    running: bool,
    pid: Option<i32>,
    url: Option<String>,
}

#[derive(Debug, Serialize)]
struct Held {
    name: String,
    waiting: Option<u64>,
    delayed: Option<u64>,
    in_flight: Option<u64>,
    dead: Option<u64>,
}

/// Shows the stack.
///
/// # Errors
/// [`CliError`]; also when the stack is not up or does not answer.
pub async fn run(global: &Global) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let pieces = match target.place() {
        Place::Local(state) => pieces(state).await,
        Place::Aws => Vec::new(),
    };
    let answers = pieces
        .iter()
        .all(|piece| piece.running || piece.name != "emulator");
    let outputs = if answers {
        target.outputs().await?
    } else {
        Outputs::default()
    };
    let sqs = aws_sdk_sqs::Client::new(target.config());
    let queues = outputs.queues().into_iter().map(|queue| held(&sqs, queue));
    let report = Report {
        stack: target.name().to_owned(),
        now: rfc3339(target.now()?),
        pieces,
        api_url: outputs.get("ApiUrl").map(str::to_owned),
        functions: outputs.functions().count(),
        queues: futures::future::join_all(queues).await,
    };
    global.format().print(&report, human)
}

async fn pieces(state: &StackState) -> Vec<Piece> {
    let alive = |process: &Option<ProcessId>| process.as_ref().is_some_and(ProcessId::is_alive);
    let pid = |process: &Option<ProcessId>| process.as_ref().map(|process| process.pid);
    let emulator = Piece {
        name: "emulator",
        running: alive(&state.emulator) && local::answers(&state.endpoint).await,
        pid: pid(&state.emulator),
        url: Some(state.endpoint.clone()),
    };
    // Where IAM is enforced DynamoDB is the emulator's.
    let dynamodb = state.dynamodb.as_ref().map(|_| Piece {
        name: "dynamodb",
        running: alive(&state.dynamodb),
        pid: pid(&state.dynamodb),
        url: state.dynamodb_endpoint.clone(),
    });
    // Where another server stands in for the providers, none of ours is missing.
    let simulator = state.simulator.as_ref().map(|_| Piece {
        name: "simulator",
        running: alive(&state.simulator),
        pid: pid(&state.simulator),
        url: state.simulator_url.clone(),
    });
    let pieces = [Some(emulator), dynamodb, simulator];
    pieces.into_iter().flatten().collect()
}

async fn held(sqs: &aws_sdk_sqs::Client, queue: Queue) -> Held {
    let dead_letters = queue.dead_letters();
    let (live, dead) =
        futures::future::join(Depth::of(sqs, &queue.url), Depth::of(sqs, &dead_letters)).await;
    // A queue that can't be read is shown as unknown, not as empty.
    let (live, dead) = (live.ok(), dead.ok());
    Held {
        name: queue.name,
        waiting: live.map(|depth| depth.visible),
        delayed: live.map(|depth| depth.delayed),
        in_flight: live.map(|depth| depth.in_flight),
        dead: dead.map(|depth| depth.visible),
    }
}

fn human(report: &Report) -> String {
    let pieces = report.pieces.iter().map(|piece| {
        let state = if piece.running {
            "running"
        } else {
            "not running"
        };
        vec![
            piece.name.to_owned(),
            state.to_owned(),
            piece.pid.map_or_else(String::new, |pid| pid.to_string()),
            piece.url.clone().unwrap_or_default(),
        ]
    });
    let count = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), |c| c.to_string());
    let queues = report.queues.iter().map(|queue| {
        vec![
            queue.name.clone(),
            count(queue.waiting),
            count(queue.delayed),
            count(queue.in_flight),
            count(queue.dead),
        ]
    });
    let mut text = format!(
        "stack {}, {} functions, its time is {}\n",
        report.stack, report.functions, report.now
    );
    if !report.pieces.is_empty() {
        text.push_str(&table(&["piece", "state", "pid", "address"], pieces));
        text.push('\n');
    }
    if !report.queues.is_empty() {
        let header = ["queue", "waiting", "delayed", "in flight", "dead"];
        text.push_str(&table(&header, queues));
    }
    text
}
