//! Remembers what the numbering plan says of a block of numbers, so that a list asks once per block and not once per row.
//! Only plans that allot whole blocks are read so: Australian mobiles and North American numbers, plainly written.

use std::collections::HashMap;

use super::addresses::{self, Phone, PhoneKind};
use crate::country::Country;

/// Digits of a national number that name its block: `0491 ...` in Australia; area code and one more in North America.
const BLOCK_DIGITS: usize = 4;
/// Longest number that is looked at, in digits.
const MAX_DIGITS: usize = 12;

/// What the plan says of a block: nothing if it is not in use.
type Allotment = Option<(PhoneKind, Option<Country>)>;

/// The blocks met so far; there are at most some nine thousand.
#[derive(Default)]
pub(super) struct PhoneBlocks {
    known: HashMap<(Plan, [u8; BLOCK_DIGITS]), Allotment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Plan {
    AustralianMobile,
    NorthAmerican,
}

impl Plan {
    fn prefix(self) -> &'static str {
        match self {
            Self::AustralianMobile => "+61",
            Self::NorthAmerican => "+1",
        }
    }
}

impl PhoneBlocks {
    /// Reads `cell` as [`addresses::phone`] does.
    pub(super) fn phone(&mut self, cell: &str, region: Option<Country>) -> Option<Phone> {
        let Some((plan, national)) = plain_number(cell, region) else {
            return addresses::phone(cell, region);
        };
        let national = national.digits();
        let block = *national.first_chunk::<BLOCK_DIGITS>()?;
        let allotment = self.known.entry((plan, block)).or_insert_with(|| {
            addresses::phone(cell, region).map(|phone| (phone.kind, phone.country))
        });
        let (kind, country) = (*allotment)?;
        let digits = std::str::from_utf8(national).ok()?;
        let e164 = format!("{}{digits}", plan.prefix()).parse().ok()?;
        Some(Phone {
            extension: None,
            e164,
            country,
            kind,
        })
    }
}

/// A national number, in place.
struct National {
    bytes: [u8; MAX_DIGITS],
    from: usize,
    to: usize,
}

impl National {
    fn digits(&self) -> &[u8] {
        &self.bytes[self.from..self.to]
    }
}

/// Plan and national number of a cell that holds nothing but digits, spaces, hyphens, dots and brackets.
fn plain_number(cell: &str, region: Option<Country>) -> Option<(Plan, National)> {
    let (international, written) = match cell.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, cell),
    };
    let mut bytes = [0; MAX_DIGITS];
    let mut len = 0;
    for byte in written.bytes() {
        match byte {
            b'0'..=b'9' => {
                *bytes.get_mut(len)? = byte;
                len += 1;
            }
            b' ' | b'-' | b'.' | b'(' | b')' => {}
            _ => return None,
        }
    }
    let (plan, from) = match (&bytes[..len], international, region) {
        ([b'6', b'1', b'4', ..], true, _) if len == 11 => (Plan::AustralianMobile, 2),
        ([b'0', b'4', ..], false, Some(Country::AU)) if len == 10 => (Plan::AustralianMobile, 1),
        ([b'1', ..], true, _) if len == 11 => (Plan::NorthAmerican, 1),
        ([b'2'..=b'9', ..], false, Some(Country::US)) if len == 10 => (Plan::NorthAmerican, 0),
        _ => return None,
    };
    let national = National {
        bytes,
        from,
        to: len,
    };
    // Personal numbers are allotted in smaller pieces than a block.
    let small_pieces = plan == Plan::NorthAmerican && national.digits().starts_with(b"52");
    (!small_pieces).then_some((plan, national))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written() -> impl Strategy<Value = (String, Country)> {
        let au = (0u32..1000, 0u32..100_000)
            .prop_map(|(block, rest)| (format!("04 {block:03} {rest:05}"), Country::AU));
        let us = (200u32..1000, 200u32..1000, 0u32..10_000)
            .prop_map(|(area, office, line)| (format!("({area}) {office}-{line:04}"), Country::US));
        let abroad = (200u64..1000, 0u64..10_000_000)
            .prop_map(|(area, rest)| (format!("+1 {area} {rest:07}"), Country::AU));
        prop_oneof![au, us, abroad]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn a_remembered_block_says_what_the_plan_says(
            numbers in prop::collection::vec(written(), 1..24),
            endings in prop::collection::vec(0u32..10_000, 3),
        ) {
            let mut blocks = PhoneBlocks::default();
            for (number, region) in &numbers {
                for ending in &endings {
                    let number = format!("{}{ending:04}", &number[..number.len() - 4]);
                    let region = Some(*region);
                    prop_assert_eq!(blocks.phone(&number, region), addresses::phone(&number, region), "{}", number);
                }
            }
        }
    }

    #[test]
    fn only_plain_numbers_of_the_two_plans_are_remembered() {
        let plain = |cell, region| plain_number(cell, region).is_some();
        assert!(plain("0491 570 156", Some(Country::AU)));
        assert!(plain("+61 491-570-156", None));
        assert!(plain("(212) 555-0123", Some(Country::US)));
        assert!(!plain("0491 570 156", None));
        assert!(!plain("02 9374 4000", Some(Country::AU)));
        assert!(!plain("0491 570 156 / 0491 570 157", Some(Country::AU)));
        assert!(!plain("212-555-0123 x4", Some(Country::US)));
        assert!(!plain("+1 523 555 0123", None));
    }
}
