//! The identity of a `LinkedIn` member, from a profile link or a bare public identifier.
//! Company, school, group and post pages are refused: they are nobody's inbox.

use std::str::FromStr;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{absent::is_absent, address::AddressError};

/// Length of a public identifier in characters, as `LinkedIn` allows it.
const PUBLIC_ID_CHARS: std::ops::RangeInclusive<usize> = 3..=100;

/// Prefixes of `LinkedIn`'s encoded member ids, which are case-sensitive.
const MEMBER_ID_PREFIXES: [&str; 3] = ["ACoAA", "ACwAA", "AEMAA"];
/// Encoded member ids are about 39 characters long; a public identifier that merely begins like one is not.
const MEMBER_ID_MIN_CHARS: usize = 30;

/// A member: the public identifier of a profile URL in lower case (`ana-smith-12345`), or `LinkedIn`'s own
/// encoded member id (`ACoAA...`, as Sales Navigator links have it), whose case is kept.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct LinkedInId(Box<str>);

impl LinkedInId {
    /// The identifier alone.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LinkedInId {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        member_in(text.trim())
            .map(Self)
            .ok_or_else(|| AddressError::NotLinkedIn(text.to_owned()))
    }
}

fn member_in(text: &str) -> Option<Box<str>> {
    let written = if text.contains(['/', '.']) {
        path_identifier(text)?
    } else {
        text
    };
    // An escape that is none keeps its `%`, which no identifier has.
    let decoded = percent_decode_str(written).decode_utf8().ok()?;
    if is_member_id(&decoded) {
        return Some(decoded.into_owned().into());
    }
    let id = if decoded.is_ascii() {
        decoded.to_ascii_lowercase()
    } else {
        decoded.nfc().flat_map(char::to_lowercase).collect()
    };
    let valid = PUBLIC_ID_CHARS.contains(&id.chars().count())
        && id.chars().all(is_public_id_char)
        && !is_absent(&id);
    valid.then(|| id.into())
}

/// The path segment of a profile link that names the member. The scheme may be missing; query, fragment
/// and further segments (`/details/experience`, `/de`) do not matter.
fn path_identifier(text: &str) -> Option<&str> {
    let rest = ["https://", "http://", "//"]
        .iter()
        .find_map(|scheme| strip_prefix_ignoring_case(text, scheme))
        .unwrap_or(text);
    let rest = rest.split(['?', '#']).next()?;
    let mut segments = rest.split('/').filter(|segment| !segment.is_empty());
    if !is_host(segments.next()?) {
        return None;
    }
    let section = segments.next()?;
    if section.eq_ignore_ascii_case("in") {
        segments.next()
    } else if section.eq_ignore_ascii_case("sales") {
        sales_navigator_member(segments)
    } else {
        None
    }
}

/// `linkedin.com`, or a name within it.
fn is_host(host: &str) -> bool {
    const DOMAIN: &str = "linkedin.com";
    let within = host.len().checked_sub(DOMAIN.len());
    let Some((name, domain)) = within.and_then(|at| host.split_at_checked(at)) else {
        return false;
    };
    domain.eq_ignore_ascii_case(DOMAIN) && (name.is_empty() || name.ends_with('.'))
}

/// `/sales/lead/{member id},{search context}`: the context varies from search to search.
fn sales_navigator_member<'a>(mut segments: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if !matches!(segments.next()?, "lead" | "people") {
        return None;
    }
    let id = segments.next()?.split(',').next()?;
    is_member_id(id).then_some(id)
}

fn is_member_id(id: &str) -> bool {
    id.len() >= MEMBER_ID_MIN_CHARS
        && MEMBER_ID_PREFIXES
            .iter()
            .any(|prefix| id.starts_with(prefix))
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

fn is_public_id_char(c: char) -> bool {
    // Identifiers of older profiles keep emoji and other symbols; what could end a URL part may not pass.
    c.is_alphanumeric()
        || c == '-'
        || c == '_'
        || (!c.is_ascii() && !c.is_whitespace() && !c.is_control())
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| &text[prefix.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Option<String> {
        text.parse::<LinkedInId>().ok().map(String::from)
    }

    #[test]
    fn every_way_to_write_a_profile_names_the_same_member() {
        for text in [
            "https://www.linkedin.com/in/Ana-Smith-12345/?x=y",
            "http://linkedin.com/in/ana-smith-12345",
            "linkedin.com/in/ana-smith-12345/",
            "www.linkedin.com/in/ana-smith-12345/details/experience/",
            "HTTPS://AU.LinkedIn.com/in/ANA-SMITH-12345#about",
            " ana-smith-12345 ",
            "https://www.linkedin.com/in/ana%2Dsmith-12345/de",
        ] {
            assert_eq!(id(text).as_deref(), Some("ana-smith-12345"), "{text}");
        }
        assert_eq!(
            id("https://www.linkedin.com/in/jos%C3%A9-garc%C3%ADa/").as_deref(),
            Some("josé-garcía")
        );
    }

    #[test]
    fn pages_of_nobody_and_links_to_elsewhere_are_refused() {
        for text in [
            "",
            "-",
            "n/a",
            "unknown",
            "Ana Smith",
            "https://www.linkedin.com/company/acme",
            "https://www.linkedin.com/school/unsw",
            "https://www.linkedin.com/feed/",
            "https://www.linkedin.com/in/",
            "https://www.linkedin.com/sales/search/people",
            "https://www.linkedin.com/sales/lead/urn,NAME_SEARCH",
            "https://notlinkedin.com/in/ana-smith",
            "https://linkedin.com.evil.example/in/ana-smith",
            "https://www.linkedin.com/in/ana%2Fsmith",
            "https://www.linkedin.com/in/ana%ZZ",
            "ana@example.com",
        ] {
            assert_eq!(id(text), None, "{text}");
        }
    }

    #[test]
    fn a_sales_navigator_link_keeps_the_case_of_its_member_id() {
        let member = "ACwAAAJx1bcBqXkq2V3nZ8yYw5TqLw0aBcDeFgH";
        let link = format!("https://www.linkedin.com/sales/lead/{member},NAME_SEARCH,a1B2");
        let parsed: LinkedInId = link.parse().unwrap();
        assert_eq!(parsed.as_str(), member);
        assert_eq!(id(parsed.as_str()).as_deref(), Some(member));
    }
}
