//! The planned minute of a touch (WIN-2): spread evenly over the open minutes of a day, the same on every run.
//! Nothing random: the minute is a hash of tenant, lead, step and local date.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    hours::Window,
    purpose::Purpose,
    walk::LocalMoment,
    window::{Schedule, instant},
    zones::Candidates,
};
use crate::ids::{LeadId, TenantId};

/// How often another minute is drawn when the drawn one has passed, before the first free minute is taken.
const DRAWS: u32 = 64;

/// The touch that is planned. Together with the local date it decides the minute.
#[derive(Clone, Copy, Debug)]
pub struct Slot<'a> {
    /// The tenant.
    pub tenant: &'a TenantId,
    /// The lead.
    pub lead: &'a LeadId,
    /// The step of the sequence.
    pub step: &'a str,
}

/// The open spans of one local day, in seconds since 1970.
struct DaySpans {
    spans: Vec<(i64, i64)>,
}

/// The instant at which the touch of `slot` should go out: the planned minute of the first day that opens from
/// `not_before` on. If that minute has passed while the day is still open, another one is drawn from the rest of the
/// day, the same whenever it is drawn before that minute. None if nothing opens within the search horizon.
#[must_use]
pub fn next_send_time(
    purpose: Purpose,
    window: &Window,
    candidates: &Candidates,
    not_before: DateTime<Utc>,
    slot: Slot<'_>,
) -> Option<DateTime<Utc>> {
    let schedule = Schedule::new(purpose, window, candidates)?;
    // A touch never precedes `not_before`, not by a fraction of a second either.
    let earliest = not_before.timestamp() + i64::from(not_before.timestamp_subsec_nanos() > 0);
    let mut at = earliest;
    loop {
        let open = schedule.next_open(at)?;
        let today = LocalMoment::of(schedule.main, open);
        let (start, end) = (
            schedule.main.start_of(today.day),
            schedule.main.start_of(today.day + 1),
        );
        let date = today.date();
        // A search that began before the day has found its first open second.
        let from = if at <= start { open } else { start };
        if let Some(planned) = DaySpans::of(&schedule, from, end).pick(slot, date, earliest) {
            return Some(instant(planned));
        }
        at = end.max(open + 1);
    }
}

impl DaySpans {
    fn of(schedule: &Schedule<'_>, start: i64, end: i64) -> Self {
        let mut spans = Vec::with_capacity(2);
        let mut at = start;
        while let Some(open) = schedule.next_open_before(at, end) {
            at = schedule.open_until(open);
            spans.push((open, at.min(end)));
        }
        Self { spans }
    }

    /// The first drawn minute that is not before `earliest`, else the first whole minute left, if any.
    fn pick(&self, slot: Slot<'_>, date: NaiveDate, earliest: i64) -> Option<i64> {
        let total: i64 = self.spans.iter().map(|(from, to)| (to - from) / 60).sum();
        let total = u32::try_from(total).ok().filter(|total| *total > 0)?;
        (0..DRAWS)
            .filter_map(|turn| self.minute(draw(slot, date, turn, total)))
            .find(|at| *at >= earliest)
            .or_else(|| self.first_minute(earliest))
    }

    fn minute(&self, index: u32) -> Option<i64> {
        let mut left = i64::from(index);
        for (from, to) in &self.spans {
            let minutes = (to - from) / 60;
            if left < minutes {
                return Some(from + left * 60);
            }
            left -= minutes;
        }
        None
    }

    fn first_minute(&self, earliest: i64) -> Option<i64> {
        self.spans.iter().find_map(|(from, to)| {
            let skipped = (earliest - from).max(0) + 59;
            let at = from + skipped / 60 * 60;
            (at + 60 <= *to).then_some(at)
        })
    }
}

/// A number below `minutes` (or zero), evenly spread over slots, dates and turns.
fn draw(slot: Slot<'_>, date: NaiveDate, turn: u32, minutes: u32) -> u32 {
    let mut hash = Fnv::new();
    for part in [slot.tenant.as_str(), slot.lead.as_str(), slot.step] {
        hash.write(&(part.len() as u64).to_be_bytes());
        hash.write(part.as_bytes());
    }
    hash.write(&date.to_epoch_days().to_be_bytes());
    hash.write(&turn.to_be_bytes());
    // The high half of the product maps the hash evenly to the range without a division's bias.
    let scaled = (u128::from(hash.finish()) * u128::from(minutes)) >> 64;
    u32::try_from(scaled).unwrap_or(0)
}

/// FNV-1a with a final mix. It is fixed here because a plan must not change with a compiler or a library.
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        let mut mixed = self.0;
        for multiplier in [0xbf58_476d_1ce4_e5b9_u64, 0x94d0_49bb_1331_11eb] {
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(multiplier);
        }
        mixed ^ (mixed >> 31)
    }
}
