//! Settings of a function, read once at start through a look-up function, so that tests leave the environment alone.
//! Refuses to hand anything out while a setting is missing or wrong, and names all of them at once.

use std::{cell::RefCell, env, fmt, path::PathBuf, str::FromStr};

use url::Url;

use crate::clock::Clock;

/// The names of all settings, as `template.yaml` gives them.
pub mod name {
    /// `aws` or `local`.
    pub const STAGE: &str = "STAGE";
    /// Leads, journeys, touches, address look-ups.
    pub const LEADS_TABLE: &str = "LEADS_TABLE";
    /// Tenants, campaigns, personas, usage, spend, switches.
    pub const TENANTS_TABLE: &str = "TENANTS_TABLE";
    /// Sending resources.
    pub const POOL_TABLE: &str = "POOL_TABLE";
    /// Register answers and suppression.
    pub const REGISTER_TABLE: &str = "REGISTER_TABLE";
    /// Conversations, tasks, calls, unmatched events.
    pub const INBOX_TABLE: &str = "INBOX_TABLE";
    /// Watermarks, breakers, checkpoints, paid answers.
    pub const LEDGER_TABLE: &str = "LEDGER_TABLE";
    /// The bucket of uploads, reports and raw webhooks.
    pub const BUCKET: &str = "BUCKET";
    /// The bus of domain events.
    pub const EVENT_BUS: &str = "EVENT_BUS";
    /// Leads to enrich.
    pub const QUEUE_ENRICH: &str = "QUEUE_ENRICH";
    /// Delivery events.
    pub const QUEUE_DELIVERY: &str = "QUEUE_DELIVERY";
    /// Replies.
    pub const QUEUE_REPLIES: &str = "QUEUE_REPLIES";
    /// Numbers to wash.
    pub const QUEUE_WASH: &str = "QUEUE_WASH";
    /// The beginning of every secret's name, without a final slash.
    pub const SECRETS_PREFIX: &str = "SECRETS_PREFIX";
    /// What providers and recipients call, without a final slash.
    pub const PUBLIC_URL: &str = "PUBLIC_URL";
    /// Resend's API.
    pub const RESEND_URL: &str = "RESEND_URL";
    /// Amazon SES.
    pub const SES_URL: &str = "SES_URL";
    /// ClickSend's API.
    pub const CLICKSEND_URL: &str = "CLICKSEND_URL";
    /// Twilio's API.
    pub const TWILIO_URL: &str = "TWILIO_URL";
    /// Apollo's API.
    pub const APOLLO_URL: &str = "APOLLO_URL";
    /// The Australian register.
    pub const DNCR_URL: &str = "DNCR_URL";
    /// Hosts, separated by commas, that SNS signing certificates may also come from; local only.
    pub const SNS_CERT_HOSTS: &str = "SNS_CERT_HOSTS";
    /// The file with the virtual clock's offset; local only.
    pub const CLOCK_FILE: &str = "CLOCK_FILE";
    /// This function's own name; Lambda sets it.
    pub const FUNCTION: &str = "AWS_LAMBDA_FUNCTION_NAME";
    /// Milliseconds that a call to a provider may take; local only.
    pub const CALL_TIMEOUT_MS: &str = "CALL_TIMEOUT_MS";
    /// `on` counts what each invocation costs; local only.
    pub const COST_METER: &str = "COST_METER";
}

/// Where the function runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// In an AWS account.
    Aws,
    /// On a developer's machine.
    Local,
}

/// What is wrong with one setting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingProblem {
    /// Not set, or empty.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Set to something that it cannot be.
    #[error("{name} is '{value}': {rule}")]
    Wrong {
        /// Which setting.
        name: &'static str,
        /// Its value.
        value: String,
        /// What it has to be.
        rule: String,
    },
}

/// Every setting that keeps the function from starting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct SettingsError(pub Vec<SettingProblem>);

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("settings: ")?;
        for (position, problem) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

type Lookup = Box<dyn Fn(&str) -> Option<String>>;

/// Reads settings one by one and collects what is wrong with them. A reader of a setting that is missing answers a
/// placeholder; [`Settings::finish`] keeps it from ever being used.
pub struct Settings {
    lookup: Lookup,
    problems: RefCell<Vec<SettingProblem>>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// Settings behind a look-up function.
    #[must_use]
    pub fn new(lookup: impl Fn(&str) -> Option<String> + 'static) -> Self {
        Self {
            lookup: Box::new(lookup),
            problems: RefCell::default(),
        }
    }

    /// The process environment.
    #[must_use]
    pub fn from_env() -> Self {
        Self::new(|name| env::var(name).ok())
    }

    /// A text that has to be there.
    pub fn require(&self, name: &'static str) -> String {
        self.optional(name).unwrap_or_else(|| {
            self.note(SettingProblem::Missing(name));
            String::new()
        })
    }

