//! Reading a provider's list while entries arrive, show up late and shift, and while every call to the outside can fail
//! before or after it took effect: whatever the list held at the mark is queued, always.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use touchline_domain::{
    channel::Channel,
    contact::Address,
    events::{EventKind, InboundMessage, Provider, ProviderEvent, TouchRef},
    ids::TenantId,
};
use touchline_engine::{
    intake::IntakePorts,
    job::EventJob,
    poll::{
        Feed, Found, MESSAGES, Mark, PAGES, Pace, Page, PollError, Polled, Polls, Source,
        SourceError, Unreadable, poll,
    },
    ports::{PortError, Saved},
};

/// Entries on a page of the model.
const PAGE: usize = 3;

/// Draws that depend on the seed alone.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// How the model's list says where to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Paging {
    /// Behind the last entry, which may be gone by then.
    ById,
    /// At a number, so that the list shifts when it grows.
    ByNumber,
}

#[derive(Clone, Debug)]
struct Entry {
    id: String,
    at: DateTime<Utc>,
    shown_at: DateTime<Utc>,
}

struct State {
    now: DateTime<Utc>,
    entries: Vec<Entry>,
    mark: (Mark, u64),
    queued: BTreeMap<String, usize>,
    kept: BTreeSet<String>,
    /// The touch of each queued event, in order.
    named: Vec<Option<TouchRef>>,
    draws: Draws,
    /// One call in so many fails; 0 for none.
    fails: u64,
    /// One page in so many brings new entries; 0 for none.
    grows: u64,
}

/// A provider with one list, and our side of it.
struct World {
    paging: Paging,
    state: Mutex<State>,
}

fn feed(pace: Pace) -> Feed {
    Feed {
        tenant: None,
        provider: Provider::Twilio,
        list: "inbound",
        account: None,
        pace,
    }
}

fn start() -> DateTime<Utc> {
    "2026-11-20T00:00:00Z".parse().unwrap()
}

fn event(id: &str, at: DateTime<Utc>) -> ProviderEvent {
    ProviderEvent {
        event_id: id.to_owned(),
        provider: Provider::Twilio,
        at,
        reference: None,
        provider_message_id: None,
        kind: EventKind::Reply(InboundMessage {
            channel: Some(Channel::Sms),
            ..InboundMessage::default()
        }),
    }
}

fn broken() -> PortError {
    PortError::Unavailable {
        what: "the outside",
        cause: "a fault".into(),
    }
}

impl State {
    fn fails(&mut self) -> bool {
        let fails = self.fails;
        fails > 0 && self.draws.below(fails) == 0
    }

    /// New entries, some of which happened up to the overlap ago.
    fn arrive(&mut self, count: u64) {
        for _ in 0..count {
            let late = match self.draws.below(3) {
                0 => self
                    .draws
                    .below(MESSAGES.overlap.num_seconds().unsigned_abs()),
                _ => self.draws.below(30),
            };
            let at = self.now - TimeDelta::seconds(i64::try_from(late).unwrap());
            self.entries.push(Entry {
                id: format!("e{}", self.entries.len()),
                at,
                shown_at: self.now,
            });
        }
    }

    /// The list as it stands, newest first.
    fn list(&self) -> Vec<Entry> {
        let mut list = self.entries.clone();
        list.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        list
    }
}

impl World {
    fn new(seed: u64, paging: Paging) -> Self {
        let state = State {
            now: start(),
            entries: Vec::new(),
            mark: (Mark::default(), 0),
            queued: BTreeMap::new(),
            kept: BTreeSet::new(),
            named: Vec::new(),
            draws: Draws(seed),
            fails: 0,
            grows: 0,
        };
        Self {
            paging,
            state: Mutex::new(state),
        }
    }

    async fn run(&self, pace: Pace) -> Result<Polled, PollError> {
        let now = self.state.lock().unwrap().now;
        poll(self, self, &feed(pace), now).await
    }

    fn missing(&self, shown_by: DateTime<Utc>) -> Vec<Entry> {
        let state = self.state.lock().unwrap();
        let missing =
            |entry: &&Entry| entry.shown_at <= shown_by && !state.queued.contains_key(&entry.id);
        state.entries.iter().filter(missing).cloned().collect()
    }
}

