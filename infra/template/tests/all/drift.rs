//! What is checked in is what is declared.

use std::{collections::BTreeSet, fs};

use touchline_template::{functions, template};

use crate::programs::root;

#[test]
fn the_template_is_what_the_program_writes() {
    let found = fs::read_to_string(root().join("template.yaml")).unwrap();
    let is_same = found == template(functions::ALL).unwrap();
    assert!(is_same, "run `cargo template`; `--check` says what differs");
}

#[test]
fn every_function_is_declared_under_the_name_of_its_folder() {
    let folders = fs::read_dir(root().join("functions")).unwrap();
    let folders: BTreeSet<String> = folders
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect();
    let declared: BTreeSet<String> = functions::ALL
        .iter()
        .map(|needs| needs.name.to_owned())
        .collect();
    assert_eq!(folders, declared);
}
