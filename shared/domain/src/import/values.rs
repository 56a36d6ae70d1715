//! Cells that hold one value in many dresses: e-mail addresses, domains, time zones, head counts.
//! Each gives the value or nothing.

use crate::{calendar::Zone, contact::EmailAddress};

/// The first usable address of a cell: bare, `mailto:`, `Name <a@b.co>`, or one of several.
pub(super) fn email(cell: &str) -> Option<EmailAddress> {
    let divides = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ';' | ',' | '|' | '<' | '>' | '(' | ')' | '[' | ']' | '"' | '/'
            )
    };
    cell.split(divides)
        .filter(|token| token.contains('@'))
        .find_map(|token| {
            let bare = token
                .rsplit_once("mailto:")
                .or_else(|| token.rsplit_once("MAILTO:"))
                .map_or(token, |(_, address)| address);
            let bare = bare.split_once('?').map_or(bare, |(address, _)| address);
            bare.trim_matches(|c: char| {
                matches!(
                    c,
                    '.' | ':' | '\'' | '’' | '‘' | '“' | '”' | '\u{200B}' | '\u{FEFF}'
                )
            })
            .parse()
            .ok()
        })
}

/// The domain of a web address in lower case, without `www.`; nothing for pages on social networks.
pub(super) fn domain(cell: &str) -> Option<String> {
    const NETWORKS: &[&str] = &[
        "linkedin.com",
        "facebook.com",
        "instagram.com",
        "twitter.com",
        "x.com",
    ];
    let lower = cell.to_lowercase();
    let rest = lower
        .split_once("://")
        .map_or(lower.as_str(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':', ' ', ',', ';']).next()?;
    let host = host
        .strip_prefix("www.")
        .unwrap_or(host)
        .trim_end_matches('.');
    let valid = host.contains('.')
        && !host.contains('@')
        && host.split('.').all(|label| !label.is_empty())
        && !NETWORKS
            .iter()
            .any(|n| host == *n || host.ends_with(&format!(".{n}")));
    valid.then(|| host.to_owned())
}

/// A time zone by its name, spelled as the database spells it. Trusted over everything else that a row says of a place
/// (WIN-3), so what merely resembles a name is left to the row's extra fields.
pub(super) fn zone(cell: &str) -> Option<Zone> {
    cell.parse().ok().filter(|zone: &Zone| zone.name() == cell)
}

/// A number of employees: `1,200`, `11-50` (its lower end), `10000+`, `5K`.
pub(super) fn employees(cell: &str) -> Option<u32> {
    let start = cell.find(|c: char| c.is_ascii_digit())?;
    let rest = &cell[start..];
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != ',')
        .unwrap_or(rest.len());
    let digits: String = rest[..end].chars().filter(|c| *c != ',').collect();
    let thousands = rest[end..].starts_with(['k', 'K']);
    let number: u32 = digits.parse().ok()?;
    number.checked_mul(if thousands { 1000 } else { 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_e_mail_cell_gives_its_first_usable_address_in_lower_case() {
        let check = |cell: &str, wanted: &str| {
            let found = email(cell)
                .map(|e| e.as_str().to_owned())
                .unwrap_or_default();
            assert_eq!(found, wanted, "{cell}");
        };
        check("Ana@Acme.COM", "ana@acme.com");
        check("mailto:ana@acme.com?subject=Hi", "ana@acme.com");
        check("Ana Diaz <ana@acme.com>", "ana@acme.com");
        check("\"Diaz, Ana\" <ana@acme.com>;", "ana@acme.com");
        check("n@; ana@acme.com, bo@acme.com", "ana@acme.com");
        check("ana@acme.com.,", "ana@acme.com");
        check("ana@acme.com\u{A0}", "ana@acme.com");
        check("ana at acme.com", "");
        check("@acme.com", "");
        check("ana@acme", "");
    }

    #[test]
    fn a_web_address_gives_its_domain() {
        assert_eq!(
            domain("https://www.Acme.com.au/about?x=1").unwrap(),
            "acme.com.au"
        );
        assert_eq!(domain("acme.io").unwrap(), "acme.io");
        assert_eq!(domain("linkedin.com/in/ana"), None);
        assert_eq!(domain("none yet"), None);
        assert_eq!(domain("ana@acme.io"), None);
    }

    #[test]
    fn a_time_zone_is_taken_by_its_exact_name() {
        assert_eq!(zone("Australia/Perth").unwrap().name(), "Australia/Perth");
        for cell in [
            "australia/perth",
            " Australia/Perth",
            "Perth",
            "AWST",
            "Factory",
        ] {
            assert_eq!(zone(cell), None, "{cell}");
        }
    }

    #[test]
    fn a_head_count_is_the_lower_end_of_its_range() {
        assert_eq!(employees("1,200"), Some(1200));
        assert_eq!(employees("11-50 employees"), Some(11));
        assert_eq!(employees("10000+"), Some(10_000));
        assert_eq!(employees("5K"), Some(5000));
        assert_eq!(employees("99999999999"), None);
        assert_eq!(employees("few"), None);
    }
}
