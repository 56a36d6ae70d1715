//! Writes `template.yaml`. With `--check` it writes nothing and says where the one that is checked in differs.

use std::{env, fs, path::Path};

use anyhow::{Context as _, bail};
use touchline_template::{functions, template};

/// Lines of either text that a difference shows.
const SHOWN: usize = 8;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml");
    let wanted = template(functions::ALL).context("filling in the base")?;
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => fs::write(path, wanted).context("writing template.yaml"),
        ["--check"] => {
            let found = fs::read_to_string(path).context("reading template.yaml")?;
            if found != wanted {
                let difference = difference(&found, &wanted);
                bail!(
                    "template.yaml is not what `cargo run -p touchline-template` writes\n{difference}"
                );
            }
            Ok(())
        }
        _ => bail!("usage: touchline-template [--check]"),
    }
}

/// The first lines between what both texts begin and what they end with.
fn difference(found: &str, wanted: &str) -> String {
    let (found, wanted): (Vec<&str>, Vec<&str>) =
        (found.lines().collect(), wanted.lines().collect());
    let same = found
        .iter()
        .zip(&wanted)
        .take_while(|(a, b)| a == b)
        .count();
    let (found, wanted) = (&found[same..], &wanted[same..]);
    let end = found
        .iter()
        .rev()
        .zip(wanted.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let shown = |sign: &str, lines: &[&str]| {
        let of = lines.len() - end;
        let some = lines[..of]
            .iter()
            .take(SHOWN)
            .map(|line| format!("{sign} {line}\n"));
        some.collect::<String>()
            + &if of > SHOWN {
                format!("{sign} and {} lines more\n", of - SHOWN)
            } else {
                String::new()
            }
    };
    format!(
        "from line {}:\n{}{}",
        same + 1,
        shown("-", found),
        shown("+", wanted)
    )
}
