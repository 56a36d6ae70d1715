//! When: the recipient's place and window, and when the next step is due. A thin layer over the calendar.

use chrono::{DateTime, Duration, NaiveDate, Timelike, Utc};
use touchline_domain::{
    calendar::{self, Candidates, ClosedReason, DayKind, Opening, Recipient, Slot},
    channel::Channel,
    ids::{CampaignId, fingerprint},
    sending::{
        Reason,
        gate::{self, WindowFact},
        journey::Journey,
        lead::Lead,
        sequence::Resolved,
        tenant::Tenant,
        touch::Purpose,
    },
};

use crate::{
    channel,
    ports::Context,
    work::{self, Work},
};

/// Nothing is put into the due index for an earlier time than this from now: a tick must not overtake an entry
/// that is still on its way into the index.
pub const INDEX_SETTLE_SECS: i64 = 15;

/// A provider has a message at most this long after the gate let it through: a call is given up before.
pub const HANDOVER_SECS: i64 = 15;

/// Where a lead may be, and whose rules bind there.
pub struct Place {
    candidates: Candidates,
}

impl Place {
    /// The place of a lead of `tenant`, for touches on `channel`. A number says something about where a person is only
    /// to those who use it (WIN-3, R24).
    #[must_use]
    pub fn of(lead: &Lead, tenant: &Tenant, channel: Channel) -> Self {
        let recipient = Recipient {
            country: lead.country,
            state: lead.state,
            postcode: lead.postcode.clone(),
            phone: lead
                .phone
                .clone()
                .filter(|_| channel.uses_phone() || lead.state.is_none()),
            timezone: lead.timezone,
            tenant_zone: Some(tenant.zone),
        };
        Self {
            candidates: recipient.candidates(),
        }
    }

    /// The local date at an instant, in the likeliest zone.
    #[must_use]
    pub fn local_date(&self, at: DateTime<Utc>) -> NaiveDate {
        self.candidates
            .main()
            .map_or(at.date_naive(), |zone| zone.local(at).date())
    }

    /// The local time at an instant, in the likeliest zone.
    #[must_use]
    pub fn local_time(&self, at: DateTime<Utc>) -> String {
        match self.candidates.main() {
            Some(zone) => format!(
                "{} {}",
                zone.local(at).format("%Y-%m-%dT%H:%M:%S"),
                zone.name()
            ),
            None => at.to_rfc3339(),
        }
    }

    /// Every zone that the lead may be in.
    #[must_use]
    pub fn zone_names(&self) -> Vec<String> {
        self.candidates
            .zones()
            .iter()
            .map(|zone| zone.name().to_owned())
            .collect()
    }

    /// Whether the window of a touch is open (GATE-8).
    #[must_use]
    pub fn window(&self, channel: Channel, purpose: Purpose, at: DateTime<Utc>) -> WindowFact {
        let purpose = calendar_purpose(channel, purpose);
        match calendar::check(purpose, &purpose.default_window(), &self.candidates, at) {
            Opening::Open { .. } => WindowFact::Open,
            Opening::Closed { reason, next_open } => {
                let reason = match reason {
                    ClosedReason::OutsideWindow => Reason::OutsideWindow,
                    ClosedReason::Weekend => Reason::Weekend,
                    ClosedReason::Holiday => Reason::Holiday,
                    ClosedReason::Lunch => Reason::Lunch,
                    ClosedReason::UnknownZone | ClosedReason::NoCommonWindow => Reason::UnknownZone,
                };
                WindowFact::Closed { reason, next_open }
            }
        }
    }

    /// [`Self::window`] for a touch that is handed over now: it is open only if it still is when the provider has the
    /// message.
    #[must_use]
    pub fn window_for_handover(
        &self,
        channel: Channel,
        purpose: Purpose,
        now: DateTime<Utc>,
    ) -> WindowFact {
        match self.window(channel, purpose, now) {
            WindowFact::Open => {
                self.window(channel, purpose, now + Duration::seconds(HANDOVER_SECS))
            }
            closed @ WindowFact::Closed { .. } => closed,
        }
    }

    /// The planned instant of a touch, not before `not_before` (WIN-2).
    #[must_use]
    pub fn next_send(
        &self,
        channel: Channel,
        purpose: Purpose,
        not_before: DateTime<Utc>,
        key: &PlanKey<'_>,
    ) -> Option<DateTime<Utc>> {
        let purpose = calendar_purpose(channel, purpose);
        let slot = Slot {
            tenant: &key.journey.tenant,
            lead: &key.journey.lead,
            step: key.step,
        };
        calendar::next_send_time(
            purpose,
            &purpose.default_window(),
            &self.candidates,
            not_before,
            slot,
        )
    }

