//! The table: leads, journeys behind a version, records of touches, suppression and register. Conditional writes
//! answer as the real ones do; nothing here fails or waits, that is done to it from outside.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use touchline_domain::{
    contact::{AddressHash, E164},
    ids::{LeadId, TenantId, TouchId},
    sending::{
        Reason,
        journey::Journey,
        lead::Lead,
        register::WashResult,
        suppression::{Superseded, Suppression, SuppressionScope},
        touch::{Outcome, Signal, Touch},
    },
};
use touchline_engine::ports::{AddressFacts, Saved};

/// A touch as it is stored: its record, once it ended, and what the provider told about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TouchRow {
    /// The record.
    pub record: Option<Touch>,
    /// The signals.
    pub signals: BTreeSet<Signal>,
}

impl TouchRow {
    /// A provider that tells about a touch must have had it (SEND-2).
    fn settle_unknown(&mut self) {
        if let Some(record) = self.record.as_mut()
            && record.outcome == Outcome::Unknown
            && !self.signals.is_empty()
        {
            record.outcome = Outcome::Sent;
            record.reason = None;
        }
    }
}

/// How much an outcome weighs: a weaker one never replaces a stronger one.
fn weight(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Skipped => 0,
        Outcome::Stopped => 1,
        Outcome::Failed => 2,
        Outcome::Unknown => 3,
        Outcome::Sent => 4,
    }
}

/// Whose suppression of an address; of all, without a tenant.
type SuppressionKey = (Option<TenantId>, AddressHash);

/// What was done to an address and by whom. An event is the same act however often it comes; a person who does the same
/// at another time means it, and so does whoever lifts everything.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Suppressed(String, Option<DateTime<Utc>>),
    Lifted(String, Option<DateTime<Utc>>),
}

impl Act {
    fn of_suppression(record: &Suppression) -> Self {
        let by_person = record.reason == Reason::Operator;
        Self::Suppressed(record.actor.clone(), by_person.then_some(record.at))
    }

    fn of_lifting(lifted: &Superseded) -> Self {
        let of_all = lifted.channel.is_none();
        Self::Lifted(lifted.actor.clone(), of_all.then_some(lifted.at))
    }
}

/// Everything about one lead.
#[derive(Clone, Debug)]
pub struct LeadRow {
    /// Its position in the scenario.
    pub number: usize,
    /// Its profile.
    pub lead: Lead,
    /// Its journey.
    pub journey: Journey,
    /// Its touches.
    pub touches: BTreeMap<TouchId, TouchRow>,
}

/// The table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    leads: BTreeMap<LeadId, LeadRow>,
    suppressions: BTreeMap<SuppressionKey, Suppression>,
    acts: BTreeSet<(SuppressionKey, Act)>,
    register: BTreeMap<E164, WashResult>,
}

impl Table {
    /// Adds a lead that has no journey yet.
    pub fn add_lead(&mut self, lead: Lead) {
        let number = self.leads.len();
        let journey = Journey::new(lead.tenant.clone(), lead.id.clone());
        self.leads.insert(
            lead.id.clone(),
            LeadRow {
                number,
                lead,
                journey,
                touches: BTreeMap::new(),
            },
        );
    }

    /// A lead's row.
    #[must_use]
    pub fn row(&self, lead: &LeadId) -> Option<&LeadRow> {
        self.leads.get(lead)
    }

    /// Every row, in order of the leads' ids.
    pub fn rows(&self) -> impl Iterator<Item = &LeadRow> {
        self.leads.values()
    }

    /// Lead and journey.
    #[must_use]
    pub fn load(&self, tenant: &TenantId, lead: &LeadId) -> Option<(Lead, Journey)> {
        let row = self
            .leads
            .get(lead)
            .filter(|row| row.lead.tenant == *tenant)?;
        Some((row.lead.clone(), row.journey.clone()))
    }

    /// Writes a journey over the version `expected`; over any version if `checked` is off.
    pub fn save(&mut self, journey: &Journey, expected: u64, checked: bool) -> Saved {
        match self
            .leads
            .get_mut(&journey.lead)
            .filter(|row| row.lead.tenant == journey.tenant)
        {
            Some(row) if !checked || row.journey.version == expected => {
                row.journey = journey.clone();
                Saved::Written
            }
            _ => Saved::Conflict,
        }
    }

    /// The record of a touch.
    #[must_use]
    pub fn touch(&self, lead: &LeadId, touch: &TouchId) -> Option<Touch> {
        self.leads.get(lead)?.touches.get(touch)?.record.clone()
    }

    /// Writes a record, unless a stronger one is there.
    pub fn put_touch(&mut self, touch: &Touch) {
        let Some(lead) = self.leads.get_mut(&touch.lead) else {
            return;
        };
        let row = lead.touches.entry(touch.id.clone()).or_default();
        let stronger = row
            .record
            .as_ref()
            .is_some_and(|old| weight(old.outcome) > weight(touch.outcome));
        if !stronger {
            row.record = Some(touch.clone());
            row.settle_unknown();
        }
    }

