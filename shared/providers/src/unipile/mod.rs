//! Unipile: LinkedIn seats of clients. Looks up a member, the people in a chat and the owner of a seat, and registers
//! webhooks.

mod registration;

use reqwest::{RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use touchline_engine::reply::find::Member;

use crate::http::{CallError, HttpClient, Replay, call, trimmed};

/// The Unipile API of one workspace.
#[derive(Clone, Debug)]
pub struct Unipile {
    client: HttpClient,
    base: String,
    key: SecretString,
}

impl Unipile {
    /// `base` is where the API answers, with its version: see [`base_of`].
    #[must_use]
    pub fn new(client: HttpClient, base: impl Into<String>, key: SecretString) -> Self {
        Self {
            client,
            base: trimmed(base),
            key,
        }
    }

    /// A request for something of the workspace.
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client
            .get(format!("{}{path}", self.base))
            .header("X-API-KEY", self.key.expose_secret())
    }

    /// The profile of a member as `account` sees it; none if nobody has that id.
    ///
    /// # Errors
    /// [`CallError`]; asking again is harmless.
    pub async fn member(&self, account: &str, id: &str) -> Result<Option<Member>, CallError> {
        let found = self
            .ask(&format!("/users/{}", escaped(id)), account)
            .await?;
        Ok(found.map(|profile| Member {
            provider_id: text(&profile, "provider_id"),
            public_id: text(&profile, "public_identifier"),
        }))
    }

    /// The other people in a chat; none if it is gone.
    ///
    /// # Errors
    /// [`CallError`]; asking again is harmless.
    pub async fn attendees(&self, account: &str, chat: &str) -> Result<Vec<Member>, CallError> {
        let path = format!("/chats/{}/attendees", escaped(chat));
        let found = self.ask(&path, account).await?.unwrap_or_default();
        let list = found["items"].as_array().into_iter().flatten();
        let others = list.filter(|one| one["is_self"] != 1 && one["is_self"] != true);
        Ok(others
            .map(|one| Member {
                provider_id: text(one, "provider_id"),
                public_id: text(one, "public_identifier").or_else(|| text(one, "profile_url")),
            })
            .collect())
    }

    /// The member id of the person whose account it is.
    ///
    /// # Errors
    /// [`CallError`]; asking again is harmless.
    pub async fn own_id(&self, account: &str) -> Result<Option<String>, CallError> {
        let own = self.ask("/users/me", account).await?;
        Ok(own.and_then(|profile| text(&profile, "provider_id")))
    }

    async fn ask(&self, path: &str, account: &str) -> Result<Option<Value>, CallError> {
        let request = self.get(path).query(&[("account_id", account)]);
        let answer = call(request).await?;
        if let Some(error) = answer.transient(Replay::Recognised) {
            return Err(error);
        }
        let body = answer.json();
        match answer.status {
            StatusCode::OK => Ok(Some(body)),
            // Unipile says 422 of an id that LinkedIn does not know.
            StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY => Ok(None),
            status => Err(CallError::Refused {
                code: text(&body, "type").unwrap_or_else(|| status.as_u16().to_string()),
                message: text(&body, "title").unwrap_or_default(),
            }),
        }
    }
}

/// The base URL of a workspace's API, from its address such as `api8.unipile.com:13851`.
#[must_use]
pub fn base_of(dsn: &str) -> String {
    let host = dsn.trim().trim_start_matches("https://").trim_matches('/');
    format!("https://{host}/api/v1")
}

fn text(value: &Value, name: &str) -> Option<String> {
    value[name]
        .as_str()
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// An id as one segment of a path.
fn escaped(id: &str) -> String {
    use std::fmt::Write as _;

    id.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let written = write!(out, "%{byte:02X}");
            debug_assert!(written.is_ok(), "a String takes everything");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stays_one_segment_of_a_path() {
        assert_eq!(escaped("ACoAAA-1_b"), "ACoAAA-1_b");
        assert_eq!(escaped("a/../b?c=é"), "a%2F..%2Fb%3Fc%3D%C3%A9");
    }

    #[test]
    fn a_workspace_is_found_by_its_address_however_it_is_written() {
        for dsn in ["api8.unipile.com:13851", "https://api8.unipile.com:13851/"] {
            assert_eq!(base_of(dsn), "https://api8.unipile.com:13851/api/v1");
        }
    }
}
