//! The data in a reply besides its intent: addresses, numbers, dates, people, times (REP-1). Everything is as written
//! or normalised; nothing is inferred.

pub(super) mod date;
pub(super) mod email;
pub(super) mod person;
pub(super) mod phone;
pub(super) mod time;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use person::ReferredPerson;

/// The data found in a reply; absent things are left out of JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extracted {
    /// E-mail addresses in the writer's own words, lower case, in order; a signature's do not count (REP-5).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// Telephone numbers in the writer's own words, E.164, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// The day an absent person is back (REP-3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_date: Option<NaiveDate>,
    /// The person we are referred to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referred: Option<ReferredPerson>,
    /// The time proposed for a talk, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_time: Option<String>,
}