impl Source for World {
    async fn page(&self, since: DateTime<Utc>, cursor: Option<&str>) -> Result<Page, SourceError> {
        let mut state = self.state.lock().unwrap();
        if state.fails() {
            return Err(SourceError::Later {
                code: "429".to_owned(),
                retry_after: None,
            });
        }
        state.now += TimeDelta::seconds(1);
        let grows = state.grows;
        if cursor.is_some() && grows > 0 && state.draws.below(grows) == 0 {
            state.arrive(2);
        }
        let list = state.list();
        let from = match (self.paging, cursor) {
            (_, None) => 0,
            (Paging::ByNumber, Some(number)) => number.parse().unwrap(),
            (Paging::ById, Some(id)) => {
                if state.fails() {
                    return Err(SourceError::Interrupted);
                }
                1 + list.iter().position(|entry| entry.id == id).unwrap()
            }
        };
        let to = list.len().min(from + PAGE);
        let shown = list.get(from..to).unwrap_or_default();
        let more = to < list.len() && shown.last().is_none_or(|entry| entry.at >= since);
        Ok(Page {
            found: shown
                .iter()
                .map(|entry| Found {
                    event: event(&entry.id, entry.at),
                    between: None,
                    raw: entry.id.clone().into_bytes(),
                })
                .collect(),
            unreadable: Vec::new(),
            next: more.then(|| match self.paging {
                Paging::ById => shown.last().unwrap().id.clone(),
                Paging::ByNumber => to.to_string(),
            }),
        })
    }
}

impl IntakePorts for World {
    async fn keep_raw(
        &self,
        _: Option<&TenantId>,
        _: Provider,
        _: NaiveDate,
        name: &str,
        _: &[u8],
    ) -> Result<String, PortError> {
        let mut state = self.state.lock().unwrap();
        state.kept.insert(name.to_owned());
        if state.fails() {
            return Err(broken());
        }
        Ok(name.to_owned())
    }

    async fn queue_event(&self, job: &EventJob) -> Result<(), PortError> {
        let EventJob::V1 { event, raw_key, .. } = job else {
            panic!("{job:?}");
        };
        let mut state = self.state.lock().unwrap();
        assert!(state.kept.contains(raw_key), "an event points at nothing");
        if state.fails() {
            return Err(broken());
        }
        state.named.push(event.reference.clone());
        *state.queued.entry(event.event_id.clone()).or_default() += 1;
        if state.fails() { Err(broken()) } else { Ok(()) }
    }
}

impl Polls for World {
    async fn mark(&self, _: &Feed) -> Result<(Mark, u64), PortError> {
        let mut state = self.state.lock().unwrap();
        if state.fails() {
            return Err(broken());
        }
        Ok(state.mark.clone())
    }

    async fn save_mark(&self, _: &Feed, mark: &Mark, expected: u64) -> Result<Saved, PortError> {
        let mut state = self.state.lock().unwrap();
        if state.fails() {
            return Err(broken());
        }
        if state.mark.1 != expected {
            return Ok(Saved::Conflict);
        }
        state.mark = (mark.clone(), expected + 1);
        if state.fails() {
            return Err(broken());
        }
        Ok(Saved::Written)
    }

    async fn touch_between(
        &self,
        ours: &str,
        theirs: &Address,
        provider_message_id: &str,
    ) -> Result<Option<TouchRef>, PortError> {
        let number = "+61412345678".parse().unwrap();
        let known = (ours, theirs) == ("+61480000001", &Address::Phone(number));
        Ok((known && provider_message_id == "SM1").then(touch))
    }
}

fn touch() -> TouchRef {
    TouchRef::from_token("acme.lead_0123456789abcdefghjkmnpqrs.touch_0123456789abcdefghjkmnpqrs")
        .unwrap()
}

/// A list of messages that could not be delivered, the second of which was nobody's touch.
struct Failures;

impl Source for Failures {
    async fn page(&self, _: DateTime<Utc>, _: Option<&str>) -> Result<Page, SourceError> {
        let found = ["SM1", "SM2"].map(|sid| {
            let mut event = event(&format!("{sid}:undelivered"), start());
            event.provider_message_id = Some(sid.to_owned());
            event.kind = EventKind::HardBounced {
                code: "30005".to_owned(),
                address: None,
            };
            Found {
                event,
                between: Some(("61480000001".to_owned(), "+61412345678".to_owned())),
                raw: sid.as_bytes().to_vec(),
            }
        });
        Ok(Page {
            found: found.into(),
            ..Page::default()
        })
    }
}

#[tokio::test]
async fn a_failure_that_names_no_touch_is_brought_to_its_touch_by_whom_it_was_between() {
    let world = World::new(1, Paging::ById);
    let polled = poll(&world, &Failures, &feed(MESSAGES), start())
        .await
        .unwrap();
    assert_eq!(polled.queued, 2);
    let state = world.state.lock().unwrap();
    assert_eq!(state.named, [Some(touch()), None]);
}

