//! A function is given the settings that its declaration implies, and asks for no other.

use std::{collections::BTreeSet, process::Command};

use serde_json::Value;
use touchline_template::functions;
use touchline_wiring::needs::{Needs, Setting};

use crate::{
    parsed::{resources, template},
    programs::PROGRAMS,
};

fn names(settings: impl IntoIterator<Item = Setting>) -> BTreeSet<String> {
    let settings = settings.into_iter();
    settings.map(|setting| setting.name.to_owned()).collect()
}

fn keys(variables: &Value) -> BTreeSet<String> {
    let variables = variables.as_object().into_iter().flatten();
    variables.map(|(name, _)| name.clone()).collect()
}

/// The settings that a program names as missing when it is started without any.
fn asked_for(needs: &Needs) -> BTreeSet<String> {
    let started = Command::new(&PROGRAMS[needs.name]).env_clear().output();
    let started = started.unwrap();
    assert!(
        !started.status.success(),
        "{} starts without settings",
        needs.name
    );
    let said = String::from_utf8(started.stderr).unwrap();
    let list = said.lines().find_map(|line| line.split_once("settings: "));
    let (_, list) = list.unwrap_or_else(|| panic!("{}: {said}", needs.name));
    let missing = list.split("; ").map(|problem| {
        let name = problem.trim().strip_suffix(" is missing");
        name.unwrap_or_else(|| panic!("{}: {problem}", needs.name))
    });
    missing.map(str::to_owned).collect()
}

#[test]
fn a_program_asks_for_exactly_the_settings_that_its_declaration_implies() {
    for needs in functions::ALL {
        let settings = needs.environment().into_iter().chain(Setting::OF_ALL);
        let required = names(settings.filter(|setting| setting.is_required));
        assert_eq!(asked_for(needs), required, "{}", needs.name);
    }
}

#[test]
fn the_template_gives_each_function_exactly_the_settings_that_its_declaration_implies() {
    let variables = &template()["Globals"]["Function"]["Environment"]["Variables"];
    assert_eq!(keys(variables), names(Setting::OF_ALL));
    let given = resources("AWS::Serverless::Function");
    for needs in functions::ALL {
        let own = given.values().find(|function| {
            function["Properties"]["CodeUri"] == format!("functions/{}", needs.name)
        });
        let own = keys(&own.unwrap()["Properties"]["Environment"]["Variables"]);
        let mut implied = names(needs.environment());
        // Lambda sets it, and refuses a template that does.
        implied.remove(Setting::FUNCTION_NAME.name);
        assert_eq!(own, implied, "{}", needs.name);
    }
}
