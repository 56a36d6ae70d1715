//! Enhanced status codes (RFC 3463) by their consequence (R30): suppress the address,
//! wait, or pause the sender. A code outside the known lists suppresses nobody.

use touchline_domain::events::EventKind;

/// What an enhanced status code asks of us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusClass {
    /// Class 2: it went through.
    Success,
    /// The address does not exist or is disabled: suppress it (R30).
    Hard,
    /// A persistent transient failure, a full mailbox or an oversized message: never suppresses (R30).
    Soft,
    /// Security, policy or reputation: pause the sender, never suppress the recipient (R30).
    Policy,
    /// Permanent, but no fault of the address or unknown: this touch failed, nothing is suppressed.
    Permanent,
}

/// Classifies an enhanced status code such as `5.1.1`; `None` if the text is not one (R30).
#[must_use]
pub fn classify_status(code: &str) -> Option<StatusClass> {
    let (class, subject, detail) = split(code)?;
    Some(match (class, subject, detail) {
        (2, ..) => StatusClass::Success,
        (4 | 5, 7, _) => StatusClass::Policy,
        (4, ..) | (5, 2, 2) | (5, 3, 4) | (5, 4, 1 | 7) => StatusClass::Soft,
        (5, 1, 1 | 2 | 3 | 6 | 10) | (5, 2, 1) => StatusClass::Hard,
        _ => StatusClass::Permanent,
    })
}

/// The first enhanced status code in a diagnostic text such as `smtp; 550 5.1.1 user unknown`.
#[must_use]
pub fn find_status(text: &str) -> Option<&str> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .map(|word| word.trim_matches('.'))
        .find(|word| split(word).is_some())
}

fn split(code: &str) -> Option<(u16, u16, u16)> {
    let mut parts = code.split('.').map(number);
    let (class, subject, detail) = (parts.next()??, parts.next()??, parts.next()??);
    (parts.next().is_none() && matches!(class, 2 | 4 | 5)).then_some((class, subject, detail))
}

fn number(part: &str) -> Option<u16> {
    let plain = (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| part.parse().ok()).flatten()
}

/// The event for a bounce: the status code decides where it is known, otherwise the provider's own class (R30).
///
/// `status` and `diagnostic` are the provider's fields, `word` its own name for the bounce.
#[must_use]
pub(crate) fn bounce(
    status: Option<&str>,
    diagnostic: Option<&str>,
    word: BounceWord<'_>,
    address: Option<String>,
) -> EventKind {
    let found = [status, diagnostic]
        .into_iter()
        .flatten()
        .filter_map(find_status)
        .filter_map(|code| Some((code, classify_status(code)?)))
        .filter(|(_, class)| *class != StatusClass::Success)
        .min_by_key(|(_, class)| *class == StatusClass::Permanent);
    match found {
        Some((code, class)) => by_class(class, code.to_owned(), address),
        None if word.permanent => EventKind::HardBounced {
            code: word.name.to_owned(),
            address,
        },
        None => EventKind::SoftBounced {
            code: word.name.to_owned(),
        },
    }
}

/// A provider's own name for a bounce, for when it gives no status code.
#[derive(Clone, Copy)]
pub(crate) struct BounceWord<'a> {
    /// Its name, for example `Permanent/General`.
    pub name: &'a str,
    /// Whether the provider calls it permanent.
    pub permanent: bool,
}

fn by_class(class: StatusClass, code: String, address: Option<String>) -> EventKind {
    match class {
        StatusClass::Success => EventKind::Delivered,
        StatusClass::Hard => EventKind::HardBounced { code, address },
        StatusClass::Soft => EventKind::SoftBounced { code },
        StatusClass::Policy => EventKind::PolicyBounced { code },
        StatusClass::Permanent => EventKind::Failed { code },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_six_codes_of_r30_suppress_an_address() {
        for code in ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"] {
            assert_eq!(classify_status(code), Some(StatusClass::Hard), "{code}");
        }
        for class in [2_u16, 4, 5] {
            for subject in 0..=9 {
                for detail in 0..=20 {
                    let code = format!("{class}.{subject}.{detail}");
                    let listed =
                        class == 5 && matches!((subject, detail), (1, 1 | 2 | 3 | 6 | 10) | (2, 1));
                    let hard = classify_status(&code) == Some(StatusClass::Hard);
                    assert_eq!(hard, listed, "{code}");
                }
            }
        }
    }

    #[test]
    fn reputation_codes_pause_the_sender_and_class_4_waits_r30() {
        for code in ["5.7.1", "5.7.26", "5.7.515", "4.7.0"] {
            assert_eq!(classify_status(code), Some(StatusClass::Policy), "{code}");
        }
        for code in ["4.0.0", "4.2.2", "5.2.2", "5.3.4", "4.4.1", "4.4.7"] {
            assert_eq!(classify_status(code), Some(StatusClass::Soft), "{code}");
        }
        assert_eq!(classify_status("2.0.0"), Some(StatusClass::Success));
        assert_eq!(classify_status("5.0.0"), Some(StatusClass::Permanent));
        for text in [
            "", "5", "5.1", "5.1.1.1", "3.1.1", "5.1.x", "5.1.1000", "5..1", "+5.1.1",
        ] {
            assert_eq!(classify_status(text), None, "{text}");
        }
    }

    #[test]
    fn a_code_is_found_inside_a_diagnostic_and_an_ip_address_is_none() {
        let found = find_status("smtp; 550-5.1.1 The account that you tried does not exist.");
        assert_eq!(found, Some("5.1.1"));
        assert_eq!(find_status("host 5.1.1.9 said 552 (5.2.2)."), Some("5.2.2"));
        assert_eq!(find_status("550 no such user"), None);
    }

    #[test]
    fn a_precise_code_in_the_diagnostic_wins_over_a_vague_status() {
        let word = BounceWord {
            name: "Permanent/General",
            permanent: true,
        };
        let kind = bounce(Some("5.0.0"), Some("550 5.7.1 blocked"), word, None);
        assert!(matches!(kind, EventKind::PolicyBounced { code } if code == "5.7.1"));
        let kind = bounce(None, None, word, None);
        assert!(matches!(kind, EventKind::HardBounced { code, .. } if code == "Permanent/General"));
    }
}