#[tokio::test]
async fn la_003_whatever_fails_between_any_two_steps_all_that_the_list_held_at_the_mark_is_queued()
{
    for seed in 0..300 {
        let paging = if seed % 2 == 0 {
            Paging::ById
        } else {
            Paging::ByNumber
        };
        let world = World::new(seed, paging);
        for _ in 0..40 {
            {
                let mut state = world.state.lock().unwrap();
                let minutes = i64::try_from(state.draws.below(40)).unwrap();
                state.now += TimeDelta::minutes(minutes);
                let count = state.draws.below(9);
                state.arrive(count);
                (state.fails, state.grows) = (8, 3);
            }
            let outcome = world.run(MESSAGES).await;
            let until = world.state.lock().unwrap().mark.0.until;
            let missing = until.map(|until| world.missing(until)).unwrap_or_default();
            assert!(
                missing.is_empty(),
                "seed {seed} {paging:?} {outcome:?}: {missing:?}"
            );
        }
        {
            let mut state = world.state.lock().unwrap();
            (state.fails, state.grows) = (0, 0);
            state.now += TimeDelta::minutes(15);
        }
        // The round that was under way, which may be long, and one that begins now.
        while world.run(MESSAGES).await.unwrap().unfinished {}
        while world.run(MESSAGES).await.unwrap().unfinished {}
        let now = world.state.lock().unwrap().now;
        assert!(world.missing(now).is_empty(), "seed {seed}");
    }
}

#[tokio::test]
async fn an_entry_is_queued_once_by_the_rounds_that_meet_it_and_again_only_after_a_fault() {
    let world = World::new(1, Paging::ByNumber);
    world.state.lock().unwrap().arrive(7);
    let first = world.run(MESSAGES).await.unwrap();
    assert_eq!((first.queued, first.known, first.pages), (7, 0, 3));
    for _ in 0..5 {
        world.state.lock().unwrap().now += TimeDelta::minutes(15);
        let again = world.run(MESSAGES).await.unwrap();
        assert_eq!(again.queued, 0);
    }
    let state = world.state.lock().unwrap();
    assert!(state.queued.values().all(|times| *times == 1));
}

#[tokio::test]
async fn what_a_mark_remembers_does_not_outlive_the_overlap() {
    let world = World::new(1, Paging::ById);
    world.state.lock().unwrap().arrive(7);
    world.run(MESSAGES).await.unwrap();
    assert_eq!(world.state.lock().unwrap().mark.0.queued.len(), 7);
    world.state.lock().unwrap().now += MESSAGES.overlap * 3;
    world.run(MESSAGES).await.unwrap();
    assert!(world.state.lock().unwrap().mark.0.queued.is_empty());
}

#[tokio::test]
async fn a_long_list_is_read_over_several_invocations_and_the_mark_waits_for_its_end() {
    let world = World::new(1, Paging::ById);
    let entries = PAGE * PAGES * 2 + 1;
    let count = u64::try_from(entries).unwrap();
    world.state.lock().unwrap().arrive(count);
    for _ in 0..2 {
        let polled = world.run(MESSAGES).await.unwrap();
        assert!(polled.unfinished);
        assert_eq!(world.state.lock().unwrap().mark.0.until, None);
    }
    let last = world.run(MESSAGES).await.unwrap();
    assert_eq!((last.unfinished, last.queued), (false, 1));
    let state = world.state.lock().unwrap();
    assert_eq!(state.mark.0.until, Some(start()));
    assert_eq!(state.queued.len(), entries);
}

#[tokio::test]
async fn a_list_is_asked_no_more_often_than_its_pace_says() {
    let world = World::new(1, Paging::ById);
    let pace = Pace {
        every: TimeDelta::hours(4),
        ..MESSAGES
    };
    assert_eq!(world.run(pace).await.unwrap().pages, 1);
    for (minutes, pages) in [(60, 0), (120, 0), (61, 1)] {
        world.state.lock().unwrap().now += TimeDelta::minutes(minutes);
        assert_eq!(world.run(pace).await.unwrap().pages, pages);
    }
}

/// A list with one good entry, one that nobody can read, and one of our own messages.
struct Odd;

impl Source for Odd {
    async fn page(&self, _: DateTime<Utc>, _: Option<&str>) -> Result<Page, SourceError> {
        let found = |id: &str, kind: Option<EventKind>| {
            let mut event = event(id, start());
            event.kind = kind.unwrap_or(event.kind);
            Found {
                event,
                between: None,
                raw: id.as_bytes().to_vec(),
            }
        };
        let ours = EventKind::Ignored {
            name: "message_sent".to_owned(),
        };
        Ok(Page {
            found: vec![found("good", None), found("ours", Some(ours))],
            unreadable: vec![Unreadable {
                code: "missing_field",
                field: "from".to_owned(),
                raw: b"{}".to_vec(),
            }],
            next: None,
        })
    }
}

#[tokio::test]
async fn an_entry_that_can_not_be_read_is_kept_and_stops_nothing() {
    let world = World::new(1, Paging::ById);
    let polled = poll(&world, &Odd, &feed(MESSAGES), start()).await.unwrap();
    assert_eq!((polled.queued, polled.unreadable), (1, 1));
    let state = world.state.lock().unwrap();
    assert!(
        state
            .kept
            .iter()
            .any(|name| name.starts_with("unparsable-"))
    );
    assert_eq!(state.queued.len(), 1);
}
