//! The settings of a function: those that its declaration implies, and no others. All of them are read at the start, and
//! whatever is missing or wrong is named at once.

use std::{collections::BTreeMap, time::Duration};

use touchline_engine::ports::PortError;
use touchline_providers::http::Timeouts;
use touchline_runtime::{
    clock::Clock,
    settings::{Settings, SettingsError, name},
};
use touchline_store::Names;

use crate::needs::{Needs, Setting};

/// What a function was given.
#[derive(Clone, Debug)]
pub struct Config {
    values: BTreeMap<String, String>,
    sns_cert_hosts: Vec<String>,
    /// The clock.
    pub clock: Clock,
    /// How long a call to a provider may take.
    pub timeouts: Timeouts,
}

impl Config {
    /// Reads what `needs` implies.
    ///
    /// # Errors
    /// [`SettingsError`] with every setting that is missing or wrong (SPEC 13).
    pub fn read(needs: &Needs, settings: Settings) -> Result<Self, SettingsError> {
        let mut values = BTreeMap::new();
        for setting in needs.environment() {
            let value = match setting {
                Setting { name, is_required } if name.ends_with("_URL") => {
                    (is_required || settings.optional(name).is_some()).then(|| settings.url(name))
                }
                Setting { name, is_required } if is_required => Some(settings.require(name)),
                Setting { name, .. } => settings.optional(name),
            };
            values.extend(value.map(|value| (setting.name.to_owned(), value)));
        }
        let timeouts = Timeouts::default();
        let whole = settings.parsed(name::CALL_TIMEOUT_MS, whole_ms(timeouts));
        let config = Self {
            values,
            sns_cert_hosts: settings.sns_cert_hosts(),
            clock: settings.clock(),
            timeouts: Timeouts {
                whole: Duration::from_millis(whole),
                ..timeouts
            },
        };
        settings.finish(config)
    }

    /// The names of tables, queues, bucket and bus.
    #[must_use]
    pub fn names(&self) -> Names {
        Names::from(self.values.clone())
    }

    /// What providers and recipients call, without a final slash.
    ///
    /// # Errors
    /// The function did not declare it.
    pub fn public_url(&self) -> Result<&str, PortError> {
        self.declared(Setting::PUBLIC_URL.name)
    }

    /// The model that reads replies which the rules are unsure of, if there is one.
    #[must_use]
    pub fn model_id(&self) -> Option<&str> {
        self.values.get(Setting::MODEL_ID.name).map(String::as_str)
    }

    /// Hosts that SNS signing certificates may also come from; none outside the local stage.
    #[must_use]
    pub fn sns_cert_hosts(&self) -> &[String] {
        &self.sns_cert_hosts
    }

    /// The function's own name.
    ///
    /// # Errors
    /// The function did not declare it.
    pub fn function_name(&self) -> Result<&str, PortError> {
        self.declared(Setting::FUNCTION_NAME.name)
    }

    /// The value of a setting that the function declared.
    pub(crate) fn declared(&self, name: &'static str) -> Result<&str, PortError> {
        let missing = || PortError::Corrupt {
            what: "the settings",
            attribute: name.to_owned(),
            value: "nothing".to_owned(),
            problem: "this function did not declare it".to_owned(),
        };
        self.values
            .get(name)
            .map(String::as_str)
            .ok_or_else(missing)
    }
}

fn whole_ms(timeouts: Timeouts) -> u64 {
    u64::try_from(timeouts.whole.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::needs::{Action, Queue, Service, Table};

    const NEEDS: Needs = Needs {
        tables: &[
            (Table::Leads, &[Action::Get]),
            (Table::LeadsDue, &[Action::Query]),
        ],
        sends: &[Queue::Wash],
        calls: &[Service::Resend, Service::Unipile],
        ..Needs::NOTHING
    };

    fn config(values: &'static [(&str, &str)]) -> Result<Config, SettingsError> {
        let found = move |name: &str| values.iter().find(|(known, _)| *known == name);
        let lookup = move |name: &str| found(name).map(|(_, value)| (*value).to_owned());
        Config::read(&NEEDS, Settings::new(lookup))
    }

    #[test]
    fn a_function_refuses_to_start_and_names_everything_that_its_declaration_implies() {
        let error = config(&[("STAGE", "aws")]).unwrap_err().to_string();
        assert_eq!(
            error,
            "settings: LEADS_TABLE is missing; QUEUE_WASH is missing; SECRETS_PREFIX is missing; RESEND_URL is missing"
        );
    }

    #[test]
    fn a_setting_that_was_not_declared_is_not_read_even_if_it_is_there() {
        let config = config(&[
            ("STAGE", "aws"),
            ("LEADS_TABLE", "leads"),
            ("QUEUE_WASH", "wash"),
            ("SECRETS_PREFIX", "touchline/x"),
            ("RESEND_URL", "https://api.resend.com/"),
            ("POOL_TABLE", "pool"),
            ("CALL_TIMEOUT_MS", "1000"),
        ])
        .unwrap();
        assert_eq!(config.names().find("LEADS_TABLE").as_deref(), Some("leads"));
        assert_eq!(config.names().find("POOL_TABLE"), None);
        assert_eq!(
            config.declared("RESEND_URL").unwrap(),
            "https://api.resend.com"
        );
        assert!(config.public_url().is_err());
        assert_eq!(config.timeouts.whole, Duration::from_secs(1));
    }
}
