//! Phone numbers, for the channels that use one.

use touchline_domain::{
    contact::{Address, E164, phone},
    sending::lead::Lead,
};

/// The lead's number.
pub(super) fn address(lead: &Lead) -> Option<Address> {
    lead.phone.clone().map(Address::Phone)
}

/// The number of a person, as providers write it.
pub(super) fn parse(text: &str) -> Option<Address> {
    number(text).map(Address::Phone)
}

/// One of our numbers as the pool knows it; a name that stands in place of a number stays as it is.
pub(super) fn ours(text: &str) -> String {
    number(text).map_or_else(|| text.to_owned(), |n| n.as_str().to_owned())
}

/// Providers write numbers with and without the plus sign.
pub(crate) fn number(text: &str) -> Option<E164> {
    let digits = text.trim().trim_start_matches('+');
    phone::parse(&format!("+{digits}"), None)
        .ok()
        .map(|phone| phone.e164)
}
