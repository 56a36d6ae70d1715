//! What a program can do, read from its symbols. The linker leaves out what `main` cannot reach, and names say the types of
//! generic functions; so a method of the leads' table that is in the program is called by it.

use std::{collections::BTreeSet, fmt, fs, path::Path};

use object::{Object as _, ObjectSymbol as _, SymbolKind};
use touchline_wiring::needs::{
    Action::{self, *},
    Folder, Needs, Queue, Secret, Service, Setting,
    Table::{self, *},
    Trigger,
};

/// Something that a function may do, or does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    To(Action, Table),
    Send(&'static str),
    Consume,
    Read(Folder),
    Write(Folder),
    Call(Service),
    Know(Secret),
    Announce,
    InvokeItself,
    Hear(Setting),
}

/// The channels' queues count as one: which of them it is, only the touch says.
const TOUCHES: &str = "a channel's queue";

/// The type of each table.
const TABLES: [(&str, Table); 6] = [
    ("Leads", Leads),
    ("Tenants", Tenants),
    ("Pool", Pool),
    ("Register", Register),
    ("Inbox", Inbox),
    ("Ledger", Ledger),
];
/// The type of each index.
const INDEXES: [(&str, Table); 2] = [("Due", LeadsDue), ("Listing", LeadsListing)];
/// What the methods of a table do.
const METHODS: [(&str, Action); 13] = [
    ("get", Get),
    ("batch_get", BatchGet),
    ("batch_get_item", BatchGet),
    ("page", Query),
    ("put", Put),
    ("put_if", Put),
    ("update", Update),
    ("batch_put", BatchWrite),
    ("batch_write_item", BatchWrite),
    ("transact_put_if", Put),
    ("transact_update", Update),
    ("transact_delete", Delete),
    ("transact_check", ConditionCheck),
];
/// The method that queries an index, whose type it is given.
const QUERY_INDEX: &str = "query_index";
/// Methods that do nothing of their own: they call those above.
const HELPERS: [&str; 10] = [
    "new",
    "name",
    "all",
    "put_if_new",
    "transact",
    "transact_put",
    "get_chunk",
    "get_some",
    "write_chunk",
    "put_some",
];
const TABLE: &str = "<touchline_store::table::Table<touchline_store::table::of::";
const INDEX: &str = "::<touchline_store::table::index::";

/// What other names are there for.
const NAMES: [(&str, Right); 25] = [
    (
        "<touchline_store::store::Store>::queue::<touchline_store::queues::to::Touches>",
        Right::Send(TOUCHES),
    ),
    (
        "<touchline_store::store::Store>::queue::<touchline_store::queues::to::Enrich>",
        Right::Send("QUEUE_ENRICH"),
    ),
    (
        "<touchline_store::store::Store>::queue::<touchline_store::queues::to::Delivery>",
        Right::Send("QUEUE_DELIVERY"),
    ),
    (
        "<touchline_store::store::Store>::queue::<touchline_store::queues::to::Replies>",
        Right::Send("QUEUE_REPLIES"),
    ),
    (
        "<touchline_store::store::Store>::queue::<touchline_store::queues::to::Wash>",
        Right::Send("QUEUE_WASH"),
    ),
    (
        "<touchline_runtime::visibility::SqsVisibility as touchline_runtime::visibility::Visibility>::show_after",
        Right::Consume,
    ),
    (
        "<touchline_store::files::Files>::open",
        Right::Read(Folder::Imports),
    ),
    (
        "<touchline_store::files::FileKey>::rejects",
        Right::Write(Folder::Reports),
    ),
    (
        "<touchline_store::files::FileKey>::webhook",
        Right::Write(Folder::Webhooks),
    ),
    (
        "<touchline_wiring::providers::Providers>::resend",
        Right::Call(Service::Resend),
    ),
    (
        "<touchline_wiring::providers::Providers>::ses",
        Right::Call(Service::Ses),
    ),
    (
        "<touchline_wiring::providers::Providers>::twilio",
        Right::Call(Service::Twilio),
    ),
    (
        "<touchline_wiring::providers::Providers>::clicksend",
        Right::Call(Service::Clicksend),
    ),
    (
        "<touchline_wiring::providers::Providers>::apollo",
        Right::Call(Service::Apollo),
    ),
    (
        "<touchline_wiring::providers::Providers>::dncr",
        Right::Call(Service::Dncr),
    ),
    (
        "<touchline_wiring::providers::Providers>::unipile",
        Right::Call(Service::Unipile),
    ),
    (
        "<touchline_wiring::providers::Providers>::anthropic",
        Right::Call(Service::Anthropic),
    ),
    (
        "<touchline_wiring::providers::Providers>::unsubscribe_key",
        Right::Know(Secret::Unsubscribe),
    ),
    (
        "<touchline_wiring::providers::Providers>::signing",
        Right::Know(Secret::Webhooks),
    ),
    (
        "<touchline_runtime::announcements::Announcements>::note",
        Right::Announce,
    ),
    (
        "<aws_sdk_lambda::client::Client>::invoke",
        Right::InvokeItself,
    ),
    (
        "<touchline_wiring::config::Config>::public_url",
        Right::Hear(Setting::PUBLIC_URL),
    ),
    (
        "<touchline_wiring::config::Config>::model_id",
        Right::Hear(Setting::MODEL_ID),
    ),
    (
        "<touchline_wiring::config::Config>::sns_cert_hosts",
        Right::Hear(Setting::SNS_CERT_HOSTS),
    ),
    (
        "<touchline_wiring::config::Config>::function_name",
        Right::Hear(Setting::FUNCTION_NAME),
    ),
];
/// Crates that those names are in.
const CRATES: [&str; 4] = [
    "touchline_store",
    "touchline_wiring",
    "touchline_runtime",
    "aws_sdk_lambda",
];

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::To(action, table) => write!(f, "{} on {table:?}", action.name()),
            Self::Send(queue) => write!(f, "SendMessage to {queue}"),
            Self::Consume => f.write_str("ChangeMessageVisibility on the queue that invokes it"),
            Self::Read(folder) => write!(f, "GetObject from {folder:?}"),
            Self::Write(folder) => write!(f, "PutObject to {folder:?}"),
            Self::Call(service) => write!(f, "calls to {service:?}"),
            Self::Know(secret) => write!(f, "GetSecretValue of {secret:?}"),
            Self::Announce => f.write_str("PutEvents"),
            Self::InvokeItself => f.write_str("InvokeFunction on itself"),
            Self::Hear(setting) => write!(f, "reading {}", setting.name),
        }
    }
}

