//! The due index: what the journeys say is due, shown some seconds late, and how far each shard has been queued.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, Duration, DurationRound, Utc};
use touchline_domain::{
    channel::Channel,
    ids::{LeadId, TenantId},
    sending::journey::Journey,
};
use touchline_engine::{
    enqueue::{OVERDUE_AFTER_MINUTES, SHARDS},
    ports::{DueItem, Saved, Watermark},
};

/// What an entry says: when, and on whose queue.
type Slot = Option<(DateTime<Utc>, Channel)>;

#[derive(Clone, Debug)]
struct Entry {
    tenant: TenantId,
    shard: u8,
    truth: Slot,
    shown: Slot,
    coming: VecDeque<(DateTime<Utc>, Slot)>,
}

/// The index.
#[derive(Clone, Debug, Default)]
pub struct Index {
    entries: BTreeMap<LeadId, Entry>,
    marks: [Watermark; SHARDS as usize],
}

/// The shard of a lead.
#[must_use]
pub fn shard_of(lead: &LeadId) -> u8 {
    let sum = lead.as_str().bytes().fold(0_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(byte))
    });
    u8::try_from(sum % u32::from(SHARDS)).unwrap_or(0)
}

fn whole_minute(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(Duration::minutes(1)).unwrap_or(at)
}

impl Index {
    /// Follows a journey that was written; readers see it from `shown_at` on.
    pub fn follow(&mut self, journey: &Journey, shown_at: DateTime<Utc>) {
        let slot = journey.next_due().map(|(at, channel, _)| (at, channel));
        let entry = self
            .entries
            .entry(journey.lead.clone())
            .or_insert_with(|| Entry {
                tenant: journey.tenant.clone(),
                shard: shard_of(&journey.lead),
                truth: None,
                shown: None,
                coming: VecDeque::new(),
            });
        if entry.truth == slot {
            return;
        }
        entry.truth = slot;
        let after_others = entry
            .coming
            .back()
            .map_or(shown_at, |(last, _)| shown_at.max(*last));
        entry.coming.push_back((after_others, slot));
    }

    /// What is stored for a lead.
    #[must_use]
    pub fn truth(&self, lead: &LeadId) -> Slot {
        self.entries.get(lead).and_then(|entry| entry.truth)
    }

    /// Takes a lead's entry out, as only a broken build does.
    pub fn remove(&mut self, lead: &LeadId) {
        if let Some(entry) = self.entries.get_mut(lead) {
            (entry.truth, entry.shown) = (None, None);
            entry.coming.clear();
        }
    }

    fn settle(&mut self, now: DateTime<Utc>) {
        for entry in self.entries.values_mut() {
            while entry.coming.front().is_some_and(|(at, _)| *at <= now) {
                if let Some((_, slot)) = entry.coming.pop_front() {
                    entry.shown = slot;
                }
            }
        }
    }

    /// One page of what a reader at `now` sees of a shard.
    pub fn due(
        &mut self,
        now: DateTime<Utc>,
        shard: u8,
        (after, until): (Option<DateTime<Utc>>, DateTime<Utc>),
        from_page: Option<&str>,
        limit: usize,
    ) -> (Vec<DueItem>, Option<String>) {
        self.settle(now);
        let mut found: Vec<(String, DueItem)> = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.shard == shard)
            .filter_map(|(lead, entry)| {
                let (due_at, channel) = entry.shown?;
                let inside = due_at <= until && after.is_none_or(|after| after < due_at);
                let key = format!("{:020}#{lead}", due_at.timestamp_millis());
                let item = DueItem {
                    tenant: entry.tenant.clone(),
                    lead: lead.clone(),
                    due_at,
                    channel,
                };
                (inside && from_page.is_none_or(|page| page < key.as_str())).then_some((key, item))
            })
            .collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let next = (found.len() > limit && limit > 0).then(|| found[limit - 1].0.clone());
        found.truncate(limit);
        (found.into_iter().map(|(_, item)| item).collect(), next)
    }

    /// How far a shard has been queued.
    #[must_use]
    pub fn watermark(&self, shard: u8) -> Watermark {
        self.marks
            .get(usize::from(shard))
            .cloned()
            .unwrap_or_default()
    }

    /// Moves a watermark on if it is still at `from`.
    pub fn move_watermark(&mut self, shard: u8, from: Watermark, to: Watermark) -> Saved {
        match self.marks.get_mut(usize::from(shard)) {
            Some(mark) if *mark == from => {
                *mark = to;
                Saved::Written
            }
            _ => Saved::Conflict,
        }
    }

    /// The first whole minute, not before `earliest`, in which a tick finds something in some shard.
    #[must_use]
    pub fn next_busy_minute(&self, earliest: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.entries
            .values()
            .filter_map(|entry| self.wanted_at(entry))
            .min()
            .map(|at| {
                let minute = whole_minute(at);
                let minute = if minute < at {
                    minute + Duration::minutes(1)
                } else {
                    minute
                };
                minute.max(earliest)
            })
    }

    /// When a tick next takes up an entry: when it is due and shown, or, once the watermark has passed it, with the
    /// hourly sweep.
    fn wanted_at(&self, entry: &Entry) -> Option<DateTime<Utc>> {
        let shown = entry.shown.map(|(due_at, _)| (due_at, due_at));
        let coming = entry
            .coming
            .iter()
            .filter_map(|(at, slot)| slot.map(|(due_at, _)| (due_at, due_at.max(*at))));
        let mark = self.watermark(entry.shard);
        shown
            .into_iter()
            .chain(coming)
            .map(|(due_at, seen)| {
                if mark.until.is_none_or(|until| until < due_at) {
                    return seen;
                }
                let gap = Duration::minutes(OVERDUE_AFTER_MINUTES);
                let next_sweep = mark.swept_at.map_or(seen, |at| at + gap);
                next_sweep.max(due_at + gap).max(seen)
            })
            .min()
    }

    /// The shards in which a tick at `minute` finds something.
    #[must_use]
    pub fn busy_shards(&self, minute: DateTime<Utc>) -> BTreeSet<u8> {
        let busy = |entry: &&Entry| self.wanted_at(entry).is_some_and(|at| at <= minute);
        self.entries
            .values()
            .filter(busy)
            .map(|entry| entry.shard)
            .collect()
    }

    /// What a tick at `minute` does that finds nothing: it notes a sweep when one was due, and begins with a watermark
    /// where there is none. Doing it here spares a run the half million ticks of a fortnight in which nothing happens.
    pub fn idle_tick(&mut self, shard: u8, minute: DateTime<Utc>) {
        let Some(mark) = self.marks.get_mut(usize::from(shard)) else {
            return;
        };
        let sweep = mark
            .swept_at
            .is_none_or(|at| at <= minute - Duration::minutes(OVERDUE_AFTER_MINUTES));
        mark.until = mark.until.or(Some(minute));
        if sweep {
            mark.swept_at = Some(minute);
        }
    }
}
