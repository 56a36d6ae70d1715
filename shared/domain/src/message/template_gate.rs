//! Converts Jinja's syntax tree to the few constructs that a template may use. What has no counterpart here is refused,
//! so a construct added to the language later is refused too.

use std::collections::BTreeSet;

use minijinja::{
    machinery::{
        Token,
        ast::{BinOp, BinOpKind, CallArg, Expr, Filter, IfCond, Stmt, UnaryOpKind},
        parse, tokenize,
    },
    syntax::SyntaxConfig,
};

use super::{template::TemplateError, variable};

/// Deepest nesting of `if`.
const MAX_DEPTH: usize = 8;
/// Most tokens between two braces. The parser recurses on operators and on `elif`, so their numbers must be
/// bounded before it sees them.
const MAX_TAG_TOKENS: usize = 64;
/// Most block tags (`if`, `elif`, `else`, `endif`) in a template.
const MAX_BLOCK_TAGS: usize = 100;

/// A part of a template.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// Text as it stands.
    Text(String),
    /// A variable.
    Output(Output),
    /// One of two branches.
    If {
        /// The condition.
        condition: Condition,
        /// The branch if it holds.
        then: Vec<Node>,
        /// The branch if it does not.
        otherwise: Vec<Node>,
    },
}

/// A variable and what is done to its value, in order.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub(super) variable: String,
    pub(super) steps: Vec<Step>,
}

/// A filter.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Stands in for an absent value. It is never blank.
    Default(String),
    /// Changes the letters' case.
    Case(Case),
}

/// Filters that change case. `trim` is one that does nothing, for values are trimmed already.
#[derive(Clone, Copy, Debug)]
pub(super) enum Case {
    Upper,
    Lower,
    Title,
    Capitalize,
    Same,
}

impl Case {
    fn named(filter: &str) -> Option<Self> {
        Some(match filter {
            "upper" => Self::Upper,
            "lower" => Self::Lower,
            "title" => Self::Title,
            "capitalize" => Self::Capitalize,
            "trim" => Self::Same,
            _ => return None,
        })
    }

    pub(super) fn apply(self, text: &str) -> String {
        match self {
            Self::Upper => text.to_uppercase(),
            Self::Lower => text.to_lowercase(),
            Self::Title => title_case(text),
            Self::Capitalize => capitalized(text),
            Self::Same => text.to_owned(),
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| {
        first
            .to_uppercase()
            .chain(chars.flat_map(char::to_lowercase))
            .collect()
    })
}

fn title_case(text: &str) -> String {
    text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '-' | '\'' | '.' | '('))
        .map(capitalized)
        .collect()
}

/// What an `if` asks. An absent value is neither present nor equal to anything.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    Present(String),
    Equals(String, String),
    Not(Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
}

/// The parts of the template `source`.
pub(super) fn lower(source: &str) -> Result<Vec<Node>, TemplateError> {
    bound_tags(source)?;
    match parse(source, "template", SyntaxConfig::default()).map_err(|e| syntax(&e))? {
        Stmt::Template(template) => lower_all(&template.children, 0),
        other => lower_one(&other, 0).map(|node| vec![node]),
    }
}

fn bound_tags(source: &str) -> Result<(), TemplateError> {
    let (mut tokens, mut blocks) = (0, 0);
    for token in tokenize(source, false, SyntaxConfig::default()) {
        let (token, _) = token.map_err(|e| syntax(&e))?;
        blocks += usize::from(matches!(token, Token::BlockStart));
        tokens = match token {
            Token::TemplateData(_) | Token::VariableStart | Token::BlockStart => 0,
            _ => tokens + 1,
        };
        if tokens > MAX_TAG_TOKENS {
            return Err(refused(
                "an expression of many parts",
                "keep each one short",
            ));
        }
        if blocks > MAX_BLOCK_TAGS {
            return Err(refused("very many blocks", "split the template"));
        }
    }
    Ok(())
}

fn syntax(error: &minijinja::Error) -> TemplateError {
    TemplateError::Syntax {
        line: error.line().unwrap_or(1),
        detail: error.detail().unwrap_or("it can't be read").to_owned(),
    }
}

fn refused(construct: &str, rule: &'static str) -> TemplateError {
    TemplateError::NotAllowed {
        construct: construct.to_owned(),
        rule,
    }
}

