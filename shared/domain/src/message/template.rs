//! Message templates with named variables, in the syntax of Jinja (SEQ-7).
//! A template is text, variables, a few filters and `if`; anything else in the language is refused when it
//! is saved, so that rendering can neither loop, nor look anything up, nor leave a blank.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    template_gate::{self, Condition, Node, Output, Step},
    variable::{self, VariableFault},
};

/// Longest source in bytes.
pub const SOURCE_MAX_BYTES: usize = 16_384;
/// Longest result in bytes.
pub const OUTPUT_MAX_BYTES: usize = 65_536;

/// Why a source is not a template.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
pub enum TemplateError {
    /// Too long.
    #[error("template has {0} bytes, more than {SOURCE_MAX_BYTES}")]
    TooLong(usize),
    /// Nothing in it.
    #[error("template is empty")]
    Empty,
    /// Not valid in the syntax.
    #[error("template line {line}: {detail}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The parser's explanation.
        detail: String,
    },
    /// Valid in the syntax, but not allowed in templates.
    #[error("template uses {construct}: {rule}")]
    NotAllowed {
        /// The construct that was found.
        construct: String,
        /// What is allowed in its place.
        rule: &'static str,
    },
    /// The text around the variables has a placeholder of another system, which would go out unfilled.
    #[error(
        "template text has '{0}', a placeholder that nothing fills in; write {{{{ first_name }}}}"
    )]
    ForeignPlaceholder(String),
    /// A template for a single line has several.
    #[error("template for a single line has a line end")]
    LineBreak,
}

/// Why a template cannot be rendered for a lead. The touch stops with it.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
pub enum RenderError {
    /// A variable has no value that may be shown.
    #[error("variable '{name}' is not usable: {fault}")]
    Variable {
        /// The variable.
        name: String,
        /// What is wrong with its value.
        fault: VariableFault,
        /// The value, if there is one, up to a readable length.
        value: Option<String>,
    },
    /// Nothing but space came out.
    #[error("template renders to nothing")]
    Blank,
    /// The result is too long.
    #[error("template renders to more than {OUTPUT_MAX_BYTES} bytes")]
    TooLong,
}

/// How much of a faulty value an error shows, in characters.
const SHOWN_VALUE_CHARS: usize = 80;

/// A template that was checked. It is stored and sent as its source.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Template {
    source: Box<str>,
    nodes: Vec<Node>,
    variables: BTreeSet<String>,
}

impl Template {
    /// Checks `source`, which may have several lines.
    ///
    /// # Errors
    /// [`TemplateError`] says what to change.
    pub fn parse(source: &str) -> Result<Self, TemplateError> {
        if source.len() > SOURCE_MAX_BYTES {
            return Err(TemplateError::TooLong(source.len()));
        }
        if source.trim().is_empty() {
            return Err(TemplateError::Empty);
        }
        let nodes = template_gate::lower(source)?;
        let mut variables = BTreeSet::new();
        template_gate::collect_variables(&nodes, &mut variables);
        Ok(Self {
            source: source.into(),
            nodes,
            variables,
        })
    }

    /// Checks `source` for use as a subject: one line.
    ///
    /// # Errors
    /// [`TemplateError`] says what to change.
    pub fn parse_line(source: &str) -> Result<Self, TemplateError> {
        if source.trim().contains(['\n', '\r']) {
            return Err(TemplateError::LineBreak);
        }
        Self::parse(source.trim())
    }

    /// Every variable that the template mentions.
    #[must_use]
    pub fn variables(&self) -> &BTreeSet<String> {
        &self.variables
    }

    /// The text for a lead. A variable is required where the text reaches it, unless it has a `default`; a value that
    /// is unfit (not merely absent) stops the touch even then.
    ///
    /// # Errors
    /// [`RenderError`] names the variable and its fault.
    pub fn render(&self, values: &BTreeMap<String, String>) -> Result<String, RenderError> {
        self.render_with(values, false)
    }

