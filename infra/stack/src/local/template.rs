//! The list of functions, read from the template that wires them, and the copy whose code is what was built here.
//! Nothing but `CodeUri` differs in that copy; a template without functions is refused.

use std::fmt::Write as _;

/// The line that says where a function's crate is.
const CODE: &str = "CodeUri: functions/";

/// The functions of a template, in its order, by crate name.
#[must_use]
pub fn functions(template: &str) -> Vec<&str> {
    template.lines().filter_map(function_of).collect()
}

/// The template with each function's code replaced by what `code` gives for its crate name.
#[must_use]
pub fn with_code(template: &str, mut code: impl FnMut(&str) -> String) -> String {
    let mut copy = String::with_capacity(template.len());
    for line in template.lines() {
        let written = match function_of(line) {
            Some(name) => {
                let indent = line.len() - line.trim_start().len();
                writeln!(copy, "{:indent$}CodeUri: {}", "", code(name))
            }
            None => writeln!(copy, "{line}"),
        };
        debug_assert!(written.is_ok(), "a String takes every write");
    }
    copy
}

fn function_of(line: &str) -> Option<&str> {
    let name = line.trim().strip_prefix(CODE)?.trim_end_matches('/');
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = include_str!("../../../../template.yaml");

    #[test]
    fn every_function_of_the_template_is_found() {
        let declared = TEMPLATE.matches("Type: AWS::Serverless::Function").count();
        assert_eq!(functions(TEMPLATE).len(), declared);
        assert!(functions(TEMPLATE).contains(&"webhook-intake"));
    }

    #[test]
    fn the_copy_differs_in_code_only() {
        let copy = with_code(TEMPLATE, |name| format!("/build/{name}.zip"));
        assert_eq!(copy.lines().count(), TEMPLATE.lines().count());
        for (before, after) in TEMPLATE.lines().zip(copy.lines()) {
            match function_of(before) {
                Some(name) => assert_eq!(after, format!("      CodeUri: /build/{name}.zip")),
                None => assert_eq!(before, after),
            }
        }
    }
}
