//! Apollo as the engine's enrichment provider.

use touchline_domain::sending::lead::Lead;
use touchline_engine::enrich::{People, PeopleError, Person};

use super::{Apollo, EnrichedPerson, PersonQuery};
use crate::http::CallError;

impl People for Apollo {
    async fn look_up(&self, leads: &[Lead]) -> Result<Vec<Option<Person>>, PeopleError> {
        let queries: Vec<PersonQuery> = leads.iter().map(query).collect();
        let found = self.people(&queries).await?;
        Ok(found
            .into_iter()
            .map(|person| person.map(person_of))
            .collect())
    }
}

impl From<CallError> for PeopleError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::RateLimited { retry_after } => Self::Later {
                after_secs: retry_after.and_then(|wait| u32::try_from(wait.as_secs()).ok()),
                code: "rate_limited".to_owned(),
            },
            CallError::Refused { code, .. } => Self::Refused(code),
            other => Self::Later {
                after_secs: None,
                code: other.to_string(),
            },
        }
    }
}

fn query(lead: &Lead) -> PersonQuery {
    PersonQuery {
        first_name: lead.first_name.clone(),
        last_name: lead.last_name.clone(),
        email: lead.email.as_ref().map(|email| email.as_str().to_owned()),
        organization_name: lead.company.clone(),
        domain: lead.domain.clone(),
        linkedin_url: lead
            .linkedin
            .as_ref()
            .map(|id| format!("https://www.linkedin.com/in/{id}")),
    }
}

fn person_of(found: EnrichedPerson) -> Person {
    let company = found.company.unwrap_or_default();
    Person {
        first_name: found.first_name,
        last_name: found.last_name,
        title: found.title,
        email: found.email,
        email_verified: found.email_verified,
        has_personal_email: found.personal_email.is_some(),
        phone: found.phone,
        linkedin: found.linkedin_url,
        company: company.name,
        domain: company.domain,
        industry: company.industry,
        employees: company.employees,
        timezone: found.time_zone,
        in_role_since: found.in_role_since,
        funded_on: company.funded_on,
        hiring: company.open_positions.is_some_and(|open| open > 0),
        keywords: u32::try_from(company.keywords.len()).unwrap_or(u32::MAX),
    }
}
