//! How large an item is for DynamoDB, and how many units that is. After the developer guide, "DynamoDB item sizes and
//! formats" and "Read and write operations": numbers are counted by their digits, as the guide counts them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

/// A write unit pays for so many bytes.
const WRITE_BYTES: usize = 1_024;
/// A consistent read unit pays for so many bytes; an eventual read costs half of it.
const READ_BYTES: usize = 4_096;
/// A list or a map, whatever is in it ...
const CONTAINER_BYTES: usize = 3;
/// ... and each of its elements beside its content.
const ELEMENT_BYTES: usize = 1;

/// The bytes that an item is charged as.
#[must_use]
pub fn item_bytes(item: &HashMap<String, AttributeValue>) -> usize {
    item.iter()
        .map(|(name, value)| name.len() + value_bytes(value))
        .sum()
}

fn value_bytes(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(number) => number_bytes(number),
        AttributeValue::B(blob) => blob.as_ref().len(),
        AttributeValue::Bool(_) | AttributeValue::Null(_) => 1,
        AttributeValue::Ss(texts) => texts.iter().map(String::len).sum(),
        AttributeValue::Ns(numbers) => numbers.iter().map(|number| number_bytes(number)).sum(),
        AttributeValue::Bs(blobs) => blobs.iter().map(|blob| blob.as_ref().len()).sum(),
        AttributeValue::L(values) => {
            let elements = values
                .iter()
                .map(|value| value_bytes(value) + ELEMENT_BYTES);
            CONTAINER_BYTES + elements.sum::<usize>()
        }
        AttributeValue::M(values) => {
            CONTAINER_BYTES + values.len() * ELEMENT_BYTES + item_bytes(values)
        }
        // A kind that this SDK does not know has no size that could be told.
        _ => 0,
    }
}

/// One byte for each two significant digits, one more, and one for a minus.
fn number_bytes(number: &str) -> usize {
    let minus = usize::from(number.starts_with('-'));
    let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    let significant = digits.trim_end_matches('0').len();
    significant.div_ceil(2) + 1 + minus
}

/// The units for reading `bytes`; a read of nothing costs one piece.
#[must_use]
pub fn read_units(bytes: usize, consistent: bool) -> f64 {
    let pieces = pieces(bytes, READ_BYTES);
    if consistent { pieces } else { pieces / 2.0 }
}

/// The units for writing an item of `bytes`, its indexes left aside.
#[must_use]
pub fn write_units(bytes: usize) -> f64 {
    pieces(bytes, WRITE_BYTES)
}

fn pieces(bytes: usize, piece: usize) -> f64 {
    u32::try_from(bytes.div_ceil(piece).max(1)).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(text: &str) -> AttributeValue {
        AttributeValue::S(text.to_owned())
    }

    fn map(values: &[(&str, AttributeValue)]) -> HashMap<String, AttributeValue> {
        let own = |(name, value): &(&str, AttributeValue)| ((*name).to_owned(), value.clone());
        values.iter().map(own).collect()
    }

    #[test]
    fn an_item_is_its_names_and_its_values() {
        let item = map(&[
            ("pk", text("acme#lead")),
            ("café", text("Zoë")),
            ("on", AttributeValue::Bool(true)),
            ("als", AttributeValue::N("85".to_owned())),
            ("tags", AttributeValue::Ss(vec!["ab".into(), "c".into()])),
        ]);
        assert_eq!(
            item_bytes(&item),
            (2 + 9) + (5 + 4) + (2 + 1) + (3 + 2) + (4 + 3)
        );
    }

    #[test]
    fn lists_and_maps_cost_three_bytes_and_one_for_each_element() {
        let list = AttributeValue::L(vec![text("ab"), text("c")]);
        assert_eq!(value_bytes(&list), 3 + (1 + 2) + (1 + 1));
        let nested = AttributeValue::M(map(&[("key", text("ab")), ("list", list)]));
        assert_eq!(value_bytes(&nested), 3 + (1 + 3 + 2) + (1 + 4 + 8));
    }

    #[test]
    fn a_number_is_counted_by_its_significant_digits() {
        for (text, bytes) in [
            ("0", 1),
            ("7", 2),
            ("1000", 2),
            ("1234", 3),
            ("-27", 3),
            ("0.0012", 2),
            ("12345.6789", 6),
        ] {
            assert_eq!(number_bytes(text), bytes, "{text}");
        }
    }

    #[test]
    fn units_go_up_with_the_first_byte_of_the_next_piece() {
        let read = |bytes| (read_units(bytes, true), read_units(bytes, false));
        assert_eq!(read(0), (1.0, 0.5));
        assert_eq!(read(4_096), (1.0, 0.5));
        assert_eq!(read(4_097), (2.0, 1.0));
        assert_eq!((write_units(1_024), write_units(1_025)), (1.0, 2.0));
    }

    proptest! {
        #[test]
        fn an_attribute_more_makes_an_item_larger_by_its_own_size(
            texts in proptest::collection::hash_map("[a-z]{1,8}", "\\PC{0,40}", 0..12),
            value in "\\PC{0,40}",
        ) {
            let mut item: HashMap<String, AttributeValue> =
                texts.into_iter().map(|(name, value)| (name, text(&value))).collect();
            let before = item_bytes(&item);
            item.insert("Extra".to_owned(), text(&value));
            prop_assert_eq!(item_bytes(&item), before + "Extra".len() + value.len());
        }

        #[test]
        fn what_is_read_at_once_costs_no_more_than_what_is_read_in_parts(
            sizes in proptest::collection::vec(0_usize..20_000, 1..20),
            consistent in any::<bool>(),
        ) {
            let apart: f64 = sizes.iter().map(|size| read_units(*size, consistent)).sum();
            let at_once = read_units(sizes.iter().sum(), consistent);
            prop_assert!(at_once <= apart);
            prop_assert!(at_once >= read_units(*sizes.iter().max().unwrap_or(&0), consistent));
        }

        #[test]
        fn a_number_is_never_larger_than_its_digits_and_two_bytes(number in any::<i64>()) {
            let text = number.to_string();
            prop_assert!(number_bytes(&text) >= 1);
            prop_assert!(number_bytes(&text) <= text.len().div_ceil(2) + 2);
        }
    }
}
