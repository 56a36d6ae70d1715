//! The physical names of what a function uses. A name that is needed and not set keeps the function from starting.

use std::collections::BTreeMap;

use touchline_engine::ports::PortError;
use touchline_runtime::settings::Settings;

use crate::error::corrupt;

/// What can be named.
pub const ALL: [&str; 17] = [
    "LEADS_TABLE",
    "TENANTS_TABLE",
    "POOL_TABLE",
    "REGISTER_TABLE",
    "INBOX_TABLE",
    "LEDGER_TABLE",
    "BUCKET",
    "EVENT_BUS",
    "QUEUE_EMAIL",
    "QUEUE_SMS",
    "QUEUE_VOICE",
    "QUEUE_LINKEDIN",
    "QUEUE_MAIL",
    "QUEUE_ENRICH",
    "QUEUE_DELIVERY",
    "QUEUE_REPLIES",
    "QUEUE_WASH",
];

/// Physical names by setting.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeMap<&'static str, String>);

impl Names {
    /// The names that are set; those in `needed` have to be.
    #[must_use]
    pub fn from_settings(settings: &Settings, needed: &[&'static str]) -> Self {
        let required = needed.iter().map(|name| (*name, settings.require(name)));
        let others = ALL
            .iter()
            .filter_map(|name| Some((*name, settings.optional(name)?)));
        Self(others.chain(required).collect())
    }

    /// The names that `lookup` knows.
    #[must_use]
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self(
            ALL.iter()
                .filter_map(|name| Some((*name, lookup(name)?)))
                .collect(),
        )
    }

    /// The physical name behind a setting; empty when the function was not given it.
    #[must_use]
    pub fn table(&self, name: &'static str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The physical name behind a setting.
    ///
    /// # Errors
    /// [`PortError::Corrupt`]: it is not set.
    pub fn get(&self, name: &'static str) -> Result<&str, PortError> {
        self.0
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| corrupt("the settings", name, "", "it is not set"))
    }
}
