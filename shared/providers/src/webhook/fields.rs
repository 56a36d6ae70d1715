//! Reading named fields out of JSON and form bodies; what is missing or wrong is named in the error.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::error::ParseError;

/// A JSON document with dotted paths: `data.to.0`.
#[derive(Clone, Copy)]
pub(super) struct Json<'a>(pub &'a Value);

/// Parses `body` as a JSON object.
pub(super) fn json(body: &[u8]) -> Result<Value, ParseError> {
    let shown = || String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
    match serde_json::from_slice(body) {
        Ok(value @ Value::Object(_)) => Ok(value),
        _ => Err(ParseError::new("not_json", "body", &shown())),
    }
}

impl<'a> Json<'a> {
    /// The value at `path`, unless it is null.
    pub fn at(self, path: &str) -> Option<Json<'a>> {
        let mut value = self.0;
        for key in path.split('.') {
            value = match value {
                Value::Array(items) => items.get(key.parse::<usize>().ok()?)?,
                other => other.get(key)?,
            };
        }
        (!value.is_null()).then_some(Json(value))
    }

    /// The text at `path`, unless it is empty.
    pub fn text(self, path: &str) -> Option<&'a str> {
        self.at(path)?.0.as_str().filter(|text| !text.is_empty())
    }

    /// The text or number at `path`, as text.
    pub fn scalar(self, path: &str) -> Option<String> {
        match self.at(path)?.0 {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The first text that one of `paths` holds.
    pub fn first(self, paths: &[&str]) -> Option<&'a str> {
        paths.iter().find_map(|path| self.text(path))
    }

    /// The text at `path`, or an error that names it.
    pub fn need(self, path: &str) -> Result<&'a str, ParseError> {
        match self.at(path) {
            None => Err(ParseError::missing(path)),
            Some(Json(Value::String(text))) if !text.is_empty() => Ok(text),
            Some(Json(other)) => Err(ParseError::new("wrong_value", path, &other.to_string())),
        }
    }

    /// The RFC 3339 time at `path`.
    pub fn time(self, path: &str) -> Option<DateTime<Utc>> {
        rfc3339(self.text(path)?)
    }

    /// The items of the list at `path`; empty if there is none.
    pub fn items(self, path: &str) -> impl Iterator<Item = Json<'a>> {
        let list = self.at(path).and_then(|found| found.0.as_array());
        list.into_iter().flatten().map(Json)
    }
}

/// An RFC 3339 time in UTC. Resend writes a space for the `T` and `+00` for the offset, both are understood.
pub(super) fn rfc3339(text: &str) -> Option<DateTime<Utc>> {
    let usual = text.replacen(' ', "T", 1);
    DateTime::parse_from_rfc3339(&usual)
        .or_else(|_| DateTime::parse_from_rfc3339(&format!("{usual}:00")))
        .ok()
        .map(|time| time.with_timezone(&Utc))
}

/// Name and value pairs of a form body, in order.
pub(super) struct Form(pub Vec<(String, String)>);

impl Form {
    /// Decodes `body` strictly: each pair has a name and a `=`, escapes are `%` and two upper-case hex digits,
    /// the text is UTF-8. Every decoded body therefore has one spelling, up to the choice of what is escaped.
    pub fn read(body: &[u8]) -> Result<Self, ParseError> {
        if body.is_empty() {
            return Ok(Self(Vec::new()));
        }
        body.split(|byte| *byte == b'&')
            .map(pair)
            .collect::<Option<_>>()
            .map(Self)
            .ok_or_else(|| {
                let shown = String::from_utf8_lossy(&body[..body.len().min(80)]);
                ParseError::new("not_form", "body", &shown)
            })
    }

    /// The first value of that name, unless it is empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// The first value that one of `names` has.
    pub fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.text(name))
    }

    /// The value, or an error that names the field.
    pub fn need(&self, name: &str) -> Result<&str, ParseError> {
        self.text(name).ok_or_else(|| ParseError::missing(name))
    }
}

fn pair(bytes: &[u8]) -> Option<(String, String)> {
    let equals = bytes.iter().position(|byte| *byte == b'=')?;
    let name = decode(&bytes[..equals])?;
    (!name.is_empty()).then_some((name, decode(&bytes[equals + 1..])?))
}

fn decode(bytes: &[u8]) -> Option<String> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => upper_hex(*rest.next()?)? << 4 | upper_hex(*rest.next()?)?,
            b'!'..=b'~' => *byte,
            _ => return None,
        });
    }
    String::from_utf8(out).ok()
}

fn upper_hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_field_and_a_wrong_one_are_told_apart() {
        let value = serde_json::json!({"data": {"to": ["a@b.co"], "n": 3, "e": ""}});
        let json = Json(&value);
        assert_eq!(json.need("data.to.0").unwrap(), "a@b.co");
        assert_eq!(json.need("data.x").unwrap_err().code, "missing_field");
        let wrong = json.need("data.n").unwrap_err();
        assert_eq!((wrong.code, wrong.value.as_str()), ("wrong_value", "3"));
        assert_eq!(json.scalar("data.n").as_deref(), Some("3"));
        assert_eq!(json.text("data.e"), None);
    }

    #[test]
    fn a_form_has_one_spelling_per_escape() {
        let form = Form::read(b"From=%2B61400000000&Body=a+b%26c&Empty=").unwrap();
        assert_eq!(form.text("From"), Some("+61400000000"));
        assert_eq!(form.text("Body"), Some("a b&c"));
        assert_eq!(form.text("Empty"), None);
        for bad in [
            &b"From=%2b614"[..],
            b"a=1&b",
            b"a=1&&b=2",
            b"=1",
            b"a= 1",
            b"a=%4",
            b"a=%FF",
            b"a=\xC3",
        ] {
            assert!(Form::read(bad).is_err(), "{}", String::from_utf8_lossy(bad));
        }
    }

    #[test]
    fn both_spellings_of_a_time_are_read() {
        let expected = rfc3339("2026-11-22T23:41:12.126Z");
        assert!(expected.is_some());
        assert_eq!(rfc3339("2026-11-22 23:41:12.126+00"), expected);
        assert_eq!(rfc3339("yesterday"), None);
    }
}
