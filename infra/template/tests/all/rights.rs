//! A role may do what its function's code does, and nothing else.

use std::{collections::BTreeSet, fs};

use touchline_template::functions;
use touchline_wiring::needs::{Action, Needs, Queue, Table, Trigger};

use crate::{
    programs::{PROGRAMS, root},
    reach::{Right, declared, reached, symbols},
};

/// What has to be added to a declaration, and what removed from it.
fn judge(needs: &Needs, does: &BTreeSet<Right>) -> Vec<String> {
    let may = declared(needs);
    let unused = may.difference(does);
    let unused = unused.map(|right| format!("{} may {right} but no code does", needs.name));
    let lacking = does.difference(&may);
    let lacking =
        lacking.map(|right| format!("{} does {right} but its declaration lacks it", needs.name));
    unused.chain(lacking).collect()
}

#[test]
fn every_role_may_do_what_its_program_does_and_nothing_else() {
    let mut wrong = Vec::new();
    for needs in functions::ALL {
        let symbols = symbols(&PROGRAMS[needs.name]);
        match reached(symbols.iter().map(String::as_str)) {
            Ok(does) => wrong.extend(judge(needs, &does)),
            Err(symbol) => wrong.push(format!("say in METHODS or HELPERS what {symbol} does")),
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn only_a_table_calls_dynamodb() {
    let operations = [
        ".get_item(",
        ".batch_get_item(",
        ".query(",
        ".scan(",
        ".put_item(",
        ".update_item(",
        ".delete_item(",
        ".batch_write_item(",
        ".transact_get_items(",
        ".transact_write_items(",
    ];
    let mut folders = vec![root().join("shared/store/src")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_table = path
                .file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("table");
            if path.is_dir() && !is_table {
                folders.push(path);
            } else if path.is_file() && !is_table && !path.ends_with("bulk_request/tests.rs") {
                let text = fs::read_to_string(&path).unwrap();
                let calls = operations.iter().filter(|call| text.contains(*call));
                found.extend(calls.map(|call| format!("{}: {call}..)", path.display())));
            }
        }
    }
    assert!(
        found.is_empty(),
        "no symbol says on which table:\n{}",
        found.join("\n")
    );
}

/// A sender of texts that looks one thing up.
const SENDER: Needs = Needs {
    name: "sender",
    triggers: &[Trigger::Schedule("Daily", "rate(1 day)")],
    tables: &[
        (Table::Leads, &[Action::Get]),
        (Table::LeadsDue, &[Action::Query]),
    ],
    sends: &[Queue::Wash],
    ..Needs::NOTHING
};

/// The symbols of its program.
const SYMBOLS: [&str; 7] = [
    "<touchline_store::leads::Leads>::profile::{closure#0}",
    "<touchline_store::table::Table<touchline_store::table::of::Leads>>::name",
    "<touchline_store::table::Table<touchline_store::table::of::Leads>>::get",
    "<touchline_store::table::Table<touchline_store::table::of::Leads>>::get::{closure#0}",
    "<touchline_store::table::Table<touchline_store::table::of::Leads>>::query_index::<touchline_store::table::index::Due>::{closure#0}",
    "<touchline_store::store::Store>::queue::<touchline_store::queues::to::Wash>",
    "core::ptr::drop_in_place::<<touchline_store::table::Table<touchline_store::table::of::Pool>>::put::{closure#0}>",
];

fn faults(needs: &Needs, more: &[&str]) -> Vec<String> {
    let symbols = SYMBOLS.iter().chain(more).copied();
    judge(needs, &reached(symbols).unwrap())
}

#[test]
fn a_declaration_that_fits_its_program_has_no_fault() {
    assert_eq!(faults(&SENDER, &[]), [""; 0]);
}

#[test]
fn a_right_that_no_code_uses_is_found() {
    let planted = Needs {
        tables: &[
            (Table::Leads, &[Action::Get, Action::Update]),
            (Table::LeadsDue, &[Action::Query]),
        ],
        announces: true,
        ..SENDER
    };
    let expected = [
        "sender may UpdateItem on Leads but no code does",
        "sender may PutEvents but no code does",
    ];
    assert_eq!(faults(&planted, &[]), expected);
}

#[test]
fn a_right_that_code_uses_and_nobody_gave_is_found() {
    let removed = Needs {
        tables: &[(Table::Leads, &[Action::Get])],
        sends: &[],
        ..SENDER
    };
    let expected = [
        "sender does Query on LeadsDue but its declaration lacks it",
        "sender does SendMessage to QUEUE_WASH but its declaration lacks it",
    ];
    assert_eq!(faults(&removed, &[]), expected);
}

#[test]
fn each_kind_of_code_needs_its_own_right() {
    for (symbol, right) in [
        (
            "<touchline_store::table::Table<touchline_store::table::of::Inbox>>::page::{closure#0}",
            "Query on Inbox",
        ),
        (
            "<touchline_store::table::Table<touchline_store::table::of::Ledger>>::put_if",
            "PutItem on Ledger",
        ),
        (
            "<touchline_store::files::FileKey>::webhook",
            "PutObject to Webhooks",
        ),
        (
            "<touchline_wiring::providers::Providers>::ses::{closure#0}",
            "calls to Ses",
        ),
        (
            "<touchline_wiring::config::Config>::model_id",
            "reading MODEL_ID",
        ),
        (
            "<aws_sdk_lambda::client::Client>::invoke",
            "InvokeFunction on itself",
        ),
    ] {
        let expected = format!("sender does {right} but its declaration lacks it");
        assert_eq!(faults(&SENDER, &[symbol]), [expected]);
    }
}

#[test]
fn a_method_that_nobody_explained_is_an_error() {
    let symbol = "<touchline_store::table::Table<touchline_store::table::of::Leads>>::increment::{closure#0}";
    assert_eq!(reached([symbol]), Err(symbol.to_owned()));
}

#[test]
fn names_that_begin_alike_are_not_the_same() {
    let symbols = [
        "<touchline_wiring::providers::Providers>::resend_everything",
        "<touchline_store::files::Files>::open_all",
    ];
    assert_eq!(reached(symbols), Ok(BTreeSet::new()));
}
