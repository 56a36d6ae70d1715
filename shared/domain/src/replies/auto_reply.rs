//! Mail that no person wrote (R29), by its headers and by the beginning of its subject. `X-Auto-Response-Suppress`
//! alone proves nothing and is not read.

use super::intent::Intent;

/// The headers of an inbound message that tell a machine from a person (RFC 3834, R29).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AutoHeaders<'a> {
    /// `Auto-Submitted`.
    pub auto_submitted: Option<&'a str>,
    /// `Precedence`.
    pub precedence: Option<&'a str>,
    /// Whether `X-Autoreply`, `X-Autorespond` or `X-Auto-Reply` is there.
    pub autoreply: bool,
    /// Whether `Return-Path` is `<>`.
    pub null_return_path: bool,
    /// Whether the content type is `multipart/report`.
    pub report: bool,
}

/// What kind of machine wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Machine {
    /// A delivery report.
    Report,
    /// An automatic answer.
    AutoReply,
}

impl Machine {
    /// The intent of such a message when its text says nothing clearer.
    pub(super) fn intent(self) -> Intent {
        match self {
            Self::Report => Intent::Bounce,
            Self::AutoReply => Intent::OutOfOffice,
        }
    }
}

const ABSENT: [&str; 17] = [
    "auto:",
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "out of office",
    "out of the office",
    "auto response",
    "auto-response",
    "abwesenheit",
    "automatische antwort",
    "réponse automatique",
    "respuesta automática",
    "resposta automática",
    "risposta automatica",
    "absence du bureau",
    "automatisch antwoord",
];
const FAILED: [&str; 10] = [
    "undeliverable",
    "undelivered mail",
    "delivery status notification",
    "mail delivery failed",
    "mail delivery subsystem",
    "failure notice",
    "returned mail",
    "delivery failure",
    "unzustellbar",
    "delivery has failed",
];

/// The machine that wrote a message with these headers and this subject; nothing for a person.
pub(super) fn machine(headers: &AutoHeaders<'_>, subject: Option<&str>) -> Option<Machine> {
    let subject = subject.unwrap_or("").trim().to_lowercase();
    if headers.report || FAILED.iter().any(|s| subject.starts_with(s)) {
        return Some(Machine::Report);
    }
    let submitted = headers
        .auto_submitted
        .is_some_and(|value| !value.trim().to_ascii_lowercase().starts_with("no"));
    let precedence = headers.precedence.is_some_and(|value| {
        matches!(
            value.trim().to_ascii_lowercase().as_str(),
            "auto_reply" | "auto-reply" | "bulk" | "junk"
        )
    });
    let absent = ABSENT.iter().any(|s| subject.starts_with(s));
    (submitted || precedence || absent || headers.autoreply || headers.null_return_path)
        .then_some(Machine::AutoReply)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auto_submitted_present_and_not_no_is_a_machine_r29() {
        let with = |value| AutoHeaders {
            auto_submitted: Some(value),
            ..AutoHeaders::default()
        };
        assert_eq!(
            machine(&with("auto-replied"), None),
            Some(Machine::AutoReply)
        );
        assert_eq!(machine(&with("no"), None), None);
        let headed = |subject| machine(&AutoHeaders::default(), Some(subject));
        assert_eq!(headed("Re: hello"), None);
        assert_eq!(headed("Auto: away this week"), Some(Machine::AutoReply));
    }

    #[test]
    fn a_null_return_path_or_a_report_is_never_a_person_r29() {
        let null = AutoHeaders {
            null_return_path: true,
            ..AutoHeaders::default()
        };
        let report = AutoHeaders {
            report: true,
            ..AutoHeaders::default()
        };
        assert_eq!(machine(&null, None), Some(Machine::AutoReply));
        assert_eq!(machine(&report, None), Some(Machine::Report));
    }
}