/// What a declaration says that the function does.
pub fn declared(needs: &Needs) -> BTreeSet<Right> {
    let tables = needs.tables.iter();
    let mut all: BTreeSet<Right> = tables
        .flat_map(|(table, actions)| actions.iter().map(|action| Right::To(*action, *table)))
        .collect();
    all.extend(needs.sends.iter().map(|queue| match queue {
        Queue::Touches(_) => Right::Send(TOUCHES),
        other => Right::Send(other.setting()),
    }));
    all.extend(needs.reads.iter().map(|folder| Right::Read(*folder)));
    all.extend(needs.writes.iter().map(|folder| Right::Write(*folder)));
    all.extend(needs.calls.iter().map(|service| Right::Call(*service)));
    all.extend(needs.secrets.iter().map(|secret| Right::Know(*secret)));
    all.extend(needs.settings.iter().map(|setting| Right::Hear(*setting)));
    let queue = |trigger: &Trigger| matches!(trigger, Trigger::Queue { .. });
    let others = [
        (needs.triggers.iter().any(queue), Right::Consume),
        (needs.announces, Right::Announce),
        (needs.invokes_itself, Right::InvokeItself),
        (needs.invokes_itself, Right::Hear(Setting::FUNCTION_NAME)),
    ];
    all.extend(others.iter().filter(|(is, _)| *is).map(|(_, right)| right));
    all
}

/// The names of a program's own functions, as Rust writes them.
pub fn symbols(program: &Path) -> Vec<String> {
    let file = fs::read(program).unwrap();
    let file = object::File::parse(&*file).unwrap();
    let code = file
        .symbols()
        .filter(|symbol| symbol.is_definition() && symbol.kind() == SymbolKind::Text);
    let names = code.filter_map(|symbol| symbol.name().ok());
    let ours = names.filter(|name| CRATES.iter().any(|of| name.contains(of)));
    ours.map(|name| format!("{:#}", rustc_demangle::demangle(name)))
        .collect()
}

/// What a program with these symbols does.
///
/// # Errors
/// The name of a method of a table of which nothing here says what it does.
pub fn reached<'a>(symbols: impl IntoIterator<Item = &'a str>) -> Result<BTreeSet<Right>, String> {
    let mut all = BTreeSet::new();
    for symbol in symbols {
        match symbol.strip_prefix(TABLE) {
            Some(method) => all.extend(on_table(method).map_err(|()| symbol.to_owned())?),
            None => all.extend(
                NAMES
                    .iter()
                    .filter(|(name, _)| begins(symbol, name))
                    .map(|(_, right)| right),
            ),
        }
    }
    Ok(all)
}

/// What comes after the name of a table's type, such as `Leads>>::get::{closure#0}`.
fn on_table(symbol: &str) -> Result<Option<Right>, ()> {
    let (table, method) = symbol.split_once(">>::").ok_or(())?;
    let of = |name: &str, all: &[(&str, Table)]| {
        all.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, table)| *table)
            .ok_or(())
    };
    if begins(method, QUERY_INDEX) {
        let (_, index) = method.split_once(INDEX).ok_or(())?;
        let index = index.split_once('>').ok_or(())?.0;
        return Ok(Some(Right::To(Query, of(index, &INDEXES)?)));
    }
    if HELPERS.iter().any(|name| begins(method, name)) {
        return Ok(None);
    }
    let (_, action) = METHODS
        .iter()
        .find(|(name, _)| begins(method, name))
        .ok_or(())?;
    Ok(Some(Right::To(*action, of(table, &TABLES)?)))
}

/// Whether the path `symbol` is `name` or lies in it, such as the body of an asynchronous function.
fn begins(symbol: &str, name: &str) -> bool {
    let rest = symbol.strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}
