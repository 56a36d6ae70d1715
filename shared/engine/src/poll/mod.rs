//! Finds what a provider has and did not tell: a list of the provider's, read newest first from now back to what was read
//! before, each entry made into the event that its webhook would have been (LI, decision 0010).
//!
//! The mark moves only when everything before it is queued, and rounds overlap, so that a crash, a refusal between two
//! pages, a list that shifts while it is read, or an entry that shows up late loses nothing. What is queued twice has one
//! effect (decision 0004). Acts on nothing and knows no provider's field.

mod all;

use std::{collections::BTreeMap, future::Future, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use touchline_domain::{
    contact::Address,
    events::{EventKind, Provider, ProviderEvent, TouchRef},
    ids::{TenantId, fingerprint},
};

pub use self::all::{Reading, Report, poll_all, sum};
use crate::{
    channel,
    intake::{IntakePorts, Received, keep_and_queue, keep_unreadable},
    ports::{PortError, Saved},
};

/// Pages that one invocation reads of one list; the next one goes on where it stopped.
pub const PAGES: usize = 20;
/// Entries that a mark remembers as queued. One that is forgotten is queued once more, which does no harm.
const REMEMBERED: usize = 1_000;
/// Letters of a fingerprint that tell remembered entries apart: 80 bits.
const REMEMBERED_LETTERS: usize = 16;

/// How a list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How far a round reads behind the start of the one before: entries may show up this late and are found.
    pub overlap: TimeDelta,
    /// How far the first round of all reads back.
    pub look_back: TimeDelta,
    /// A round begins at most this often.
    pub every: TimeDelta,
}

/// Messages of people: looked for at every run.
pub const MESSAGES: Pace = Pace {
    overlap: TimeDelta::hours(2),
    look_back: TimeDelta::days(3),
    every: TimeDelta::zero(),
};
/// What became of our messages. A carrier may take ten hours to say so, and nothing hangs on the minute.
pub const STATUSES: Pace = Pace {
    overlap: TimeDelta::hours(12),
    look_back: TimeDelta::days(1),
    every: TimeDelta::minutes(55),
};
/// Messages to a LinkedIn seat. One that was disconnected brings its messages hours later.
pub const SEAT_MESSAGES: Pace = Pace {
    overlap: TimeDelta::hours(12),
    look_back: TimeDelta::days(30),
    every: TimeDelta::zero(),
};
/// Accepted invitations: they show up to eight hours late, and LinkedIn does not like to be asked often. An invitation
/// that is older than thirty days has been withdrawn (LI).
pub const SEAT_RELATIONS: Pace = Pace {
    overlap: TimeDelta::hours(12),
    look_back: TimeDelta::days(30),
    every: TimeDelta::hours(4),
};

/// One list of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Whose it is, where a list belongs to one tenant.
    pub tenant: Option<TenantId>,
    /// At whom.
    pub provider: Provider,
    /// Which list, for example `inbound`.
    pub list: &'static str,
    /// The provider's account, where there is one list for each.
    pub account: Option<String>,
    /// How it is read.
    pub pace: Pace,
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The event that its webhook would have been.
    pub event: ProviderEvent,
    /// Our address and theirs, of an event that names no touch though it is about one.
    pub between: Option<(String, String)>,
    /// The entry as the provider gave it.
    pub raw: Vec<u8>,
}

/// An entry that is not what the provider documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What is wrong with it.
    pub code: &'static str,
    /// The field at fault.
    pub field: String,
    /// The entry as the provider gave it.
    pub raw: Vec<u8>,
}

/// Some entries of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Those that can be read.
    pub found: Vec<Found>,
    /// Those that cannot.
    pub unreadable: Vec<Unreadable>,
    /// Where to go on; nothing at the end of the list, or where all that follows is older than was asked for.
    pub next: Option<String>,
}

/// Why a page could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// Not now: too many requests, unreachable, broken.
    #[error("the list is not available ({code})")]
    Later {
        /// The provider's code, or the cause.
        code: String,
        /// How long the provider asks us to wait.
        retry_after: Option<Duration>,
    },
    /// The list does not know any more where to go on; it has to be read from its beginning.
    #[error("the list cannot be continued")]
    Interrupted,
    /// The provider will not answer: the key or the request is at fault, and a person has to look.
    #[error("the list is refused ({code})")]
    Refused {
        /// The provider's code.
        code: String,
    },
}

/// A list of a provider.
pub trait Source: Sync {
    /// The page at `cursor`, or the first one. What is older than `since` may be left out.
    fn page(
        &self,
        since: DateTime<Utc>,
        cursor: Option<&str>,
    ) -> impl Future<Output = Result<Page, SourceError>> + Send;
}

/// How far a list has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Everything that was in the list at this time is queued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// The round that is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<Round>,
    /// What was queued and may be met again: part of the event's fingerprint, and the second when it happened.
    #[serde(default)]
    pub queued: BTreeMap<String, i64>,
}

/// One reading of a list, from its beginning to what is older than `since`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// How far back it reads.
    pub since: DateTime<Utc>,
    /// When its first page was read. Whatever the list gets later stands above that page, for the next round.
    pub began: DateTime<Utc>,
    /// The page to go on with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Where marks are kept, and how a touch is found that a list does not name.
pub trait Polls: Sync {
    /// The mark of a list and its version, 0 before the first.
    fn mark(&self, feed: &Feed) -> impl Future<Output = Result<(Mark, u64), PortError>> + Send;

