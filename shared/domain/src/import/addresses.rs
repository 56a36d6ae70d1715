//! How the import reads phone numbers and profiles. Whatever is not surely an address is refused; the contact rules
//! decide what an address is.

use crate::country::Country;

pub use crate::contact::{LinkedInId, PhoneKind};
pub(super) use crate::contact::{Phone, is_absent};

/// Reads `raw` as a national number of `region` or an international one.
pub(super) fn phone(raw: &str, region: Option<Country>) -> Option<Phone> {
    crate::contact::phone::parse(raw, region).ok()
}

/// The member that a profile link or a bare public identifier names.
pub(super) fn linkedin(raw: &str) -> Option<LinkedInId> {
    raw.parse().ok()
}
