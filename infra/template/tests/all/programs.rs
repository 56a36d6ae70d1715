//! The functions' programs, built as the local stack builds them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::LazyLock,
};

use serde::Deserialize;
use touchline_template::functions;

/// Programs by name.
pub static PROGRAMS: LazyLock<BTreeMap<String, PathBuf>> = LazyLock::new(build);

#[derive(Deserialize)]
struct Message {
    executable: Option<PathBuf>,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// The checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Without a package cargo unites features over the whole workspace, as it does for the tests, and compiles nothing twice.
fn build() -> BTreeMap<String, PathBuf> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--message-format", "json-render-diagnostics"]);
    for needs in functions::ALL {
        cargo.args(["--bin", needs.name]);
    }
    let built = cargo.current_dir(root()).stderr(Stdio::inherit()).output();
    let built = built.unwrap();
    assert!(built.status.success(), "the functions do not compile");
    let messages = String::from_utf8(built.stdout).unwrap();
    let programs = messages.lines().filter_map(|line| {
        let message: Message = serde_json::from_str(line).unwrap();
        Some((message.target?.name, message.executable?))
    });
    programs.collect()
}
