//! What queues, secrets and settings are called and hold. Stacks exist: a name that changes is a resource that is replaced.

use serde::Serialize;
use strum::IntoEnumIterator as _;
use touchline_wiring::needs::{Channel, Needs, Queue, Secret, Setting, Table};

const PROVIDERS: &str = include_str!("../base/providers.txt");
const SETTINGS: &str = include_str!("../base/settings.txt");

/// `send-email` or `ses` as logical ids begin: `SendEmail`, `Ses`.
pub fn id(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    };
    name.split('-').map(word).collect()
}

/// Every queue, in the order of the template, whether something consumes it yet or not.
pub fn queues() -> impl Iterator<Item = Queue> {
    let others = [Queue::Enrich, Queue::Delivery, Queue::Replies, Queue::Wash];
    Channel::iter().map(Queue::Touches).chain(others)
}

/// The name of a queue: `email`.
pub fn queue(queue: Queue) -> String {
    queue.setting().replace("QUEUE_", "").to_ascii_lowercase()
}

/// The tables, in the order of the template.
pub const TABLES: [Table; 6] = [
    Table::Leads,
    Table::Tenants,
    Table::Pool,
    Table::Register,
    Table::Inbox,
    Table::Ledger,
];

/// The name of a table, or of the one that it is an index of: `leads`.
pub fn table(table: Table) -> String {
    table.setting().replace("_TABLE", "").to_ascii_lowercase()
}

/// A service outside our stack.
#[derive(Serialize)]
pub struct Provider {
    /// As secrets and settings name it.
    pub name: &'static str,
    /// It signs webhooks with what stands in its secret.
    signs: bool,
    /// Where it is; empty where no function calls it, or where its address is one of a kind.
    address: &'static str,
    /// What its secret holds.
    about: &'static str,
}

/// All of them, in the order of the template.
pub fn providers() -> impl Iterator<Item = Provider> {
    let lines = PROVIDERS.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| {
        let mut cells = line.split('|').map(str::trim);
        Some(Provider {
            name: cells.next()?,
            signs: cells.next()? == "signs",
            address: cells.next()?,
            about: cells.next()?,
        })
    })
}

/// The names of the secrets that a function reads.
pub fn secrets(needs: &Needs) -> Vec<&'static str> {
    let of_calls = needs.calls.iter().map(|service| service.secret());
    let others = needs.secrets.iter().flat_map(|secret| match secret {
        Secret::Unsubscribe => vec!["unsubscribe"],
        Secret::Webhooks => providers().filter(|p| p.signs).map(|p| p.name).collect(),
    });
    of_calls.chain(others).collect()
}

/// The lines of a function's environment.
///
/// # Errors
/// The name of a setting that has no value.
pub fn settings(needs: &Needs) -> Result<Vec<String>, &'static str> {
    let given = needs.environment().into_iter();
    // Lambda sets the function's own name.
    given
        .filter(|setting| *setting != Setting::FUNCTION_NAME)
        .map(|Setting { name, .. }| line(name).ok_or(name))
        .collect()
}

fn line(setting: &str) -> Option<String> {
    let is = |line: &&str| {
        line.split_once(':')
            .is_some_and(|(name, _)| name == setting)
    };
    if let Some(line) = SETTINGS.lines().find(is) {
        return Some(line.to_owned());
    }
    let lower = setting.to_ascii_lowercase();
    if let Some(table) = lower.strip_suffix("_table") {
        return Some(format!("{setting}: !Ref {}Table", id(table)));
    }
    if let Some(queue) = lower.strip_prefix("queue_") {
        return Some(format!("{setting}: !Ref {}Queue", id(queue)));
    }
    let provider = providers().find(|p| lower == format!("{}_url", p.name))?;
    let Provider { name, address, .. } = provider;
    Some(format!(
        r#"{setting}: !If [HasProviderBase, !Sub "${{ProviderBaseUrl}}/{name}", "{address}"]"#
    ))
}
