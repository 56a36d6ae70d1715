//! A web address that a message may carry.
//! Only https passes, save for the loopback host of a local stack; user names in a link are refused.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// An https address; http only where the host is this machine, so that a stack without certificates works.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct WebLink(Url);

/// The text is not a link that a message may carry.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
#[error("'{value}' is not a link for a message: {rule}")]
pub struct LinkError {
    /// The text that was given.
    pub value: String,
    /// The rule that it breaks.
    pub rule: &'static str,
}

impl WebLink {
    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The address for display: no scheme, no final slash.
    #[must_use]
    pub fn display_name(&self) -> &str {
        let text = self.as_str();
        text.split_once("://")
            .map_or(text, |(_, rest)| rest)
            .trim_end_matches('/')
    }

    /// This address with `segment`, percent-encoded where needed, as one more part of its path.
    #[must_use]
    pub fn child(&self, segment: &str) -> Self {
        let mut url = self.0.clone();
        // Every http(s) address can carry a path, so this always applies.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push(segment);
        }
        Self(url)
    }
}

impl FromStr for WebLink {
    type Err = LinkError;

    fn from_str(text: &str) -> Result<Self, LinkError> {
        let refuse = |rule| LinkError {
            value: text.to_owned(),
            rule,
        };
        let url = Url::parse(text.trim()).map_err(|_| refuse("it is not an absolute address"))?;
        let safe = match url.scheme() {
            "https" => true,
            "http" => is_loopback(&url),
            _ => false,
        };
        if !safe {
            return Err(refuse("it must begin with https://"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("it holds a user name"));
        }
        Ok(Self(url))
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

impl TryFrom<String> for WebLink {
    type Error = LinkError;

    fn try_from(text: String) -> Result<Self, LinkError> {
        text.parse()
    }
}

impl From<WebLink> for String {
    fn from(link: WebLink) -> Self {
        link.0.into()
    }
}

impl fmt::Display for WebLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for WebLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_https_or_on_this_machine() {
        for text in [
            "https://acme.com",
            "http://127.0.0.1:4566/u",
            "http://localhost/",
        ] {
            assert!(text.parse::<WebLink>().is_ok(), "{text}");
        }
        for text in [
            "http://acme.com",
            "javascript:alert(1)",
            "acme.com",
            "https://user@acme.com",
            "http://127.0.0.1.evil.example/",
        ] {
            assert!(text.parse::<WebLink>().is_err(), "{text}");
        }
        let link: WebLink = "https://acme.com/u/".parse().unwrap();
        assert_eq!(link.child("a/b").as_str(), "https://acme.com/u/a%2Fb");
        assert_eq!(link.display_name(), "acme.com/u");
    }
}