    /// The first instant of a local date.
    #[must_use]
    pub fn start_of(&self, date: NaiveDate) -> DateTime<Utc> {
        match self.candidates.main() {
            Some(zone) => zone.start_of_day(date),
            None => date.and_time(chrono::NaiveTime::MIN).and_utc(),
        }
    }

    /// The earliest instant of a step that lies so many days after the enrolment began (SEQ-1).
    #[must_use]
    pub fn step_day(&self, started: DateTime<Utc>, day: u16, kind: DayKind) -> DateTime<Utc> {
        calendar::add_days(started, u32::from(day), kind, &self.candidates)
    }
}

fn calendar_purpose(channel: Channel, purpose: Purpose) -> calendar::Purpose {
    match purpose {
        Purpose::Step => calendar::Purpose::FirstTouch(channel),
        Purpose::FollowUp | Purpose::Answer | Purpose::Confirmation => {
            calendar::Purpose::FollowUp(channel)
        }
    }
}

/// What a planned minute is a function of (WIN-2).
pub struct PlanKey<'a> {
    /// The tenant and lead.
    pub journey: &'a Journey,
    /// The step's label.
    pub step: &'a str,
}

/// When to come back to a touch that was put off. A cool-down, a lack of capacity and a closed window all end in the
/// window of some later day, at the planned minute; everything else is just a later look.
#[must_use]
pub fn planned(
    lead: &Lead,
    context: &Context,
    journey: &Journey,
    work: &Work,
    until: DateTime<Utc>,
    reason: Reason,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    let place = Place::of(lead, &context.tenant, work.channel);
    let key = PlanKey {
        journey,
        step: &work.label,
    };
    let floor = now + Duration::seconds(INDEX_SETTLE_SECS);
    let at = match reason {
        Reason::TooRecent | Reason::ChannelCooldown => {
            let from = place.start_of(place.local_date(until));
            place.next_send(work.channel, work.purpose, from.max(now), &key)
        }
        Reason::NoCapacity
        | Reason::BudgetExhausted
        | Reason::OutsideWindow
        | Reason::Weekend
        | Reason::Holiday
        | Reason::Lunch => place.next_send(work.channel, work.purpose, until.max(now), &key),
        _ => Some(until),
    };
    at.unwrap_or(until).max(floor)
}

/// The start of the next local day: from there the next opening is looked for.
#[must_use]
pub fn next_day(
    lead: &Lead,
    context: &Context,
    channel: Channel,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    let place = Place::of(lead, &context.tenant, channel);
    place
        .local_date(now)
        .succ_opt()
        .map_or(now + Duration::days(1), |day| place.start_of(day))
}

/// A later minute for a number that has used up this one, spread so that those who wait do not all come back at once.
#[must_use]
pub fn later_minute(work: &Work, now: DateTime<Utc>) -> DateTime<Utc> {
    let spread = fingerprint(&[work.touch.as_str()])
        .bytes()
        .next()
        .map_or(0, i64::from)
        % 5;
    let start = now - Duration::seconds(i64::from(now.second()));
    start + Duration::minutes(1 + spread)
}

/// When step `index` of the enrolment is due, and whose queue it goes to; nothing past the end of the sequence.
#[must_use]
pub fn next_step(
    lead: &Lead,
    journey: &Journey,
    context: &Context,
    campaign: &CampaignId,
    index: u16,
    now: DateTime<Utc>,
) -> Option<(DateTime<Utc>, Channel)> {
    let step = context.campaign.sequence.step(index)?;
    let resolved = step.resolve(|channel| work::unavailable(lead, journey, context, channel));
    let channel = match resolved {
        Resolved::On { channel, .. } => channel,
        Resolved::Skip(_) => channel::CLOSES_SKIPPED_STEPS,
    };
    let place = Place::of(lead, &context.tenant, channel);
    let started = journey.enrolment(campaign).map_or(now, |e| e.started_at);
    let history = &journey.history;
    let rested = |last: Option<&DateTime<Utc>>, days| {
        last.map(|at| place.start_of(place.local_date(*at) + Duration::days(days)))
    };
    // Waking up only to be told that it is too early costs as much as sending.
    let not_before = [
        Some(place.step_day(started, step.day, context.campaign.sequence.unit)),
        rested(history.last_touch_at.as_ref(), gate::DAYS_BETWEEN_TOUCHES),
        rested(
            history.last_by_channel.get(&channel),
            gate::DAYS_BETWEEN_CHANNEL_TOUCHES,
        ),
        Some(context.campaign.starts_at),
        Some(now),
    ]
    .into_iter()
    .flatten()
    .max()
    .unwrap_or(now);
    let label = index.to_string();
    let key = PlanKey {
        journey,
        step: &label,
    };
    let at = place
        .next_send(channel, Purpose::Step, not_before, &key)
        .unwrap_or(not_before);
    Some((at.max(now + Duration::seconds(INDEX_SETTLE_SECS)), channel))
}
