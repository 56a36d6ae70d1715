//! What people do, one function an act: tenants, personas, campaigns, switches, uploads, the pool, the inbox, calls,
//! suppression. The command calls them today; an API and a console call the same functions.
//!
//! Every act that changes something names its [`Actor`], writes only over what it read, and answers with an enum whose
//! variants say what the caller does next. A [`Change`] holds what an entry of an audit log needs (AUD-1). A failed
//! condition is an answer; an error means that a port is not available.

pub mod calls;
pub mod campaigns;
mod document;
pub mod inbox;
pub mod personas;
pub mod pool;
pub mod suppression;
pub mod switches;
pub mod tenants;
pub mod uploads;

use serde::Serialize;

pub use document::{Document, Documents, Versioned};

/// Who acts, and by what way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Actor {
    /// The name that records carry: a person, or a program that acts for one.
    pub name: String,
    /// By what way they came.
    pub via: Via,
}

/// By what way somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// The operators' command, with the rights of whoever runs it.
    Command,
    /// A request of a program with a key or token of its own.
    Api,
    /// A signed-in person's browser.
    Console,
}

impl Actor {
    /// Somebody who uses the operators' command.
    #[must_use]
    pub fn command(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            via: Via::Command,
        }
    }
}

/// What somebody changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change<T> {
    /// Who.
    pub by: Actor,
    /// As it was; absent where there was none.
    pub before: Option<T>,
    /// As it is now.
    pub after: T,
}

/// The answer to creating something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created<T> {
    /// It is there now.
    Created(Change<T>),
    /// Something of that id was there before, and stays as it was.
    Exists,
    /// The tenant that it should belong to does not exist.
    NoSuchTenant,
}

/// The answer to changing something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed<T> {
    /// It is written.
    Changed(Change<T>),
    /// It was so already; nothing was written.
    Unchanged(T),
    /// Somebody else changed it since the caller looked: this is what is there now. Look at it and decide again.
    Contended(T),
    /// In the state that it is in, the act is not allowed.
    Refused(T),
    /// There is none.
    NoSuch,
}
