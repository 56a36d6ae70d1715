//! Addresses at which a person can be reached, normalised once on the way in.

pub mod address;

pub use address::{AddressError, E164, EmailAddress};
