//! What a template exports of its stack: names and addresses, and the end of an output's name says of what. A table, queue or
//! function that is exported is known to every tool; none is listed here.

use std::collections::BTreeMap;

/// The ends of outputs' names.
const QUEUE: &str = "QueueUrl";
const DEAD_LETTERS: &str = "DlqUrl";
const FUNCTION: &str = "FunctionName";
const NAME: &str = "Name";
/// A dead-letter queue's name and address are its queue's with this.
pub const DLQ: &str = "-dlq";
/// How the settings of queues begin.
const QUEUE_SETTING: &str = "QUEUE_";

/// The outputs of a stack by their names.
#[derive(Debug, Clone, Default)]
pub struct Outputs(BTreeMap<String, String>);

/// A queue that functions consume, and with it where its dead letters are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Its short name, such as `email`.
    pub name: String,
    /// Its address.
    pub url: String,
}

impl Queue {
    /// The address of its dead-letter queue.
    #[must_use]
    pub fn dead_letters(&self) -> String {
        format!("{}{DLQ}", self.url)
    }
}

impl Outputs {
    /// One output.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// What a function is given for a setting: `LEADS_TABLE` is the output `LeadsTableName`, `QUEUE_EMAIL` is
    /// `EmailQueueUrl`, `BUCKET` is `BucketName`.
    #[must_use]
    pub fn setting(&self, setting: &str) -> Option<String> {
        let output = match setting.strip_prefix(QUEUE_SETTING) {
            Some(queue) => joined(queue) + QUEUE,
            None => joined(setting) + NAME,
        };
        self.0.get(&output).cloned()
    }

    /// The queues, by name.
    #[must_use]
    pub fn queues(&self) -> Vec<Queue> {
        let queues = self.ending(QUEUE);
        queues
            .map(|(name, url)| Queue {
                name,
                url: url.to_owned(),
            })
            .collect()
    }

    /// Dead-letter queues that have no queue in front of them, with their short names.
    pub fn lone_dead_letters(&self) -> impl Iterator<Item = (String, &str)> {
        self.ending(DEAD_LETTERS)
    }

    /// The functions' names in the stack.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.ending(FUNCTION).map(|(_, name)| name)
    }

    fn ending(&self, end: &'static str) -> impl Iterator<Item = (String, &str)> {
        self.0.iter().filter_map(move |(output, value)| {
            let part = output.strip_suffix(end)?;
            Some((parted(part), value.as_str()))
        })
    }
}

impl FromIterator<(String, String)> for Outputs {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(outputs: I) -> Self {
        Self(outputs.into_iter().collect())
    }
}

/// `SKIP_TRACE` as `SkipTrace`.
fn joined(setting: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next();
        let rest: String = letters.flat_map(char::to_lowercase).collect();
        first.into_iter().chain(rest.chars()).collect::<String>()
    };
    setting.split('_').map(word).collect()
}

/// `SkipTrace` as `skip-trace`.
fn parted(output: &str) -> String {
    let mut name = String::with_capacity(output.len() + 2);
    for c in output.chars() {
        if c.is_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.extend(c.to_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use touchline_store::names;

    use super::*;

    fn outputs(names: &[&str]) -> Outputs {
        let value = |name: &&str| ((*name).to_owned(), format!("the {name}"));
        names.iter().map(value).collect()
    }

    /// The names of the template's outputs.
    fn exported() -> Outputs {
        let template = include_str!("../../../template.yaml");
        let (_, part) = template.split_once("\nOutputs:\n").unwrap();
        let names: Vec<&str> = part
            .lines()
            .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
            .filter_map(|line| line.trim().strip_suffix(':'))
            .collect();
        outputs(&names)
    }

    #[test]
    fn a_queue_that_is_exported_is_known_without_an_edit() {
        let outputs = outputs(&["SkipTraceQueueUrl", "EventsDlqUrl", "ApiUrl"]);
        let queues = outputs.queues();
        assert_eq!(queues.len(), 1);
        assert_eq!(queues[0].name, "skip-trace");
        assert_eq!(
            outputs.setting("QUEUE_SKIP_TRACE"),
            Some(queues[0].url.clone())
        );
        let lone: Vec<_> = outputs.lone_dead_letters().collect();
        assert_eq!(lone, [("events".to_owned(), "the EventsDlqUrl")]);
    }

    #[test]
    fn every_name_that_the_store_may_need_is_exported_by_the_template() {
        let exported = exported();
        for setting in names::all() {
            assert!(exported.setting(setting).is_some(), "{setting}");
        }
    }

    #[test]
    fn every_function_of_the_template_is_exported() {
        let template = include_str!("../../../template.yaml");
        let declared = crate::local::functions(template).len();
        assert_eq!(exported().functions().count(), declared);
    }
}
