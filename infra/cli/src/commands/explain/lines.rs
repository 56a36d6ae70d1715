//! JSON lines in, JSON lines out: one answer for each question, keeping its `id`. A line that cannot be answered is
//! answered with an error and the run goes on.

use std::io::{BufRead, Write};

use serde::Serialize;
use serde_json::{Map, Value, json};

use touchline_stack::error::CliError;

/// Why a line cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineError {
    /// A stable code: `not_json`, `missing_field`, `wrong_type`, `wrong_value`.
    pub code: &'static str,
    /// The field at fault; empty when it is the line itself.
    pub field: String,
    /// What is wrong, naming the value.
    pub message: String,
}

impl LineError {
    /// A value that its field cannot have.
    pub fn wrong_value(field: &str, message: impl ToString) -> Self {
        Self {
            code: "wrong_value",
            field: field.to_owned(),
            message: message.to_string(),
        }
    }

    fn wrong_type(field: &str, wanted: &str, value: &Value) -> Self {
        Self {
            code: "wrong_type",
            field: field.to_owned(),
            message: format!(
                "{field} has to be {wanted}, not {}",
                shortened(&value.to_string())
            ),
        }
    }
}

/// One question.
#[derive(Debug)]
pub struct Question(Map<String, Value>);

impl Question {
    /// A text field that has to be there.
    ///
    /// # Errors
    /// It is missing or not text.
    pub fn text(&self, field: &str) -> Result<&str, LineError> {
        self.optional_text(field)?.ok_or_else(|| LineError {
            code: "missing_field",
            field: field.to_owned(),
            message: format!("{field} is missing"),
        })
    }

    /// A text field that may be absent, null or empty.
    ///
    /// # Errors
    /// It is not text.
    pub fn optional_text(&self, field: &str) -> Result<Option<&str>, LineError> {
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(other) => Err(LineError::wrong_type(field, "a string", other)),
        }
    }

    /// A text field that is parsed, if it is there and not blank.
    ///
    /// # Errors
    /// It is not text, or does not parse.
    pub fn parsed<T>(&self, field: &str) -> Result<Option<T>, LineError>
    where
        T: std::str::FromStr,
        T::Err: std::fmt::Display,
    {
        match self.optional_text(field)?.map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|error: T::Err| LineError::wrong_value(field, error)),
        }
    }

    /// A list of texts; empty if it is absent or null.
    ///
    /// # Errors
    /// It is no list, or something in it is not text.
    pub fn texts(&self, field: &str) -> Result<Vec<&str>, LineError> {
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| {
                    item.as_str()
                        .ok_or_else(|| LineError::wrong_type(field, "a list of strings", item))
                })
                .collect(),
            Some(other) => Err(LineError::wrong_type(field, "a list of strings", other)),
        }
    }

    /// Names and values of an object whose values are texts or lists of texts; empty if it is absent or null.
    ///
    /// # Errors
    /// It is no object, or a value is neither; the error names `field.name`.
    pub fn pairs(&self, field: &str) -> Result<Vec<(String, String)>, LineError> {
        let entries = match self.0.get(field) {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Object(entries)) => entries,
            Some(other) => return Err(LineError::wrong_type(field, "an object", other)),
        };
        let mut pairs = Vec::with_capacity(entries.len());
        for (name, value) in entries {
            let several = value
                .as_array()
                .map_or(std::slice::from_ref(value), Vec::as_slice);
            for text in several {
                let text = text.as_str().ok_or_else(|| {
                    LineError::wrong_type(&format!("{field}.{name}"), "a string", text)
                })?;
                pairs.push((name.clone(), text.to_owned()));
            }
        }
        Ok(pairs)
    }
}

/// Answers every line of `input`.
///
/// # Errors
/// The input cannot be read or the output not written. A reader that goes away is no error.
pub fn answer_all(
    input: impl BufRead,
    mut output: impl Write,
    answer: impl Fn(&Question) -> Result<Map<String, Value>, LineError>,
) -> Result<(), CliError> {
    for line in input.split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        if line.trim().is_empty() {
            continue;
        }
        let document = answer_line(line.trim(), &answer);
        match writeln!(output, "{document}") {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(()),
            written => written?,
        }
    }
    match output.flush() {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        flushed => Ok(flushed?),
    }
}

fn answer_line(
    line: &str,
    answer: impl Fn(&Question) -> Result<Map<String, Value>, LineError>,
) -> Value {
    let (id, answered) = match serde_json::from_str::<Value>(line) {
        Ok(Value::Object(fields)) => {
            let id = fields.get("id").cloned().unwrap_or(Value::Null);
            let answered = if id.is_null() {
                Err(LineError {
                    code: "missing_field",
                    field: "id".into(),
                    message: "id is missing".into(),
                })
            } else {
                answer(&Question(fields))
            };
            (id, answered)
        }
        Ok(other) => (
            Value::Null,
            Err(LineError::wrong_type("", "an object", &other)),
        ),
        Err(error) => (
            Value::Null,
            Err(LineError {
                code: "not_json",
                field: String::new(),
                message: format!("the line is not JSON ({error}): {}", shortened(line)),
            }),
        ),
    };
    match answered {
        Ok(mut fields) => {
            let mut document = Map::new();
            document.insert("id".into(), id);
            document.append(&mut fields);
            Value::Object(document)
        }
        Err(error) => json!({ "id": id, "error": error }),
    }
}

fn shortened(text: &str) -> String {
    const SHOWN: usize = 80;
    let mut short: String = text.chars().take(SHOWN).collect();
    if text.chars().count() > SHOWN {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(input: &str) -> Vec<Value> {
        let mut output = Vec::new();
        answer_all(input.as_bytes(), &mut output, |question| {
            let text = question.text("text")?;
            Ok(Map::from_iter([("length".to_owned(), json!(text.len()))]))
        })
        .unwrap();
        String::from_utf8(output)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn each_line_is_answered_under_its_own_id_and_a_wrong_one_does_not_end_the_run() {
        let answers = run(
            "{\"id\":1,\"text\":\"ab\"}\nnonsense\n[]\n{\"id\":\"x\"}\n\n{\"id\":2,\"text\":7}\n{\"text\":\"a\"}\n",
        );
        assert_eq!(answers[0], json!({"id": 1, "length": 2}));
        assert_eq!(answers[1]["error"]["code"], "not_json");
        assert_eq!(answers[2]["error"]["code"], "wrong_type");
        assert_eq!(
            (&answers[3]["id"], &answers[3]["error"]["field"]),
            (&json!("x"), &json!("text"))
        );
        assert_eq!(answers[4]["error"]["code"], "wrong_type");
        assert_eq!(answers[5]["error"]["field"], "id");
        assert_eq!(answers.len(), 6);
    }

    #[test]
    fn bytes_that_are_no_text_are_answered_with_an_error() {
        let mut output = Vec::new();
        answer_all(&b"\xff\xfe\n"[..], &mut output, |_| Ok(Map::new())).unwrap();
        assert!(String::from_utf8(output).unwrap().contains("not_json"));
    }
}