    /// Writes a mark over version `expected`; it then has version `expected + 1`.
    fn save_mark(
        &self,
        feed: &Feed,
        mark: &Mark,
        expected: u64,
    ) -> impl Future<Output = Result<Saved, PortError>> + Send;

    /// The touch that a message between two addresses was, by the provider's id for it.
    fn touch_between(
        &self,
        ours: &str,
        theirs: &Address,
        provider_message_id: &str,
    ) -> impl Future<Output = Result<Option<TouchRef>, PortError>> + Send;
}

/// What one invocation did with one list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Polled {
    /// Entries that were queued.
    pub queued: usize,
    /// Entries that this list had given before.
    pub known: usize,
    /// Entries that cannot be read; they are kept.
    pub unreadable: usize,
    /// Pages read.
    pub pages: usize,
    /// The round goes on in the next invocation.
    pub unfinished: bool,
}

/// Why a list was not read to its end. What was queued before stays marked.
#[derive(Debug, thiserror::Error)]
pub enum PollError {
    /// The provider's list.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Our own side.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Reads one list, at most [`PAGES`] pages of it.
///
/// # Errors
/// [`PollError`]: the next invocation goes on where this one stopped.
pub async fn poll<P: Polls + IntakePorts, S: Source>(
    ports: &P,
    source: &S,
    feed: &Feed,
    now: DateTime<Utc>,
) -> Result<Polled, PollError> {
    let (mut mark, mut version) = ports.mark(feed).await?;
    let mut done = Polled::default();
    let Some(mut round) = mark
        .round
        .take()
        .or_else(|| mark.next_round(feed.pace, now))
    else {
        return Ok(done);
    };
    while done.pages < PAGES {
        done.pages += 1;
        let page = match source.page(round.since, round.cursor.as_deref()).await {
            Ok(page) => page,
            Err(SourceError::Interrupted) if round.cursor.is_some() => {
                round = Round {
                    began: now,
                    cursor: None,
                    ..round
                };
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        take(ports, feed, &round, &page, &mut mark, &mut done, now).await?;
        round.cursor = page.next;
        let ended = round.cursor.is_none();
        if ended {
            mark.end(&round, feed.pace);
        } else {
            mark.round = Some(round.clone());
        }
        if ports.save_mark(feed, &mark, version).await? == Saved::Conflict {
            // Another invocation reads the same list and is ahead; what both queued has one effect.
            return Ok(done);
        }
        if ended {
            return Ok(done);
        }
        version += 1;
    }
    done.unfinished = true;
    Ok(done)
}

/// Queues what is new in a page.
async fn take<P: Polls + IntakePorts>(
    ports: &P,
    feed: &Feed,
    round: &Round,
    page: &Page,
    mark: &mut Mark,
    done: &mut Polled,
    now: DateTime<Utc>,
) -> Result<(), PortError> {
    let received = |body| Received {
        provider: feed.provider,
        tenant: feed.tenant.as_ref(),
        body,
        at: now,
    };
    for entry in &page.unreadable {
        keep_unreadable(ports, &received(&entry.raw)).await?;
        done.unreadable += 1;
    }
    for entry in &page.found {
        let event = &entry.event;
        if event.at < round.since || matches!(event.kind, EventKind::Ignored { .. }) {
            continue;
        }
        if mark.has_queued(event) {
            done.known += 1;
            continue;
        }
        let named = with_touch(ports, entry).await?;
        keep_and_queue(ports, &received(&entry.raw), std::slice::from_ref(&named)).await?;
        mark.remember(event);
        done.queued += 1;
    }
    Ok(())
}

/// The event with the touch that it is about, where the list does not name it.
async fn with_touch<P: Polls>(ports: &P, entry: &Found) -> Result<ProviderEvent, PortError> {
    let mut event = entry.event.clone();
    if let (None, Some((ours, theirs)), Some(id)) =
        (&event.reference, &entry.between, &event.provider_message_id)
        && let Some(number) = channel::number(theirs)
    {
        let ours = channel::number(ours).map_or_else(|| ours.clone(), |n| n.as_str().to_owned());
        let theirs = Address::Phone(number);
        event.reference = ports.touch_between(&ours, &theirs, id).await?;
    }
    Ok(event)
}

impl Mark {
    /// The next round, if it is time for one.
    fn next_round(&self, pace: Pace, now: DateTime<Utc>) -> Option<Round> {
        let since = match self.until {
            Some(until) if until + pace.every > now => return None,
            Some(until) => until - pace.overlap,
            None => now - pace.look_back,
        };
        Some(Round {
            since,
            began: now,
            cursor: None,
        })
    }

    /// The round has read all that it was to read.
    fn end(&mut self, round: &Round, pace: Pace) {
        let until = self
            .until
            .map_or(round.began, |until| until.max(round.began));
        self.until = Some(until);
        self.round = None;
        let met_again = (until - pace.overlap).timestamp();
        self.queued.retain(|_, at| *at >= met_again);
    }

    fn has_queued(&self, event: &ProviderEvent) -> bool {
        self.queued.contains_key(&short(event))
    }

    fn remember(&mut self, event: &ProviderEvent) {
        self.queued.insert(short(event), event.at.timestamp());
        if self.queued.len() > REMEMBERED {
            let oldest = self.queued.iter().min_by_key(|(_, at)| **at);
            if let Some(oldest) = oldest.map(|(id, _)| id.clone()) {
                self.queued.remove(&oldest);
            }
        }
    }
}

fn short(event: &ProviderEvent) -> String {
    let mut print = fingerprint(&[&event.event_id]);
    print.truncate(REMEMBERED_LETTERS);
    print
}
