//! The physical names of a stack's tables, queues, bucket and bus, by the settings that hold them. A function is given
//! those that its declaration names; what it was not given is an error that says so, never an empty name.

use std::{collections::BTreeMap, fmt, sync::Arc};

use strum::IntoEnumIterator as _;
use touchline_domain::channel::Channel;
use touchline_engine::{channel, ports::PortError};
use touchline_runtime::settings::name;

use crate::error::corrupt;

/// The settings with the names of everything that a stack has.
pub fn all() -> impl Iterator<Item = &'static str> {
    [
        name::LEADS_TABLE,
        name::TENANTS_TABLE,
        name::POOL_TABLE,
        name::REGISTER_TABLE,
        name::INBOX_TABLE,
        name::LEDGER_TABLE,
        name::BUCKET,
        name::EVENT_BUS,
        name::QUEUE_ENRICH,
        name::QUEUE_DELIVERY,
        name::QUEUE_REPLIES,
        name::QUEUE_WASH,
    ]
    .into_iter()
    .chain(Channel::iter().map(|channel| channel::rules(channel).queue))
}

type Lookup = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Physical names by setting.
#[derive(Clone)]
pub struct Names(Lookup);

impl Names {
    /// The names that `lookup` knows.
    #[must_use]
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(lookup))
    }

    /// The physical name behind a setting, if there is one.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<String> {
        (self.0)(name)
    }

    /// The physical name behind a setting.
    ///
    /// # Errors
    /// [`PortError::Corrupt`]: this function was not given it.
    pub fn get(&self, name: &'static str) -> Result<String, PortError> {
        self.find(name).ok_or_else(|| not_given(name))
    }
}

/// The name of a table or bucket, as far as this function was given it.
#[derive(Clone, Debug)]
pub struct Given(pub(crate) Option<Arc<str>>);

impl From<&str> for Given {
    fn from(name: &str) -> Self {
        Self(Some(name.into()))
    }
}

impl From<&String> for Given {
    fn from(name: &String) -> Self {
        name.as_str().into()
    }
}

impl From<Option<String>> for Given {
    fn from(name: Option<String>) -> Self {
        Self(name.map(Arc::from))
    }
}

/// The error of a function that uses what it was not given.
pub(crate) fn not_given(setting: &'static str) -> PortError {
    corrupt(
        "the settings",
        setting,
        "",
        "this function was not given it",
    )
}

impl From<BTreeMap<String, String>> for Names {
    fn from(names: BTreeMap<String, String>) -> Self {
        Self::from_lookup(move |name| names.get(name).cloned())
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Names").finish_non_exhaustive()
    }
}
