//! Which items a query means: one value of one attribute, and a range of another. Reads the three forms that the store
//! writes; refuses any other.

use super::Refusal;

/// The condition on the second attribute, with the names of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort<'a> {
    /// None.
    Any,
    /// `begins_with(attribute, :value)`.
    Prefix(&'a str, &'a str),
    /// `attribute BETWEEN :value AND :value`.
    Between(&'a str, &'a str, &'a str),
}

/// A key condition: `attribute = :value [AND ...]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeyCondition<'a> {
    pub(super) attribute: &'a str,
    pub(super) value: &'a str,
    pub(super) sort: Sort<'a>,
}

impl<'a> KeyCondition<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, Refusal> {
        let parsed = || {
            let (equals, sort) = match text.split_once(" AND ") {
                Some((equals, sort)) => (equals, sort_of(sort.trim())?),
                None => (text, Sort::Any),
            };
            let (attribute, value) = equals.split_once('=')?;
            Some(Self {
                attribute: attribute.trim(),
                value: value.trim(),
                sort,
            })
        };
        parsed()
            .ok_or_else(|| Refusal::because(format!("key condition '{text}' is not understood")))
    }
}

fn sort_of(text: &str) -> Option<Sort<'_>> {
    if let Some(inner) = text.strip_prefix("begins_with(") {
        let (attribute, value) = inner.strip_suffix(')')?.split_once(',')?;
        return Some(Sort::Prefix(attribute.trim(), value.trim()));
    }
    let (attribute, range) = text.split_once(" BETWEEN ")?;
    let (first, last) = range.split_once(" AND ")?;
    Some(Sort::Between(attribute.trim(), first.trim(), last.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_are_read_and_any_other_is_refused() {
        let sort = |text| KeyCondition::parse(text).unwrap().sort;
        assert_eq!(sort("pk = :pk"), Sort::Any);
        assert_eq!(
            sort("pk = :pk AND begins_with(sk, :prefix)"),
            Sort::Prefix("sk", ":prefix")
        );
        assert_eq!(
            sort("due_shard = :shard AND due_at BETWEEN :first AND :last"),
            Sort::Between("due_at", ":first", ":last")
        );
        assert!(KeyCondition::parse("pk = :pk AND sk > :sk").is_err());
        assert!(KeyCondition::parse("everything").is_err());
    }
}
