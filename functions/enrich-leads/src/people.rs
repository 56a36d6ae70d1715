//! Apollo as the engine's enrichment provider.

use anyhow::Context as _;
use touchline_domain::sending::lead::Lead;
use touchline_engine::enrich::{People, PeopleError, Person};
use touchline_providers::{
    apollo::{Apollo, EnrichedPerson, PersonQuery},
    http::{self, CallError, Timeouts},
};
use touchline_runtime::{aws::Aws, secrets::Secrets};

/// Apollo, if this stack has a key; without one nobody is looked up and leads are scored by their list alone.
pub struct ApolloPeople {
    apollo: Option<Apollo>,
}

impl ApolloPeople {
    /// Reads the key and builds the client.
    pub async fn build(aws: &Aws, prefix: String, url: &str) -> anyhow::Result<Self> {
        let secrets = Secrets::new(aws.secrets(), &prefix);
        let client = http::client(Timeouts::default()).context("building the HTTP client")?;
        let key = secrets
            .get("apollo")
            .await
            .ok()
            .and_then(|secret| secret.api_key.clone());
        Ok(Self {
            apollo: key.map(|key| Apollo::new(client, url, key)),
        })
    }
}

impl People for ApolloPeople {
    async fn look_up(&self, leads: &[Lead]) -> Result<Vec<Option<Person>>, PeopleError> {
        let Some(apollo) = &self.apollo else {
            return Ok(vec![None; leads.len()]);
        };
        let queries: Vec<PersonQuery> = leads.iter().map(query).collect();
        let found = apollo.people(&queries).await.map_err(|error| match error {
            CallError::RateLimited { retry_after } => PeopleError::Later {
                after_secs: retry_after.and_then(|wait| u32::try_from(wait.as_secs()).ok()),
                code: "rate_limited".to_owned(),
            },
            CallError::Refused { code, .. } => PeopleError::Refused(code),
            other => PeopleError::Later {
                after_secs: None,
                code: other.to_string(),
            },
        })?;
        Ok(found
            .into_iter()
            .map(|person| person.map(person_of))
            .collect())
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
