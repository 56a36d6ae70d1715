//! Leads: profile, journey and touches of one person are one partition. A journey is written as a whole over the
//! version that was read, and its entry in the due index is part of that write (invariant 2).

mod addresses;
mod bulk;
mod due;
mod names;
mod touches;

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use chrono::{DateTime, Utc};
use touchline_domain::{
    contact::Address,
    ids::{LeadId, TenantId, TouchId},
    sending::{
        journey::Journey,
        lead::Lead,
        touch::{Signal, Touch},
    },
};
use touchline_engine::{
    desk::inbox::Timeline,
    ports::{Journeys, PortError, Profiles, Saved},
};

pub use self::{due::DuePage, touches::TouchRecord};
use crate::{
    item::{Item, decode, encode, number, required_text, text},
    keys::{self, JOURNEY, Key, PROFILE, SK},
    names::Given,
    table::{IF_NEW, Range, Read, Table, of},
};

/// Access to the leads table.
#[derive(Clone, Debug)]
pub struct Leads {
    table: Table<of::Leads>,
}

impl Leads {
    /// The table called `table`; a function that was not given it has none.
    #[must_use]
    pub fn new(db: Client, table: impl Into<Given>) -> Self {
        Self {
            table: Table::new(db, table),
        }
    }

    /// Creates a lead unless there is one; `false` when there is (REP-3, referral).
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn create(&self, lead: &Lead) -> Result<bool, PortError> {
        self.table.put_if_new("lead", profile_item(lead)?).await
    }

    /// Writes a profile over the one that is there; [`Saved::Conflict`] when there is none.
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn update(&self, lead: &Lead) -> Result<Saved, PortError> {
        let written = self
            .table
            .put_if(
                "lead",
                profile_item(lead)?,
                names::IF_EXISTS,
                HashMap::new(),
            )
            .await?;
        Ok(saved(written.is_written()))
    }

    /// The lead that a tenant reaches at an address (HUB-4).
    ///
    /// # Errors
    /// [`PortError`].
    pub async fn lead_at(
        &self,
        tenant: &TenantId,
        address: &Address,
    ) -> Result<Option<LeadId>, PortError> {
        let places: Vec<Key> = addresses::places(tenant, address).collect();
        let mut linked = None;
        for item in self
            .table
            .batch_get("lead at an address", &places, Read::Consistent)
            .await?
        {
            if required_text("lead at an address", &item, SK)? == PROFILE {
                return decode("lead", item).map(|lead: Lead| Some(lead.id));
            }
            linked = Some(linked_lead(&item)?);
        }
        Ok(linked)
    }
}

fn saved(written: bool) -> Saved {
    if written {
        Saved::Written
    } else {
        Saved::Conflict
    }
}

fn linked_lead(item: &Item) -> Result<LeadId, PortError> {
    let value = required_text("address look-up", item, names::LINKED_LEAD)?;
    value.parse().map_err(|_| {
        crate::error::corrupt(
            "address look-up",
            names::LINKED_LEAD,
            value,
            "not a lead id",
        )
    })
}

/// A profile with its key and its place in the tenant's listing.
fn profile_item(lead: &Lead) -> Result<Item, PortError> {
    let mut item = encode("lead", keys::profile(&lead.tenant, &lead.id), lead)?;
    item.insert(
        names::LIST_PK.to_owned(),
        text(keys::listing_of(&lead.tenant, &lead.id)),
    );
    item.insert(names::LIST_SK.to_owned(), text(lead.id.as_str()));
    Ok(item)
}

/// A journey with its key and, while something is due, its place in the due index.
fn journey_item(journey: &Journey) -> Result<Item, PortError> {
    let mut item = encode(
        "journey",
        keys::journey(&journey.tenant, &journey.lead),
        journey,
    )?;
    if let Some((due_at, channel, _)) = journey.next_due() {
        item.insert(
            names::DUE_SHARD.to_owned(),
            text(keys::due_shard(&journey.lead)),
        );
        item.insert(names::DUE_AT.to_owned(), text(keys::due_at(due_at)));
        item.insert(names::DUE_CHANNEL.to_owned(), text(channel.as_str()));
    }
    Ok(item)
}

impl Profiles for Leads {
    async fn profile(&self, tenant: &TenantId, lead: &LeadId) -> Result<Option<Lead>, PortError> {
        let item = self
            .table
            .get("lead", keys::profile(tenant, lead), Read::Consistent)
            .await?;
        item.map(|item| decode("lead", item)).transpose()
    }
}

impl Timeline for Leads {
    async fn touches_of(&self, tenant: &TenantId, lead: &LeadId) -> Result<Vec<Touch>, PortError> {
        let records = self.touches(tenant, lead).await?;
        Ok(records.into_iter().map(|record| record.touch).collect())
    }
}

impl Journeys for Leads {
    /// One query of the two neighbouring items: half the read units of two reads by key.
    async fn load(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
    ) -> Result<Option<(Lead, Journey)>, PortError> {
        let pk = keys::lead(tenant, lead);
        let range = Range::Between(JOURNEY, PROFILE);
        let (mut profile, mut journey) = (None, None);
        for item in self
            .table
            .all("lead and journey", &pk, range, Read::Consistent)
            .await?
        {
            match item
                .get(SK)
                .and_then(|sk| sk.as_s().ok())
                .map(String::as_str)
            {
                Some(PROFILE) => profile = Some(decode("lead", item)?),
                Some(JOURNEY) => journey = Some(decode("journey", item)?),
                _ => {}
            }
        }
        let Some(profile) = profile else {
            return Ok(None);
        };
        let journey = journey.unwrap_or_else(|| Journey::new(tenant.clone(), lead.clone()));
        Ok(Some((profile, journey)))
    }

