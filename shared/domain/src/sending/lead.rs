//! A lead's profile: one person at one company whom a tenant may contact.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::consent::Consent;
use crate::{
    calendar::Zone,
    contact::{Address, E164, EmailAddress},
    country::Country,
    ids::{LeadId, TenantId, UploadId},
    region::State,
};

/// A lead's profile. Absent facts stay absent; nothing is guessed into it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    /// The id, derived from tenant and primary address.
    pub id: LeadId,
    /// The tenant.
    pub tenant: TenantId,
    /// First name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// Phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<E164>,
    /// Whether the number can receive text messages: a mobile, or one that may be.
    #[serde(default)]
    pub phone_takes_sms: bool,
    /// LinkedIn public identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linkedin: Option<String>,
    /// Company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Job title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The title's score (HUB-6).
    #[serde(default)]
    pub role_score: u8,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State, where the country's states are modelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Postcode or ZIP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// Country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Time zone, where the file or a person stated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<Zone>,
    /// Domain of the company's web site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Industry in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub industry: Option<String>,
    /// Number of employees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employees: Option<u32>,
    /// Standard industrial classification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sic: Option<String>,
    /// The name is an organisation's, not a person's (HUB-5).
    #[serde(default)]
    pub entity: bool,
    /// Lead score 0..100 (ALS-1); absent until scored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub als: Option<u8>,
    /// The consent on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    /// Columns that the import did not map.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, String>,
    /// The upload that created it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<UploadId>,
    /// The row of that upload, so that a row that is read again is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload_row: Option<u64>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last enriched (ENR-3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enriched_at: Option<DateTime<Utc>>,
}

impl Lead {
    /// Every address by which the lead is known, best first: it is derived from the first, and found by each (HUB-4).
    #[must_use]
    pub fn addresses(&self) -> Vec<Address> {
        let email = self.email.clone().map(Address::Email);
        let phone = self.phone.clone().map(Address::Phone);
        let linkedin = self
            .linkedin
            .as_deref()
            .and_then(|id| id.parse().ok())
            .map(Address::Linkedin);
        [email, phone, linkedin].into_iter().flatten().collect()
    }

    /// Fills missing fields from `other`; known fields stay.
    pub fn fill_from(&mut self, other: &Self) {
        fn fill<T: Clone>(mine: &mut Option<T>, theirs: &Option<T>) {
            if mine.is_none() {
                mine.clone_from(theirs);
            }
        }
        fill(&mut self.first_name, &other.first_name);
        fill(&mut self.last_name, &other.last_name);
        fill(&mut self.full_name, &other.full_name);
        fill(&mut self.email, &other.email);
        if self.phone.is_none() {
            self.phone.clone_from(&other.phone);
            self.phone_takes_sms = other.phone_takes_sms;
        }
        fill(&mut self.linkedin, &other.linkedin);
        fill(&mut self.company, &other.company);
        if self.title.is_none() {
            self.title.clone_from(&other.title);
            self.role_score = other.role_score;
        }
        fill(&mut self.city, &other.city);
        fill(&mut self.state, &other.state);
        fill(&mut self.postcode, &other.postcode);
        fill(&mut self.country, &other.country);
        fill(&mut self.timezone, &other.timezone);
        fill(&mut self.domain, &other.domain);
        fill(&mut self.industry, &other.industry);
        fill(&mut self.employees, &other.employees);
        fill(&mut self.sic, &other.sic);
        fill(&mut self.consent, &other.consent);
        for (name, value) in &other.extra {
            self.extra
                .entry(name.clone())
                .or_insert_with(|| value.clone());
        }
    }
}
