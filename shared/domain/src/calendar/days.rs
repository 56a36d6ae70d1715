//! Counting days in the recipient's calendar: offsets of sequence steps (SEQ-1) and opt-out deadlines (R11, R12).
//! Where several calendars are possible, a day on which one of them rests is no working day.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc, Weekday};
use serde::{Deserialize, Serialize};

use super::{
    civil::{Zone, days_later},
    holidays::is_public_holiday,
    region::Region,
    window::SEARCH_DAYS,
    zones::Candidates,
};
use crate::country::Country;

/// Australia (R11): business days, counting the day of the request.
const AU_OPT_OUT_DAYS: u32 = 5;
/// New Zealand (R11): working days after the day of the request.
const NZ_OPT_OUT_DAYS: u32 = 5;
/// United States (R11): business days after the day of the request.
const US_OPT_OUT_DAYS: u32 = 10;

/// How the day offsets of a sequence are counted (SEQ-1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Every day counts.
    #[default]
    Calendar,
    /// Monday to Friday count, without holidays.
    Working,
}

/// Whether `date` is Monday to Friday and a public holiday in none of `regions`.
#[must_use]
pub fn is_working_day(regions: &[Region], date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
        && !regions
            .iter()
            .any(|region| is_public_holiday(*region, date))
}

/// The earliest instant of the step that lies `days` after `start` (SEQ-1): the first one of that local date in the
/// recipient's likeliest zone, and never before `start`. Without a zone the date is counted in UTC.
#[must_use]
pub fn add_days(
    start: DateTime<Utc>,
    days: u32,
    kind: DayKind,
    candidates: &Candidates,
) -> DateTime<Utc> {
    let date = candidates
        .main()
        .map_or(start.date_naive(), |zone| zone.local(start).date());
    let due = match kind {
        DayKind::Calendar => days_later(date, days),
        DayKind::Working => working_days_after(candidates.regions(), date, days),
    };
    let midnight = candidates.main().map_or_else(
        || due.and_time(chrono::NaiveTime::MIN).and_utc(),
        |zone| zone.start_of_day(due),
    );
    midnight.max(start)
}

/// When an opt-out that arrived at `sent` must have taken effect (R11, R12): the first instant after the last day of
/// grace, by the strictest of the candidate jurisdictions. A country whose period is not known has none: it is `sent`
/// itself. The engine acts at once; this is the legal bound for alarms and reports.
#[must_use]
pub fn opt_out_deadline(sent: DateTime<Utc>, candidates: &Candidates) -> DateTime<Utc> {
    let per_region = candidates.regions().iter().flat_map(|region| {
        candidates
            .zones()
            .iter()
            .map(|zone| region_deadline(sent, *region, *zone))
    });
    per_region.min().map_or(sent, |deadline| deadline.max(sent))
}

fn region_deadline(sent: DateTime<Utc>, region: Region, zone: Zone) -> DateTime<Utc> {
    let date = zone.local(sent).date();
    let regions = [region];
    let last = match region.country() {
        Country::AU if is_working_day(&regions, date) => {
            working_days_after(&regions, date, AU_OPT_OUT_DAYS - 1)
        }
        Country::AU => working_days_after(&regions, date, AU_OPT_OUT_DAYS),
        Country::NZ => working_days_after(&regions, date, NZ_OPT_OUT_DAYS),
        Country::US => working_days_after(&regions, date, US_OPT_OUT_DAYS),
        _ => return sent,
    };
    zone.start_of_day(days_later(last, 1))
}

/// The `count`th working day after `date`; `date` itself for none.
fn working_days_after(regions: &[Region], date: NaiveDate, count: u32) -> NaiveDate {
    let mut day = date;
    for _ in 0..count {
        day = days_later(day, 1);
        // No calendar rests for so long; the bound only keeps a wrong one from looping for ever.
        for _ in 0..SEARCH_DAYS {
            if is_working_day(regions, day) {
                break;
            }
            day = days_later(day, 1);
        }
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{calendar::zones::Recipient, region::State};

    fn in_au(state: &str) -> Candidates {
        let state = State::parse(Some(Country::AU), state);
        Recipient {
            state,
            ..Recipient::default()
        }
        .candidates()
    }

    fn last_day(state: &str, sent: &str) -> String {
        let candidates = in_au(state);
        let deadline = opt_out_deadline(sent.parse().unwrap(), &candidates);
        let local = candidates.main().unwrap().local(deadline);
        assert_eq!(local.time(), chrono::NaiveTime::MIN);
        local.date().pred_opt().unwrap().to_string()
    }

    #[test]
    fn r12_the_australian_deadline_counts_the_day_of_the_request_and_skips_state_holidays() {
        assert_eq!(last_day("NSW", "2026-04-20T01:00:00Z"), "2026-04-24");
        assert_eq!(last_day("NSW", "2026-04-23T01:00:00Z"), "2026-04-30");
        assert_eq!(last_day("VIC", "2026-04-23T01:00:00Z"), "2026-04-29");
        // A Saturday is no business day, so that Monday is the first.
        assert_eq!(last_day("NSW", "2026-05-02T01:00:00Z"), "2026-05-08");
    }

    #[test]
    fn r11_new_zealand_and_the_united_states_count_from_the_next_day_and_others_have_no_grace() {
        let deadline = |country: &str, sent: &str| {
            let country = Some(country.parse().unwrap());
            let candidates = Recipient {
                country,
                ..Recipient::default()
            }
            .candidates();
            opt_out_deadline(sent.parse().unwrap(), &candidates).to_string()
        };
        // Mon 1 June 2026 is the King's Birthday in New Zealand: 2, 3, 4, 5, 8 June.
        assert_eq!(
            deadline("NZ", "2026-05-29T00:00:00Z"),
            "2026-06-08 12:00:00 UTC"
        );
        // Ten business days after Thu 18 June 2026 without 19 June and 3 July; the eastern clock ends them first.
        assert_eq!(
            deadline("US", "2026-06-18T15:00:00Z"),
            "2026-07-07 04:00:00 UTC"
        );
        assert_eq!(
            deadline("GB", "2026-06-18T15:00:00Z"),
            "2026-06-18 15:00:00 UTC"
        );
    }

    #[test]
    fn seq_1_working_days_skip_weekends_and_holidays_of_the_recipient() {
        let candidates = in_au("NSW");
        let due = |days, kind| {
            let start = "2026-04-01T23:00:00Z".parse().unwrap(); // Thu 2 April, 10:00 in Sydney
            let at = add_days(start, days, kind, &candidates);
            candidates.main().unwrap().local(at).to_string()
        };
        assert_eq!(due(0, DayKind::Working), "2026-04-02 10:00:00");
        assert_eq!(due(1, DayKind::Calendar), "2026-04-03 00:00:00");
        assert_eq!(due(1, DayKind::Working), "2026-04-07 00:00:00");
        assert_eq!(due(3, DayKind::Working), "2026-04-09 00:00:00");
    }
}