fn lower_all(statements: &[Stmt<'_>], depth: usize) -> Result<Vec<Node>, TemplateError> {
    if depth > MAX_DEPTH {
        return Err(refused("an if inside many others", "nest at most 8"));
    }
    statements.iter().map(|s| lower_one(s, depth)).collect()
}

fn lower_one(statement: &Stmt<'_>, depth: usize) -> Result<Node, TemplateError> {
    match statement {
        Stmt::EmitRaw(text) => lower_text(text.raw),
        Stmt::EmitExpr(emit) => lower_output(&emit.expr).map(Node::Output),
        Stmt::IfCond(branch) => lower_if(branch, depth),
        _ => Err(refused(
            "a block",
            "only text, variables, filters and if are allowed",
        )),
    }
}

fn lower_text(raw: &str) -> Result<Node, TemplateError> {
    match foreign_placeholder(raw) {
        Some(found) => Err(TemplateError::ForeignPlaceholder(found.to_owned())),
        None => Ok(Node::Text(raw.to_owned())),
    }
}

fn lower_if(branch: &IfCond<'_>, depth: usize) -> Result<Node, TemplateError> {
    Ok(Node::If {
        condition: lower_condition(&branch.expr)?,
        then: lower_all(&branch.true_body, depth + 1)?,
        otherwise: lower_all(&branch.false_body, depth + 1)?,
    })
}

fn lower_output(expr: &Expr<'_>) -> Result<Output, TemplateError> {
    match expr {
        Expr::Var(var) => Ok(Output {
            variable: var.id.to_owned(),
            steps: Vec::new(),
        }),
        Expr::Filter(filter) => {
            let inner = filter
                .expr
                .as_ref()
                .ok_or_else(|| refused("a filter of nothing", "filter a variable"))?;
            let mut output = lower_output(inner)?;
            output.steps.push(lower_filter(filter)?);
            Ok(output)
        }
        other => Err(refused(
            other.description(),
            "between braces only a variable and its filters are allowed",
        )),
    }
}

fn lower_filter(filter: &Filter<'_>) -> Result<Step, TemplateError> {
    const RULE: &str =
        "the filters are default(\"text\"), upper, lower, title, capitalize and trim";
    match (Case::named(filter.name), &filter.args[..]) {
        (Some(case), []) => Ok(Step::Case(case)),
        (None, [text, rest @ ..]) if filter.name == "default" && rest.len() <= 1 => {
            lower_default(text)
        }
        _ => Err(refused(&format!("the filter '{}'", filter.name), RULE)),
    }
}

/// A blank default would leave a gap in the sentence, which SEQ-7 forbids.
fn lower_default(argument: &CallArg<'_>) -> Result<Step, TemplateError> {
    match argument {
        CallArg::Pos(text) => constant(text)
            .filter(|text| variable::vetted("", text, false).is_ok())
            .map(Step::Default),
        _ => None,
    }
    .ok_or_else(|| refused("a default that is not a text", "write default(\"there\")"))
}

fn lower_condition(expr: &Expr<'_>) -> Result<Condition, TemplateError> {
    match expr {
        Expr::Var(var) => Ok(Condition::Present(var.id.to_owned())),
        Expr::UnaryOp(op) if matches!(op.op, UnaryOpKind::Not) => {
            Ok(Condition::Not(Box::new(lower_condition(&op.expr)?)))
        }
        Expr::BinOp(op) => lower_operator(op),
        Expr::Test(test) if test.args.is_empty() => match (test.name, &test.expr) {
            ("defined", Expr::Var(var)) => Ok(Condition::Present(var.id.to_owned())),
            _ => Err(refused("a test", "the test is 'is defined'")),
        },
        other => Err(refused(
            other.description(),
            "an if asks for variables, ==, !=, and, or, not",
        )),
    }
}

fn lower_operator(op: &BinOp<'_>) -> Result<Condition, TemplateError> {
    let both = || -> Result<_, TemplateError> {
        Ok((
            Box::new(lower_condition(&op.left)?),
            Box::new(lower_condition(&op.right)?),
        ))
    };
    match op.op {
        BinOpKind::ScAnd => both().map(|(left, right)| Condition::And(left, right)),
        BinOpKind::ScOr => both().map(|(left, right)| Condition::Or(left, right)),
        BinOpKind::Eq => lower_equality(op),
        BinOpKind::Ne => lower_equality(op).map(|equal| Condition::Not(Box::new(equal))),
        _ => Err(refused(
            "an operator",
            "an if asks for ==, !=, and, or, not",
        )),
    }
}

fn lower_equality(op: &BinOp<'_>) -> Result<Condition, TemplateError> {
    match (&op.left, constant(&op.right)) {
        (Expr::Var(var), Some(text)) => Ok(Condition::Equals(var.id.to_owned(), text)),
        _ => Err(refused("a comparison", "compare a variable with a text")),
    }
}

fn constant(expr: &Expr<'_>) -> Option<String> {
    match expr {
        Expr::Const(constant) => constant.value.as_str().map(str::to_owned),
        _ => None,
    }
}

/// A placeholder in another system's style that stands in `text`: `{first_name}`, `[FIRST NAME]`,
/// `%FIRSTNAME%`, or the bare mark of a template language.
fn foreign_placeholder(text: &str) -> Option<&str> {
    let marked = text
        .split_whitespace()
        .find(|word| variable::holds_template_mark(word));
    marked
        .or_else(|| enclosed(text, '{', '}', is_field_name))
        .or_else(|| enclosed(text, '[', ']', is_capitals))
        .or_else(|| enclosed(text, '%', '%', is_capitals))
}

fn enclosed(text: &str, open: char, close: char, is_name: fn(&str) -> bool) -> Option<&str> {
    text.match_indices(open).find_map(|(start, _)| {
        let inner = &text[start + 1..];
        let end = inner.find(close)?;
        is_name(&inner[..end]).then(|| &text[start..start + end + 2])
    })
}

fn is_field_name(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ' ' | '.' | '-'))
}

fn is_capitals(text: &str) -> bool {
    text.len() >= 3
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text
            .chars()
            .all(|c| c.is_ascii_uppercase() || matches!(c, '_' | ' '))
}

/// Adds every variable that `nodes` mention to `names`.
pub(super) fn collect_variables(nodes: &[Node], names: &mut BTreeSet<String>) {
    for node in nodes {
        match node {
            Node::Text(_) => {}
            Node::Output(output) => {
                names.insert(output.variable.clone());
            }
            Node::If {
                condition,
                then,
                otherwise,
            } => {
                collect_asked(condition, names);
                collect_variables(then, names);
                collect_variables(otherwise, names);
            }
        }
    }
}

fn collect_asked(condition: &Condition, names: &mut BTreeSet<String>) {
    match condition {
        Condition::Present(name) | Condition::Equals(name, _) => {
            names.insert(name.clone());
        }
        Condition::Not(inner) => collect_asked(inner, names),
        Condition::And(left, right) | Condition::Or(left, right) => {
            collect_asked(left, names);
            collect_asked(right, names);
        }
    }
}