    /// A text that may be absent; an empty one counts as absent.
    #[must_use]
    pub fn optional(&self, name: &'static str) -> Option<String> {
        (self.lookup)(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }

    /// The base address of a service: `http` or `https`, without a final slash.
    pub fn url(&self, name: &'static str) -> String {
        let value = self.require(name);
        let usable = Url::parse(&value)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !value.is_empty() && !usable {
            self.wrong(
                name,
                &value,
                "an http or https address such as https://api.example.com",
            );
        }
        value.trim_end_matches('/').to_owned()
    }

    /// A value with a default and a rule of its own, such as a number.
    pub fn parsed<T: FromStr>(&self, name: &'static str, default: T) -> T
    where
        T::Err: fmt::Display,
    {
        let Some(value) = self.optional(name) else {
            return default;
        };
        value.parse().unwrap_or_else(|error: T::Err| {
            self.wrong(name, &value, &error.to_string());
            default
        })
    }

    /// A list separated by commas; empty when absent.
    #[must_use]
    pub fn list(&self, name: &'static str) -> Vec<String> {
        let value = self.optional(name).unwrap_or_default();
        value
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// Where the function runs.
    pub fn stage(&self) -> Stage {
        match self.require(name::STAGE).as_str() {
            "local" => Stage::Local,
            "aws" | "" => Stage::Aws,
            other => {
                self.wrong(name::STAGE, other, "aws or local");
                Stage::Aws
            }
        }
    }

    /// The clock. In AWS time is real: an offset file is refused there.
    pub fn clock(&self) -> Clock {
        match (self.stage(), self.optional(name::CLOCK_FILE)) {
            (_, None) => Clock::real(),
            (Stage::Local, Some(file)) => Clock::with_offset_file(PathBuf::from(file)),
            (Stage::Aws, Some(file)) => {
                self.wrong(name::CLOCK_FILE, &file, "only allowed where STAGE is local");
                Clock::real()
            }
        }
    }

    /// Hosts that SNS signing certificates may also come from; refused outside the local stage.
    pub fn sns_cert_hosts(&self) -> Vec<String> {
        let hosts = self.list(name::SNS_CERT_HOSTS);
        if !hosts.is_empty() && self.stage() != Stage::Local {
            let rule = "only allowed where STAGE is local";
            self.wrong(name::SNS_CERT_HOSTS, &hosts.join(","), rule);
            return Vec::new();
        }
        hosts
    }

    /// Returns `built` if every setting was present and valid.
    ///
    /// # Errors
    /// [`SettingsError`] with every problem, each once, in the order in which they were found.
    pub fn finish<T>(self, built: T) -> Result<T, SettingsError> {
        let problems = self.problems.into_inner();
        if problems.is_empty() {
            Ok(built)
        } else {
            Err(SettingsError(problems))
        }
    }

    fn wrong(&self, name: &'static str, value: &str, rule: &str) {
        self.note(SettingProblem::Wrong {
            name,
            value: value.to_owned(),
            rule: rule.to_owned(),
        });
    }

    fn note(&self, problem: SettingProblem) {
        let mut problems = self.problems.borrow_mut();
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(values: &[(&'static str, &str)]) -> Settings {
        let values: Vec<(String, String)> = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Settings::new(move |name| {
            let found = values.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        })
    }

    #[test]
    fn every_missing_and_wrong_setting_is_named_at_once() {
        let settings = settings(&[
            ("STAGE", "moon"),
            ("RESEND_URL", "ftp://x"),
            ("POOL_TABLE", "  "),
        ]);
        let built = (
            settings.stage(),
            settings.url(name::RESEND_URL),
            settings.require(name::POOL_TABLE),
            settings.require(name::POOL_TABLE),
            settings.require(name::QUEUE_WASH),
        );
        let error = settings.finish(built).unwrap_err().to_string();
        assert_eq!(
            error,
            "settings: STAGE is 'moon': aws or local; RESEND_URL is 'ftp://x': an http or https address such as \
             https://api.example.com; POOL_TABLE is missing; QUEUE_WASH is missing"
        );
    }

    #[test]
    fn complete_settings_are_handed_out() {
        let settings = settings(&[
            ("LEADS_TABLE", "leads"),
            ("PUBLIC_URL", "http://localhost:1/"),
        ]);
        let built = (
            settings.require(name::LEADS_TABLE),
            settings.url(name::PUBLIC_URL),
            settings.parsed("WORKERS", 8_u32),
        );
        let expected = ("leads".to_owned(), "http://localhost:1".to_owned(), 8);
        assert_eq!(settings.finish(built).unwrap(), expected);
    }

    #[test]
    fn the_virtual_clock_is_refused_in_aws() {
        let aws = settings(&[("STAGE", "aws"), ("CLOCK_FILE", "/tmp/clock")]);
        let clock = aws.clock();
        let error = aws.finish(clock).unwrap_err();
        assert!(
            error.to_string().contains("CLOCK_FILE is '/tmp/clock'"),
            "{error}"
        );
        let local = settings(&[("STAGE", "local"), ("CLOCK_FILE", "/tmp/clock")]);
        let clock = local.clock();
        assert!(local.finish(clock).is_ok());
    }

    #[test]
    fn foreign_certificate_hosts_are_refused_in_aws() {
        let aws = settings(&[("STAGE", "aws"), ("SNS_CERT_HOSTS", "127.0.0.1:9000")]);
        let hosts = aws.sns_cert_hosts();
        assert!(hosts.is_empty());
        assert!(aws.finish(hosts).is_err());
        let local = settings(&[("STAGE", "local"), ("SNS_CERT_HOSTS", "a:1, b:2")]);
        assert_eq!(local.sns_cert_hosts(), ["a:1", "b:2"]);
    }

    #[test]
    fn a_number_that_is_none_is_named_with_its_value() {
        let settings = settings(&[("WORKERS", "many")]);
        let workers = settings.parsed("WORKERS", 8_u32);
        let error = settings.finish(workers).unwrap_err().to_string();
        assert!(
            error.starts_with("settings: WORKERS is 'many': "),
            "{error}"
        );
    }
}