    /// Adds a signal; answers whether it is new.
    pub fn add_signal(&mut self, lead: &LeadId, touch: &TouchId, signal: Signal) -> bool {
        let Some(lead) = self.leads.get_mut(lead) else {
            return false;
        };
        let row = lead.touches.entry(touch.clone()).or_default();
        let new = row.signals.insert(signal);
        row.settle_unknown();
        new
    }

    /// Suppresses an address unless it is; one that was lifted is suppressed anew. The same act again does nothing, so
    /// that an event that comes late does not undo a lifting (R35).
    pub fn suppress(&mut self, tenant: &TenantId, address: &AddressHash, record: &Suppression) {
        let whose = match record.scope {
            SuppressionScope::Tenant => Some(tenant.clone()),
            SuppressionScope::Global => None,
        };
        let key = (whose, address.clone());
        let act = Act::of_suppression(record);
        if self.acts.insert((key.clone(), act))
            && self
                .suppressions
                .get(&key)
                .is_none_or(|old| old.superseded.is_some())
        {
            self.suppressions.insert(key, record.clone());
        }
    }

    /// Lifts a tenant's suppression, unless it is younger than the lifting or lifted altogether already; one that was
    /// never made stays unmade. The same act again does nothing.
    pub fn restore(&mut self, tenant: &TenantId, address: &AddressHash, superseded: &Superseded) {
        let key = (Some(tenant.clone()), address.clone());
        let act = Act::of_lifting(superseded);
        if self.acts.insert((key.clone(), act))
            && let Some(record) = self.suppressions.get_mut(&key)
            && record.at <= superseded.at
            && record
                .superseded
                .as_ref()
                .is_none_or(|lifted| lifted.channel.is_some())
        {
            record.superseded = Some(superseded.clone());
        }
    }

    /// What is known of an address.
    #[must_use]
    pub fn address(
        &self,
        tenant: &TenantId,
        address: &AddressHash,
        number: Option<&E164>,
    ) -> AddressFacts {
        AddressFacts {
            suppressions: [Some(tenant.clone()), None]
                .into_iter()
                .filter_map(|whose| self.suppressions.get(&(whose, address.clone())).cloned())
                .collect(),
            wash: number.and_then(|number| self.register.get(number)).copied(),
        }
    }

    /// Notes the register's answer for a number.
    pub fn wash(&mut self, number: E164, result: WashResult) {
        self.register.insert(number, result);
    }

    /// When a touch's record says that it ended.
    #[must_use]
    pub fn ended_at(&self, lead: &LeadId, touch: &TouchId) -> Option<DateTime<Utc>> {
        self.touch(lead, touch).map(|record| record.at)
    }
}

#[cfg(test)]
mod tests {
    use touchline_domain::{channel::Channel, money::Micros, sending::touch::Purpose};

    use super::*;

    fn touch(outcome: Outcome, lead: &Lead) -> Touch {
        let campaign = "c1".parse().unwrap();
        Touch {
            id: TouchId::derive(&lead.tenant, &lead.id, &campaign, "0", 0),
            tenant: lead.tenant.clone(),
            lead: lead.id.clone(),
            campaign,
            step: "0".into(),
            purpose: Purpose::Step,
            channel: Channel::Email,
            fallback_because: None,
            outcome,
            reason: None,
            detail: None,
            at: DateTime::UNIX_EPOCH,
            resource: None,
            provider: None,
            provider_message_id: None,
            cost: Micros::ZERO,
            evidence: None,
        }
    }

    fn table() -> (Table, Lead) {
        let mut table = Table::default();
        let lead = crate::scenario::plain_lead("acme", "a@b.co").unwrap();
        table.add_lead(lead.clone());
        (table, lead)
    }

    #[test]
    fn a_journey_is_written_over_the_version_that_was_read_and_no_other() {
        let (mut table, lead) = table();
        let (_, mut journey) = table.load(&lead.tenant, &lead.id).unwrap();
        journey.version = 1;
        assert_eq!(table.save(&journey, 0, true), Saved::Written);
        assert_eq!(table.save(&journey, 0, true), Saved::Conflict);
        assert!(table.load(&"other".parse().unwrap(), &lead.id).is_none());
    }

    #[test]
    fn send_2_a_signal_settles_an_unknown_touch_in_either_order() {
        for signal_first in [true, false] {
            let (mut table, lead) = table();
            let record = touch(Outcome::Unknown, &lead);
            if signal_first {
                assert!(table.add_signal(&lead.id, &record.id, Signal::Delivered));
                table.put_touch(&record);
            } else {
                table.put_touch(&record);
                assert!(table.add_signal(&lead.id, &record.id, Signal::Delivered));
            }
            assert!(!table.add_signal(&lead.id, &record.id, Signal::Delivered));
            assert_eq!(
                table.touch(&lead.id, &record.id).unwrap().outcome,
                Outcome::Sent
            );
        }
    }

    #[test]
    fn send_4_a_late_and_weaker_record_does_not_replace_what_was_sent() {
        let (mut table, lead) = table();
        let sent = touch(Outcome::Sent, &lead);
        table.put_touch(&touch(Outcome::Skipped, &lead));
        table.put_touch(&sent);
        table.put_touch(&touch(Outcome::Stopped, &lead));
        assert_eq!(
            table.touch(&lead.id, &sent.id).unwrap().outcome,
            Outcome::Sent
        );
    }
}
