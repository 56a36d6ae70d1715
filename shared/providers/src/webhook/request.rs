//! A webhook request as it came over the wire, and the secrets that may have signed it.
//! Bytes stay bytes: a signature covers what was sent, not what it decodes to.

use secrecy::{ExposeSecret, SecretString};

/// One inbound request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The public URL as the provider was told it, with the raw query.
    pub url: &'a str,
    /// Header fields as they came.
    pub headers: &'a [(String, String)],
    /// The raw body.
    pub body: &'a [u8],
}

impl<'a> Request<'a> {
    /// The first header field of that name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The path without scheme, host, query and fragment.
    #[must_use]
    pub fn path(&self) -> &'a str {
        let end = self.url.find(['?', '#']).unwrap_or(self.url.len());
        let whole = &self.url[..end];
        let rest = whole.split_once("://").map_or(whole, |(_, rest)| rest);
        rest.find('/').map_or("", |slash| &rest[slash..])
    }

    /// The decoded value of a query parameter.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.url.split_once('?')?;
        let query = query.split('#').next().unwrap_or(query);
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).ok()?;
        pairs
            .into_iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }
}

/// What a provider signs with. During a rotation the previous secret is accepted as well.
///
/// For Amazon SES this is the PEM certificate or public key that signed the message.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// The secret in force.
    pub current: SecretString,
    /// The one before it, while a rotation lasts.
    pub previous: Option<SecretString>,
}

impl Secrets {
    /// One secret, no rotation under way.
    #[must_use]
    pub fn one(secret: impl Into<String>) -> Self {
        Self {
            current: SecretString::from(secret.into()),
            previous: None,
        }
    }

    /// Whether one of the secrets passes `check`. An empty secret never does: anyone could sign with it.
    pub(super) fn any(&self, check: impl Fn(&str) -> bool) -> bool {
        [Some(&self.current), self.previous.as_ref()]
            .into_iter()
            .flatten()
            .map(ExposeSecret::expose_secret)
            .any(|secret| !secret.is_empty() && check(secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(url: &str) -> Request<'_> {
        Request {
            method: "POST",
            url,
            headers: &[],
            body: b"",
        }
    }

    #[test]
    fn path_and_query_come_from_a_full_url_and_from_a_bare_path() {
        let full = request("https://t.example.com:8443/hooks/twilio?ref=a%2Eb&x#rc=2");
        assert_eq!(full.path(), "/hooks/twilio");
        assert_eq!(full.query("ref").as_deref(), Some("a.b"));
        assert_eq!(request("/hooks/ses").path(), "/hooks/ses");
        assert_eq!(request("https://t.example.com").path(), "");
    }

    #[test]
    fn an_empty_secret_verifies_nothing() {
        assert!(!Secrets::one("").any(|_| true));
        let rotating = Secrets {
            current: "new".to_owned().into(),
            previous: Some("old".to_owned().into()),
        };
        assert!(rotating.any(|secret| secret == "old"));
    }
}
