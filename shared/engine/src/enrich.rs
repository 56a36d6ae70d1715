//! Enriching, scoring and enrolling leads (ENR-1, ENR-3, ALS-1). Never pays twice for one person within 30 days: what was
//! paid for is kept under a fingerprint of what was asked.

use std::future::Future;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use touchline_domain::{
    contact::{E164, LinkedInId, phone},
    ids::{CampaignId, LeadId, TenantId, UploadId, fingerprint},
    import::Role,
    scoring::als::{Score, ScoreInput},
    sending::{lead::Lead, tenant::Tenant},
};

use crate::{
    enrol::{self, Enrolled},
    ports::{Facts, Journeys, PortError, Tenants},
};

/// What was paid for is used this long (ENR-1).
pub const PAID_FOR_DAYS: i64 = 30;
/// Older data is refreshed before the lead's next first touch (ENR-3).
pub const FRESH_DAYS: i64 = 7;
/// People in one call.
pub const CALL_PEOPLE: usize = 10;

/// What an enrichment provider knows about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Work e-mail.
    pub email: Option<String>,
    /// The work e-mail was verified.
    pub email_verified: bool,
    /// A private e-mail is known.
    pub has_personal_email: bool,
    /// Phone.
    pub phone: Option<String>,
    /// LinkedIn URL.
    pub linkedin: Option<String>,
    /// Company.
    pub company: Option<String>,
    /// Domain.
    pub domain: Option<String>,
    /// Industry.
    pub industry: Option<String>,
    /// Employees.
    pub employees: Option<u32>,
    /// IANA time zone.
    pub timezone: Option<String>,
    /// In this role since.
    pub in_role_since: Option<NaiveDate>,
    /// Funded last.
    pub funded_on: Option<NaiveDate>,
    /// The company has open positions.
    pub hiring: bool,
    /// Keywords known for the company.
    pub keywords: u32,
}

/// Why nobody could be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeopleError {
    /// Later, after so many seconds if the provider said so (429).
    #[error("enrichment is not available ({code})")]
    Later {
        /// Seconds.
        after_secs: Option<u32>,
        /// The provider's code.
        code: String,
    },
    /// The account or the request is at fault.
    #[error("enrichment was refused ({0})")]
    Refused(String),
}

/// An enrichment provider.
pub trait People: Sync {
    /// Looks up to [`CALL_PEOPLE`] leads up, answered in order.
    fn look_up(
        &self,
        leads: &[Lead],
    ) -> impl Future<Output = Result<Vec<Option<Person>>, PeopleError>> + Send;
}

/// What enrichment keeps.
pub trait EnrichStore: Sync {
    /// Those of these leads that are there, in any order.
    fn leads(
        &self,
        tenant: &TenantId,
        leads: &[LeadId],
    ) -> impl Future<Output = Result<Vec<Lead>, PortError>> + Send;

