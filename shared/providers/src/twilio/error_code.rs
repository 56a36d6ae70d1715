//! Twilio's error codes, sorted by what they mean for the touch: of a refused call, and of a message that was
//! accepted and then failed. Codes that are not listed blame nobody's address.

use touchline_domain::events::EventKind;
use touchline_engine::provider::Refusal;

/// The recipient has replied STOP.
const OPTED_OUT: &str = "21610";

/// Why a call was refused.
pub(crate) fn refusal(code: &str, status: u16) -> Refusal {
    match code {
        OPTED_OUT => Refusal::OptedOut,
        // Not a number; not a possible number; not a mobile.
        "21211" | "21217" | "21614" => Refusal::InvalidAddress,
        // Authentication, account, sender number, region permission, regulatory bundle and address.
        "20003" | "20005" | "20404" | "21212" | "21408" | "21603" | "21606" | "21612" | "21631"
        | "21649" | "21659" | "21660" | "21661" => Refusal::Sender,
        _ if matches!(status, 401 | 403 | 404) => Refusal::Sender,
        _ => Refusal::Content,
    }
}

/// What became of an accepted message that failed with `code`, sent to `address`.
pub(crate) fn event(code: &str, address: Option<String>) -> EventKind {
    let code = code.to_owned();
    match code.as_str() {
        OPTED_OUT => EventKind::Unsubscribed { address },
        // No such handset; a landline or a carrier that cannot be reached; not a number.
        "30005" | "30006" | "21211" | "21614" => EventKind::HardBounced { code, address },
        // Switched off or out of reach; queue full or rate exceeded on the way.
        "30001" | "30003" | "30017" | "30022" => EventKind::SoftBounced { code },
        // Filtered as spam; sender not registered.
        "30007" | "30034" | "30035" => EventKind::PolicyBounced { code },
        _ => EventKind::Failed { code },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opt_out_at_the_provider_is_an_opt_out_here() {
        assert_eq!(refusal("21610", 400), Refusal::OptedOut);
        let address = Some("+61412345678".to_owned());
        let event = event("21610", address.clone());
        assert_eq!(event, EventKind::Unsubscribed { address });
    }

    #[test]
    fn a_filtered_message_blames_the_sender_and_an_unknown_code_blames_nobody() {
        assert!(matches!(
            event("30007", None),
            EventKind::PolicyBounced { .. }
        ));
        assert!(matches!(event("30999", None), EventKind::Failed { .. }));
        assert_eq!(refusal("99999", 400), Refusal::Content);
        assert_eq!(refusal("404", 404), Refusal::Sender);
    }
}