    async fn save(&self, journey: &Journey, expected: u64) -> Result<Saved, PortError> {
        let item = journey_item(journey)?;
        let written = if expected == 0 {
            self.table
                .put_if("journey", item, IF_NEW, HashMap::new())
                .await?
        } else {
            let values = HashMap::from([(":expected".to_owned(), number(expected))]);
            self.table
                .put_if("journey", item, names::IF_VERSION, values)
                .await?
        };
        Ok(saved(written.is_written()))
    }

    async fn touch(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
        touch: &TouchId,
    ) -> Result<Option<Touch>, PortError> {
        Ok(self
            .touch_record(tenant, lead, touch)
            .await?
            .map(|record| record.touch))
    }

    async fn put_touch(&self, touch: &Touch) -> Result<(), PortError> {
        self.write_touch(touch).await
    }

    async fn add_signal(
        &self,
        tenant: &TenantId,
        lead: &LeadId,
        touch: &TouchId,
        signal: Signal,
        at: DateTime<Utc>,
    ) -> Result<bool, PortError> {
        self.write_signal(keys::touch(tenant, lead, touch), signal, at)
            .await
    }
}

#[cfg(test)]
mod tests {
    use touchline_domain::{channel::Channel, sending::Reason};

    use super::*;

    fn journey() -> Journey {
        let tenant: TenantId = "acme".parse().unwrap();
        let lead = LeadId::derive(&tenant, "ana@example.com");
        let mut journey = Journey::new(tenant, lead);
        let now: DateTime<Utc> = "2026-11-20T22:00:00Z".parse().unwrap();
        journey.enrol(
            "c1".parse().unwrap(),
            now,
            now + chrono::Duration::milliseconds(500),
            Channel::Email,
        );
        journey.version = 7;
        journey.claim = Some(touchline_domain::sending::journey::Claim {
            touch: TouchId::derive(
                &journey.tenant,
                &journey.lead,
                &"c1".parse().unwrap(),
                "0",
                0,
            ),
            channel: Channel::Email,
            until: now,
            resource: Some("mailbox-1".parse().unwrap()),
            answer: None,
        });
        journey
            .unusable
            .insert(Channel::Sms, Reason::InvalidAddress);
        journey.events.push("event-1".into());
        journey
    }

    #[test]
    fn a_journey_comes_back_as_it_was_written() {
        let journey = journey();
        assert_eq!(
            decode::<Journey>("journey", journey_item(&journey).unwrap()).unwrap(),
            journey
        );
    }

    #[test]
    fn invariant_2_an_active_journey_is_in_the_due_index_and_a_finished_one_is_not() {
        let mut journey = journey();
        let item = journey_item(&journey).unwrap();
        assert_eq!(item[names::DUE_AT], text("2026-11-20T22:00:01Z"));
        assert_eq!(item[names::DUE_CHANNEL], text("email"));
        assert_eq!(item[names::DUE_SHARD], text(keys::due_shard(&journey.lead)));
        journey.stop(Reason::OptedOut);
        // A touch that is being sent keeps its lead in the index, so that a sender that died is found.
        let item = journey_item(&journey).unwrap();
        assert!(item.contains_key(names::DUE_AT));
        journey.claim = None;
        let item = journey_item(&journey).unwrap();
        assert!(
            [names::DUE_AT, names::DUE_CHANNEL, names::DUE_SHARD]
                .iter()
                .all(|name| !item.contains_key(*name))
        );
    }

    #[test]
    fn a_profile_comes_back_as_it_was_written() {
        let lead = crate::samples::lead("acme", "ana@example.com");
        let item = profile_item(&lead).unwrap();
        assert_eq!(item[names::LIST_SK], text(lead.id.as_str()));
        assert_eq!(decode::<Lead>("lead", item).unwrap(), lead);
    }

    #[test]
    fn a_journey_in_full_swing_and_a_touch_cost_one_write_unit_each() {
        use touchline_domain::sending::{journey::Thread, touch::Purpose};
        let mut journey = journey();
        let now = crate::samples::now();
        for channel in [Channel::Email, Channel::Voice, Channel::Linkedin] {
            journey.record_sent(channel, Purpose::Step, now);
        }
        let campaign = "spring-2027-sydney".parse().unwrap();
        journey.enrol(campaign, now, now, Channel::Email);
        journey.enrolments.remove(0);
        let enrolment = &mut journey.enrolments[0];
        enrolment.waiting = Some(Reason::OutsideWindow);
        enrolment.persona = Some("ana-silva".parse().unwrap());
        enrolment.mailbox = Some("mailbox-0001-left".parse().unwrap());
        enrolment.thread = Some(Thread {
            subject: "A question about Example Plumbing Pty Ltd".into(),
            message_ids: vec![format!("<touch_{}@mail.example.com>", "0".repeat(26)); 2],
        });
        let journey = crate::item::size_bytes(&journey_item(&journey).unwrap());
        assert!(journey + 47 <= 1_024, "{journey} bytes and a write token");
        let touch = crate::samples::full_touch();
        let key = keys::touch(&touch.tenant, &touch.lead, &touch.id);
        let touch = crate::item::size_bytes(&encode("touch", key, &touch).unwrap());
        let signals = 7 + 3 * ("at_delivered".len() + "delivered".len() + 27);
        assert!(touch + signals <= 1_024, "{touch} bytes and three signals");
    }
}