    /// Writes profiles with their address look-ups.
    fn put_leads(
        &self,
        tenant: &TenantId,
        leads: &[Lead],
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Asks for numbers to be washed, together.
    fn request_washes(
        &self,
        numbers: &[E164],
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// What was paid for before, if it is not too old; the inner `None` means that nobody was found. The outer `None`
    /// means that the caller is the one to ask now, and has to keep the answer or give up.
    fn paid_for(
        &self,
        tenant: &TenantId,
        fingerprint: &str,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<Option<Option<Person>>, PortError>> + Send;

    /// Keeps what was paid for in one call, each answer under its fingerprint, for [`PAID_FOR_DAYS`].
    fn keep_paid_for(
        &self,
        tenant: &TenantId,
        answers: &[(String, Option<Person>)],
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// Says that nobody was asked after all, so that the next one may ask.
    fn give_up(
        &self,
        tenant: &TenantId,
        fingerprint: &str,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<(), PortError>> + Send;

    /// The campaigns that take the leads of an upload.
    fn campaigns_for(
        &self,
        tenant: &TenantId,
        upload: &UploadId,
    ) -> impl Future<Output = Result<Vec<CampaignId>, PortError>> + Send;
}

/// What a job came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Enriched {
    /// People that were asked for and found.
    pub found: u32,
    /// Asked for and not known.
    pub unknown: u32,
    /// Paid for before, or fresh enough.
    pub kept: u32,
    /// Not identifiable, or an organisation (HUB-5).
    pub not_asked: u32,
    /// Enrolments made.
    pub enrolled: u32,
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrichOutcome {
    /// All leads are through.
    Done(Enriched),
    /// The provider wants us to wait; what is done stays done.
    Later {
        /// Seconds.
        after_secs: Option<u32>,
        /// Why.
        code: String,
    },
}

/// Enriches, scores, washes and enrols the leads of one job.
///
/// # Errors
/// The store is not available.
pub async fn enrich<S, P>(
    store: &S,
    people: &P,
    tenant_id: &TenantId,
    upload: &UploadId,
    leads: &[LeadId],
    now: DateTime<Utc>,
) -> Result<EnrichOutcome, PortError>
where
    S: EnrichStore + Journeys + Facts + Tenants,
    P: People,
{
    let mut done = Enriched::default();
    let Some(tenant) = store.tenant(tenant_id).await? else {
        return Ok(EnrichOutcome::Done(done));
    };
    let campaigns = store.campaigns_for(tenant_id, upload).await?;
    let profiles = store.leads(tenant_id, leads).await?;
    for chunk in profiles.chunks(CALL_PEOPLE) {
        let known = match known_people(store, people, tenant_id, chunk, now, &mut done).await? {
            Ok(known) => known,
            Err((after_secs, code)) => return Ok(EnrichOutcome::Later { after_secs, code }),
        };
        let people = chunk.iter().zip(known);
        let scored: Vec<Lead> = people
            .map(|(lead, person)| scored(lead.clone(), person.as_ref(), &tenant, now))
            .collect();
        store.put_leads(tenant_id, &scored).await?;
        let takes_sms = scored.iter().filter(|lead| lead.phone_takes_sms);
        let numbers: Vec<E164> = takes_sms.filter_map(|lead| lead.phone.clone()).collect();
        if !numbers.is_empty() {
            store.request_washes(&numbers).await?;
        }
        for lead in &scored {
            done.enrolled += enrol_all(store, lead, &campaigns, now).await?;
        }
    }
    Ok(EnrichOutcome::Done(done))
}

async fn enrol_all<S: Journeys + Facts>(
    store: &S,
    lead: &Lead,
    campaigns: &[CampaignId],
    now: DateTime<Utc>,
) -> Result<u32, PortError> {
    let mut enrolled = 0;
    for campaign in campaigns {
        if let Some(context) = store.context(&lead.tenant, campaign).await?
            && enrol::enrol(store, lead, &context, now).await? == Enrolled::New
        {
            enrolled += 1;
        }
    }
    Ok(enrolled)
}

type Wait = (Option<u32>, String);

/// What is known of each lead: kept from before, or asked for now in one call.
async fn known_people<S: EnrichStore, P: People>(
    store: &S,
    people: &P,
    tenant: &TenantId,
    leads: &[Lead],
    now: DateTime<Utc>,
    done: &mut Enriched,
) -> Result<Result<Vec<Option<Person>>, Wait>, PortError> {
    let mut known: Vec<Option<Person>> = vec![None; leads.len()];
    let mut ask: Vec<(usize, String)> = Vec::new();
    for (index, lead) in leads.iter().enumerate() {
        if lead.entity || !is_identifiable(lead) {
            done.not_asked += 1;
            continue;
        }
        let print = identity(lead);
        match store.paid_for(tenant, &print, now).await? {
            Some(person) => {
                done.kept += 1;
                known[index] = person;
            }
            None => ask.push((index, print)),
        }
    }
    if ask.is_empty() {
        return Ok(Ok(known));
    }
    let asked: Vec<Lead> = ask.iter().map(|(index, _)| leads[*index].clone()).collect();
    let answers = match people.look_up(&asked).await {
        Ok(answers) => answers,
        Err(error) => {
            for (_, print) in &ask {
                store.give_up(tenant, print, now).await?;
            }
            return Ok(Err(match error {
                PeopleError::Later { after_secs, code } => (after_secs, code),
                PeopleError::Refused(code) => (None, code),
            }));
        }
    };
    let prints = ask.iter().map(|(_, print)| print.clone());
    let paid: Vec<(String, Option<Person>)> = prints.zip(answers).collect();
    store.keep_paid_for(tenant, &paid, now).await?;
    for ((index, _), (_, person)) in ask.into_iter().zip(paid) {
        if person.is_some() {
            done.found += 1;
        } else {
            done.unknown += 1;
        }
        known[index] = person;
    }
    Ok(Ok(known))
}

/// Whether a provider can tell who is meant (ENR-1).
#[must_use]
pub fn is_identifiable(lead: &Lead) -> bool {
    let named = lead.first_name.is_some() && lead.last_name.is_some();
    lead.email.is_some()
        || lead.linkedin.is_some()
        || (named && (lead.company.is_some() || lead.domain.is_some()))
}

/// The fingerprint of the fields that identify a person (ENR-1).
fn identity(lead: &Lead) -> String {
    let part = |value: Option<&str>| value.unwrap_or_default().to_lowercase();
    let parts = [
        part(lead.email.as_ref().map(|e| e.as_str())),
        part(lead.linkedin.as_deref()),
        part(lead.first_name.as_deref()),
        part(lead.last_name.as_deref()),
        part(lead.company.as_deref()),
    ];
    fingerprint(&parts.each_ref().map(String::as_str))
}

/// The lead with what was found filled in, and its score. What the tenant's own list says is not overwritten.
fn scored(mut lead: Lead, person: Option<&Person>, tenant: &Tenant, now: DateTime<Utc>) -> Lead {
    let today = now.date_naive();
    let mut input = ScoreInput {
        role: role(&lead),
        ..ScoreInput::default()
    };
    if let Some(person) = person {
        fill(&mut lead, person);
        input.role = role(&lead);
        input.email_verified = person.email_verified
            && lead.email.as_ref().map(|e| e.as_str()) == person.email.as_deref();
        input.has_personal_email = person.has_personal_email;
        input.months_in_role = person.in_role_since.map(|since| months(since, today));
        input.months_since_funding = person.funded_on.map(|on| months(on, today));
        input.hiring = person.hiring;
        input.keywords = Some(person.keywords);
    }
    input.has_phone = lead.phone.is_some();
    input.has_linkedin = lead.linkedin.is_some();
    input.industry_match = lead.industry.is_some();
    input.employees = lead.employees;
    input.in_home_country = lead.country.unwrap_or(tenant.country) == tenant.country;
    lead.als = Some(Score::of(&input).total);
    lead.enriched_at = Some(now);
    lead
}

fn role(lead: &Lead) -> Role {
    lead.title.as_deref().map_or(Role::Other, Role::of)
}

fn fill(lead: &mut Lead, person: &Person) {
    let email = person.email.as_deref().and_then(|text| text.parse().ok());
    let found_phone = person
        .phone
        .as_deref()
        .and_then(|text| phone::parse(text, lead.country).ok());
    let linkedin = person
        .linkedin
        .as_deref()
        .and_then(|text| text.parse::<LinkedInId>().ok());
    let takes_sms = found_phone
        .as_ref()
        .is_some_and(|p| p.kind.can_receive_sms());
    let number: Option<E164> = found_phone.map(|p| p.e164);
    let other = Lead {
        first_name: person.first_name.clone(),
        last_name: person.last_name.clone(),
        email,
        phone: number,
        phone_takes_sms: takes_sms,
        linkedin: linkedin.map(|id| id.as_str().to_owned()),
        company: person.company.clone(),
        title: person.title.clone(),
        role_score: person
            .title
            .as_deref()
            .map_or(0, |title| Role::of(title).score()),
        timezone: person
            .timezone
            .as_deref()
            .and_then(|zone| zone.parse().ok()),
        domain: person.domain.clone(),
        industry: person.industry.clone(),
        employees: person.employees,
        extra: std::collections::BTreeMap::new(),
        ..lead.clone()
    };
    lead.fill_from(&other);
}

fn months(from: NaiveDate, to: NaiveDate) -> u32 {
    use chrono::Datelike as _;
    let months =
        (to.year() - from.year()) * 12 + to.month0().cast_signed() - from.month0().cast_signed();
    u32::try_from(if to.day() < from.day() {
        months - 1
    } else {
        months
    })
    .unwrap_or(0)
}
