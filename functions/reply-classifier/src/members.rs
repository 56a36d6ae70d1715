//! Who wrote on LinkedIn, where the message names them by an id that no lead has (LI).

use anyhow::Context as _;
use touchline_engine::{
    ports::PortError,
    reply::find::{Member, Members},
};
use touchline_providers::{
    http::{self, CallError, Timeouts},
    unipile::{self, Unipile},
};
use touchline_runtime::{aws::Aws, secrets::Secrets};

/// The provider of LinkedIn seats, if it is set up.
pub struct LinkedinMembers(Option<Unipile>);

impl LinkedinMembers {
    /// Reads the key and builds the client; `url` stands in for the workspace's own address.
    pub async fn build(aws: &Aws, prefix: &str, url: Option<String>) -> anyhow::Result<Self> {
        let secrets = Secrets::new(aws.secrets(), prefix);
        let client = http::client(Timeouts::default()).context("building the HTTP client")?;
        let Ok(secret) = secrets.get("unipile").await else {
            return Ok(Self(None));
        };
        let base = url.or_else(|| secret.account.as_deref().map(unipile::base_of));
        let key = secret.api_key.clone();
        Ok(Self(
            base.zip(key)
                .map(|(base, key)| Unipile::new(client, base, key)),
        ))
    }
}

impl Members for LinkedinMembers {
    async fn member(&self, account: &str, id: &str) -> Result<Option<Member>, PortError> {
        match &self.0 {
            Some(unipile) => unknown_if_refused(unipile.member(account, id).await),
            None => Ok(None),
        }
    }

    async fn attendees(&self, account: &str, chat: &str) -> Result<Vec<Member>, PortError> {
        match &self.0 {
            Some(unipile) => unknown_if_refused(unipile.attendees(account, chat).await),
            None => Ok(Vec::new()),
        }
    }
}

/// What the provider refuses, such as anything of a seat that is disconnected, asking again does not mend: the message is
/// matched by what else is known of its sender, or kept as unmatched.
fn unknown_if_refused<T: Default>(answer: Result<T, CallError>) -> Result<T, PortError> {
    match answer {
        Err(CallError::Refused { code, .. }) => {
            tracing::warn!(code, "a LinkedIn member can not be looked up");
            Ok(T::default())
        }
        other => other.map_err(|error| PortError::Unavailable {
            what: "a LinkedIn member",
            cause: Box::new(error),
        }),
    }
}