    /// The text for a lead, as one line: a value with a line end is a fault. For subjects.
    ///
    /// # Errors
    /// [`RenderError`] names the variable and its fault.
    pub fn render_line(&self, values: &BTreeMap<String, String>) -> Result<String, RenderError> {
        self.render_with(values, true)
    }

    fn render_with(
        &self,
        values: &BTreeMap<String, String>,
        single_line: bool,
    ) -> Result<String, RenderError> {
        let values = self
            .variables
            .iter()
            .map(|name| Ok((name.as_str(), known(name, values, single_line)?)))
            .collect::<Result<_, _>>()?;
        let mut text = String::new();
        write_all(&self.nodes, &values, &mut text)?;
        if text.trim().is_empty() {
            return Err(RenderError::Blank);
        }
        Ok(text)
    }
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Template {}

impl TryFrom<String> for Template {
    type Error = TemplateError;

    fn try_from(source: String) -> Result<Self, TemplateError> {
        Self::parse(&source)
    }
}

impl From<Template> for String {
    fn from(template: Template) -> Self {
        template.source.into()
    }
}

/// What is known of a variable: its value, or the way in which it is absent.
type Known<'a> = Result<&'a str, Absence<'a>>;

/// An absent variable: the error it becomes where the text needs it.
#[derive(Clone, Copy)]
struct Absence<'a> {
    fault: VariableFault,
    value: Option<&'a str>,
}

impl Absence<'_> {
    fn error(self, name: &str) -> RenderError {
        RenderError::Variable {
            name: name.to_owned(),
            fault: self.fault,
            value: self
                .value
                .map(|value| value.chars().take(SHOWN_VALUE_CHARS).collect()),
        }
    }
}

fn known<'a>(
    name: &str,
    values: &'a BTreeMap<String, String>,
    single_line: bool,
) -> Result<Known<'a>, RenderError> {
    let Some(value) = values.get(name) else {
        return Ok(Err(Absence {
            fault: VariableFault::Missing,
            value: None,
        }));
    };
    match variable::vetted(name, value, single_line) {
        Ok(value) => Ok(Ok(value)),
        Err(fault) => {
            let absence = Absence {
                fault,
                value: Some(value),
            };
            if fault.is_absence() {
                Ok(Err(absence))
            } else {
                Err(absence.error(name))
            }
        }
    }
}

fn write_all(
    nodes: &[Node],
    values: &BTreeMap<&str, Known<'_>>,
    text: &mut String,
) -> Result<(), RenderError> {
    for node in nodes {
        match node {
            Node::Text(raw) => text.push_str(raw),
            Node::Output(output) => text.push_str(&evaluate(output, values)?),
            Node::If {
                condition,
                then,
                otherwise,
            } => {
                let branch = if holds(condition, values) {
                    then
                } else {
                    otherwise
                };
                write_all(branch, values, text)?;
            }
        }
        if text.len() > OUTPUT_MAX_BYTES {
            return Err(RenderError::TooLong);
        }
    }
    Ok(())
}

fn evaluate(output: &Output, values: &BTreeMap<&str, Known<'_>>) -> Result<String, RenderError> {
    let known = values
        .get(output.variable.as_str())
        .copied()
        .unwrap_or(Err(Absence {
            fault: VariableFault::Missing,
            value: None,
        }));
    let mut value = known.map(str::to_owned);
    for step in &output.steps {
        value = match (step, value) {
            (Step::Default(text), Err(_)) => Ok(text.clone()),
            (Step::Case(case), Ok(text)) => Ok(case.apply(&text)),
            (_, unchanged) => unchanged,
        };
    }
    value.map_err(|absence| absence.error(&output.variable))
}

fn holds(condition: &Condition, values: &BTreeMap<&str, Known<'_>>) -> bool {
    let value = |name: &String| values.get(name.as_str()).and_then(|known| known.ok());
    match condition {
        Condition::Present(name) => value(name).is_some(),
        Condition::Equals(name, text) => value(name) == Some(text.as_str()),
        Condition::Not(inner) => !holds(inner, values),
        Condition::And(left, right) => holds(left, values) && holds(right, values),
        Condition::Or(left, right) => holds(left, values) || holds(right, values),
    }
}
