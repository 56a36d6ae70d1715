//! `touchline dlq list|show|redrive`: what no function could handle, why, and its way back (SEND-3, invariant 8).
//! It never shows an address, a text or a token, and never deletes what it has not sent back.

mod contents;
mod letters;

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand};
use serde::Serialize;

pub use contents::Contents;
pub use letters::{DeadLetters, DeadQueue, Letter, Redriven, Which};

use touchline_stack::{
    args::Global, clock::rfc3339, error::CliError, output::table, target::Target,
};

/// The short name of the queue of failed invocations, which has no queue in front of it.
const EVENTS: &str = "events";
/// The oldest message is looked for among so many; SQS itself does not tell.
const SAMPLED: usize = 100;
/// How its commands belong together.
const LESSON: &str = "\
A message that its function could not handle five times ends in its queue's dead-letter queue, and so does an upload \
or a schedule that failed after its retries (queue `events`). Nothing is lost: the lead stays due and is queued again \
by itself; a webhook's event waits here.

  touchline dlq list                      where something waits, how much, and since when
  touchline dlq show email                what it is about, and why it is here
  touchline logs send-email --filter ID   what the function said of that message
  touchline dlq redrive email --message ID, or --all
                                          back to the queue, once the cause is mended

Redriving twice, or what was handled meanwhile, does no harm: a touch is sent at most once.";

/// What to do with dead letters.
#[derive(Clone, Debug, Args)]
#[command(after_long_help = LESSON)]
pub struct DlqArgs {
    /// What.
    #[command(subcommand)]
    pub what: What,
}

/// What can be done with dead letters.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum What {
    /// Count what each dead-letter queue holds, and tell how old the oldest is.
    List,
    /// Show what messages are about: kind, ids, receives, and the reason where the message tells.
    Show {
        /// The queue: email, sms, enrich, delivery, replies, wash, events ...
        queue: String,
        /// At most so many messages.
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
    /// Send messages back to their queue, or invoke the function again with an event of `events`.
    Redrive {
        /// The queue, as in `dlq list`.
        queue: String,
        /// Only this message; its id is in `dlq show`.
        #[arg(long, value_name = "ID", conflicts_with = "all")]
        message: Option<String>,
        /// Every message that is there now.
        #[arg(long, required_unless_present = "message")]
        all: bool,
    },
}

/// One dead-letter queue in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its queue's short name.
    pub queue: String,
    /// How many messages it holds.
    pub messages: usize,
    /// When the oldest of the first hundred was sent, in the stack's time.
    pub oldest: Option<DateTime<Utc>>,
}

/// Lists, shows or redrives.
///
/// # Errors
/// There is no such queue or message, a queue does not answer, or a message could not be sent back.
pub async fn run(global: &Global, args: &DlqArgs) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let letters = DeadLetters::open(&target).await?;
    match &args.what {
        What::List => {
            let (listed, now) = (list(&letters).await?, target.now()?);
            global
                .format()
                .print(&listed, |listed| human_list(listed, now))
        }
        What::Show { queue, limit } => {
            let queue = letters.find(queue)?;
            let found = letters.look(queue, *limit).await?;
            global
                .format()
                .print(&found, |found| human_letters(&queue.name, found))
        }
        What::Redrive { queue, message, .. } => {
            let queue = letters.find(queue)?;
            let which = message.clone().map_or(Which::All, Which::One);
            let done = letters.redrive(queue, &which).await?;
            global.format().print(&done, |done| {
                format!("{} of {} redriven", done.redriven, queue.name)
            })?;
            if done.stayed > 0 {
                let stayed = anyhow::anyhow!("{} could not be sent and stayed", done.stayed);
                return Err(CliError::Failed(stayed));
            }
            Ok(())
        }
    }
}

/// Every dead-letter queue with its count and the age of its oldest message.
///
/// # Errors
/// A queue does not answer.
pub async fn list(letters: &DeadLetters) -> anyhow::Result<Vec<Listed>> {
    let counted = letters.queues().iter().map(|queue| async {
        let messages = letters.count(queue).await?;
        let oldest = match messages {
            0 => None,
            _ => letters
                .look(queue, SAMPLED)
                .await?
                .iter()
                .filter_map(|letter| letter.sent_at)
                .min(),
        };
        anyhow::Ok(Listed {
            queue: queue.name.clone(),
            messages,
            oldest,
        })
    });
    futures::future::try_join_all(counted).await
}

fn human_list(listed: &[Listed], now: DateTime<Utc>) -> String {
    let rows = listed.iter().map(|row| {
        vec![
            row.queue.clone(),
            row.messages.to_string(),
            row.oldest.map_or_else(String::new, |at| age(now - at)),
        ]
    });
    table(&["queue", "dead", "oldest"], rows)
}

fn human_letters(queue: &str, letters: &[Letter]) -> String {
    if letters.is_empty() {
        return format!("nothing is dead in {queue}");
    }
    let rows = letters.iter().map(|letter| {
        let about = letter.contents.about.iter();
        let about: Vec<String> = about
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        let unknown = "see the function's log";
        vec![
            letter.id.clone(),
            letter.contents.kind.clone(),
            about.join("\n"),
            letter.receives.to_string(),
            letter.sent_at.map(rfc3339).unwrap_or_default(),
            letter
                .contents
                .reason
                .clone()
                .unwrap_or_else(|| unknown.to_owned()),
        ]
    });
    let header = ["message", "kind", "about", "receives", "sent", "reason"];
    table(&header, rows)
}

/// A span in its largest unit: `42 s`, `7 min`, `5 h`, `3 d`.
fn age(span: TimeDelta) -> String {
    let secs = span.num_seconds().max(0);
    match secs {
        ..60 => format!("{secs} s"),
        60..3_600 => format!("{} min", secs / 60),
        3_600..86_400 => format!("{} h", secs / 3_600),
        _ => format!("{} d", secs / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Cli, Command};
    use clap::Parser as _;

    fn parsed(words: &[&str]) -> Option<What> {
        let line = ["touchline", "dlq"]
            .into_iter()
            .chain(words.iter().copied());
        match Cli::try_parse_from(line).ok()?.command {
            Command::Dlq(args) => Some(args.what),
            _ => None,
        }
    }

    #[test]
    fn a_redrive_says_what_to_redrive() {
        assert_eq!(parsed(&["redrive", "email"]), None);
        assert_eq!(
            parsed(&["redrive", "email", "--all", "--message", "m"]),
            None
        );
        assert!(matches!(
            parsed(&["redrive", "email", "--message", "m"]),
            Some(What::Redrive { message: Some(id), all: false, .. }) if id == "m"
        ));
        assert!(matches!(
            parsed(&["redrive", "email", "--all"]),
            Some(What::Redrive {
                message: None,
                all: true,
                ..
            })
        ));
    }

    #[test]
    fn an_age_is_told_in_its_largest_unit() {
        let told = |secs| age(TimeDelta::seconds(secs));
        assert_eq!(
            [59, 60, 7_200, 200_000].map(told),
            ["59 s", "1 min", "2 h", "2 d"]
        );
        assert_eq!(told(-5), "0 s");
    }
}
