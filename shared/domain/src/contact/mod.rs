//! Addresses at which a person can be reached, normalised once on the way in.
//! Nothing here guesses: what is not surely an address is refused with the rule it breaks.

pub mod absent;
pub mod address;
pub mod hash;
pub mod linkedin;
pub mod phone;
mod phone_text;

pub use absent::is_absent;
pub use address::{Address, AddressError, AddressKind, E164, EmailAddress};
pub use hash::{AddressHash, AddressHashError};
pub use linkedin::LinkedInId;
pub use phone::{Phone, PhoneError, PhoneErrorCode, PhoneKind};
