//! Writes `template.yaml`: what belongs to a function from the declaration beside it, what belongs to none from the texts
//! in `base`. Refuses a setting that has no value.

mod alarms;
pub mod functions;
mod lists;

use minijinja::{
    Environment, Error, ErrorKind, UndefinedBehavior, Value, context, syntax::SyntaxConfig,
    value::Serde,
};
use touchline_wiring::needs::{Folder, Needs, Queue, Retries, Table, Trigger};

use lists::{id, queue, queues, table};

/// SQS asks for six times the function's timeout, so that a slow batch is not delivered a second time.
const VISIBILITY_TIMEOUTS: u32 = 6;

/// The parts of the template, in order.
const PARTS: [(&str, &str); 7] = [
    ("head", include_str!("../base/head.yaml")),
    ("data", include_str!("../base/data.yaml")),
    ("queues", include_str!("../base/queues.yaml")),
    ("api", include_str!("../base/api.yaml")),
    ("functions", include_str!("../base/functions.yaml")),
    ("alarms", include_str!("../base/alarms.yaml")),
    ("outputs", include_str!("../base/outputs.yaml")),
];

/// The whole template for functions with these needs.
///
/// # Errors
/// A text of the base that cannot be filled in, or a setting without a value.
pub fn template(functions: &[&Needs]) -> Result<String, Error> {
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true);
    syntax.keep_trailing_newline(true);
    let mut environment = Environment::new();
    environment.set_syntax(syntax.build()?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("id", |name: &str| id(name));
    let facts = facts(functions)?;
    let parts = PARTS.iter();
    parts
        .map(|(name, text)| environment.render_named_str(name, text, facts.clone()))
        .collect()
}

fn facts(functions: &[&Needs]) -> Result<Value, Error> {
    let described: Result<Vec<Value>, Error> = functions.iter().map(|f| function(f)).collect();
    let is_sender = |needs: &&&Needs| matches!(consumes(needs), Some(Queue::Touches(_)));
    let senders = functions.iter().filter(is_sender).map(|needs| needs.name);
    let senders: Vec<&str> = senders.collect();
    let sum = |metric: &str| {
        let terms = (1..=senders.len()).map(|number| format!("{metric}{number}"));
        terms.collect::<Vec<_>>().join(" + ")
    };
    let mut all = functions.iter();
    let http = all.find(|needs| needs.triggers.contains(&Trigger::Http));
    let queues = queues().map(|of| {
        let consumer = functions.iter().find(|needs| consumes(needs) == Some(of));
        let timeout_secs = consumer
            .map_or(&&Needs::NOTHING, |needs| needs)
            .timeout_secs;
        context! { name => queue(of), visibility_secs => VISIBILITY_TIMEOUTS * timeout_secs }
    });
    Ok(context! {
        tables => lists::TABLES.map(table).to_vec(),
        providers => Serde(lists::providers().collect::<Vec<_>>()),
        queues => queues.collect::<Vec<_>>(),
        functions => described?,
        http => http.map(|needs| needs.name),
        alarms => Serde(alarms::all(functions)),
        failed_percent => format!("100 * ({}) / ({})", sum("e"), sum("i")),
        senders,
    })
}

fn function(needs: &Needs) -> Result<Value, Error> {
    let no_value = |name| Error::new(ErrorKind::InvalidOperation, format!("{name} has no value"));
    let tables = needs.tables.iter().map(|(on, actions)| {
        let index = match on {
            Table::LeadsDue => Some("due"),
            Table::LeadsListing => Some("listing"),
            _ => None,
        };
        let actions: Vec<&str> = actions.iter().map(|action| action.name()).collect();
        context! { sid => format!("{on:?}"), name => table(*on), index, actions }
    });
    let objects = [
        ("ReadObjects", "s3:GetObject", needs.reads),
        ("WriteObjects", "s3:PutObject", needs.writes),
    ];
    let objects = objects.into_iter().filter(|(_, _, of)| !of.is_empty());
    let objects = objects.map(|(sid, action, folders)| {
        let paths: Vec<&str> = folders.iter().flat_map(|of| paths(*of)).copied().collect();
        context! { sid, action, paths }
    });
    Ok(context! {
        name => needs.name,
        does => needs.does,
        memory_mb => needs.memory_mb,
        timeout_secs => needs.timeout_secs,
        settings => lists::settings(needs).map_err(no_value)?,
        retries => match needs.retries {
            Retries::None => Value::from(()),
            Retries::Again { times, within_secs } => context! { times, within_secs },
        },
        events => needs.triggers.iter().filter_map(event).collect::<Vec<_>>(),
        tables => tables.collect::<Vec<_>>(),
        objects => objects.collect::<Vec<_>>(),
        sends => needs.sends.iter().map(|of| queue(*of)).collect::<Vec<_>>(),
        consumes => consumes(needs).map(queue),
        secrets => lists::secrets(needs),
        announces => needs.announces,
        invokes_itself => needs.invokes_itself,
    })
}

/// What of the template invokes the function; requests come through the API.
fn event(trigger: &Trigger) -> Option<Value> {
    Some(match *trigger {
        Trigger::Queue {
            queue: of,
            batch,
            invocations,
            ..
        } => {
            context! { name => "Queue", type => "SQS", queue => queue(of), batch, invocations }
        }
        Trigger::Schedule(name, at) => context! { name, type => "Schedule", at },
        Trigger::Events(name, of) => {
            context! { name, type => "EventBridgeRule", of => of.join(", ") }
        }
        Trigger::Upload => context! { name => "Upload", type => "S3" },
        Trigger::Http => return None,
    })
}

/// The queue that invokes a function.
fn consumes(needs: &Needs) -> Option<Queue> {
    needs.triggers.iter().find_map(|trigger| match trigger {
        Trigger::Queue { queue, .. } => Some(*queue),
        _ => None,
    })
}

fn paths(folder: Folder) -> &'static [&'static str] {
    match folder {
        Folder::Imports => &["team_*/imports"],
        Folder::Reports => &["team_*/reports"],
        Folder::Webhooks => &["team_*/webhooks", "webhooks"],
    }
}
