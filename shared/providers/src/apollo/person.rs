//! What Apollo knows about a person, as types. Fields of an unexpected shape count as unknown; only an answer that is
//! not a person is an error.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::http::CallError;

/// A person that Apollo knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrichedPerson {
    /// Apollo's id.
    pub id: String,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Job title.
    pub title: Option<String>,
    /// Work e-mail.
    pub email: Option<String>,
    /// Whether Apollo has verified the e-mail (ALS-1).
    pub email_verified: bool,
    /// Personal e-mail, where Apollo may give it.
    pub personal_email: Option<String>,
    /// Phone as Apollo writes it.
    pub phone: Option<String>,
    /// LinkedIn profile URL.
    pub linkedin_url: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province.
    pub state: Option<String>,
    /// Country, in words.
    pub country: Option<String>,
    /// IANA time zone.
    pub time_zone: Option<String>,
    /// Since when they hold their title (ALS-1: new role).
    pub in_role_since: Option<NaiveDate>,
    /// Their employer.
    pub company: Option<EnrichedCompany>,
}

/// A company that Apollo knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrichedCompany {
    /// Name.
    pub name: Option<String>,
    /// Main domain.
    pub domain: Option<String>,
    /// Industry, in Apollo's words.
    pub industry: Option<String>,
    /// Estimated number of employees.
    pub employees: Option<u32>,
    /// Country, in words.
    pub country: Option<String>,
    /// Main phone.
    pub phone: Option<String>,
    /// SIC codes.
    pub sic_codes: Vec<String>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Last funding round (ALS-1: funded).
    pub funded_on: Option<NaiveDate>,
    /// Open positions (ALS-1: hiring).
    pub open_positions: Option<u32>,
}

impl EnrichedPerson {
    /// Reads the `person` of an answer; null means that nobody was found.
    pub(super) fn read(person: &Value) -> Result<Option<Self>, CallError> {
        if person.is_null() {
            return Ok(None);
        }
        let id = text(person, "id")
            .ok_or_else(|| CallError::Unreadable("person without id".to_owned()))?;
        let jobs = person["employment_history"].as_array();
        let job = jobs.and_then(|jobs| jobs.iter().find(|job| job["current"] == true));
        let organization = &person["organization"];
        Ok(Some(Self {
            id,
            first_name: text(person, "first_name"),
            last_name: text(person, "last_name"),
            title: text(person, "title"),
            email: text(person, "email").filter(|email| is_disclosed(email)),
            email_verified: person["email_status"] == "verified",
            personal_email: person["personal_emails"][0].as_str().map(str::to_owned),
            phone: text(&person["phone_numbers"][0], "sanitized_number")
                .or_else(|| text(&person["phone_numbers"][0], "raw_number")),
            linkedin_url: text(person, "linkedin_url"),
            city: text(person, "city"),
            state: text(person, "state"),
            country: text(person, "country"),
            time_zone: text(person, "time_zone"),
            in_role_since: job.and_then(|job| date(job, "start_date")),
            company: organization.is_object().then(|| company(organization)),
        }))
    }
}

/// Apollo puts `email_not_unlocked@domain.com` where it withholds an address.
fn is_disclosed(email: &str) -> bool {
    !email.starts_with("email_not_unlocked@")
}

fn company(organization: &Value) -> EnrichedCompany {
    EnrichedCompany {
        name: text(organization, "name"),
        domain: text(organization, "primary_domain"),
        industry: text(organization, "industry"),
        employees: count(organization, "estimated_num_employees"),
        country: text(organization, "country"),
        phone: text(organization, "sanitized_phone").or_else(|| text(organization, "phone")),
        sic_codes: texts(organization, "sic_codes"),
        keywords: texts(organization, "keywords"),
        funded_on: date(organization, "latest_funding_round_date"),
        open_positions: count(organization, "num_open_positions"),
    }
}

fn text(value: &Value, name: &str) -> Option<String> {
    let text = value[name].as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn texts(value: &Value, name: &str) -> Vec<String> {
    let list = value[name].as_array().into_iter().flatten();
    list.filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

fn count(value: &Value, name: &str) -> Option<u32> {
    u32::try_from(value[name].as_u64()?).ok()
}

/// The date at the start of a date or of a time.
fn date(value: &Value, name: &str) -> Option<NaiveDate> {
    let text = value[name].as_str()?.get(..10)?;
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_person_is_read_whole_and_a_withheld_address_is_none() {
        let person = json!({
            "id": "p1", "first_name": "Ann", "title": "CEO", "email": "email_not_unlocked@domain.com",
            "email_status": "verified",
            "employment_history": [{"current": false, "start_date": "2019-01-01"},
                {"current": true, "start_date": "2026-08-01"}],
            "organization": {"name": "X", "estimated_num_employees": 12, "sic_codes": ["7372"],
                "latest_funding_round_date": "2026-02-03T00:00:00.000+00:00"}
        });
        let read = EnrichedPerson::read(&person).unwrap().unwrap();
        assert_eq!(read.email, None);
        assert!(read.email_verified);
        assert_eq!(read.in_role_since, NaiveDate::from_ymd_opt(2026, 8, 1));
        let company = read.company.unwrap();
        assert_eq!(company.employees, Some(12));
        assert_eq!(company.funded_on, NaiveDate::from_ymd_opt(2026, 2, 3));
    }

    #[test]
    fn nobody_is_none_and_a_person_without_id_is_an_error() {
        assert_eq!(EnrichedPerson::read(&Value::Null), Ok(None));
        assert!(EnrichedPerson::read(&json!({"first_name": "Ann"})).is_err());
        let odd = json!({"id": "p", "title": 3, "organization": [], "employment_history": "x"});
        assert!(EnrichedPerson::read(&odd).unwrap().is_some());
    }
}
