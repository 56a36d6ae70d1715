//! Writes `template.yaml`. With `--check` it writes nothing and says where the one that is checked in differs.

use std::{env, fs, path::Path};

use anyhow::{Context as _, bail};
use touchline_template::{functions, template};

/// A difference shows so many lines at most of either text.
const SHOWN: usize = 20;
/// The texts agree again where so many lines are the same.
const AGREE: usize = 3;

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

/// The first place where two different texts differ, up to where they agree again.
fn difference(found: &str, wanted: &str) -> String {
    let (found, wanted): (Vec<_>, Vec<_>) = (found.lines().collect(), wanted.lines().collect());
    let same = found.iter().zip(&wanted).take_while(|(a, b)| a == b);
    let same = same.count();
    let (found, wanted) = (&found[same..], &wanted[same..]);
    let agree = |a: usize, b: usize| {
        found[a..]
            .iter()
            .take(AGREE)
            .eq(wanted[b..].iter().take(AGREE))
    };
    let nearest = (0..=SHOWN).flat_map(|n| (0..=n).map(move |a| (a, n - a)));
    let mut within = nearest.filter(|(a, b)| *a <= found.len() && *b <= wanted.len());
    let (a, b) = within
        .find(|(a, b)| agree(*a, *b))
        .unwrap_or((SHOWN, SHOWN));
    let lines = |sign, lines: &[&str], count| {
        let some = lines.iter().take(count);
        some.map(|line| format!("{sign} {line}\n"))
            .collect::<String>()
    };
    let (old, new) = (lines('-', found, a), lines('+', wanted, b));
    format!("first in line {}:\n{old}{new}", same + 1)
}
