//! Remembers what the numbering plan says of a block of numbers, so that a list asks once per block and not once per row.
//! Only what is allotted in whole blocks is read so: Australian mobiles and most fixed lines, North American numbers.

use std::collections::HashMap;

use super::addresses::{self, Phone};
use crate::country::Country;

/// Most digits of a national number that name its block.
const BLOCK_DIGITS: usize = 5;
/// Longest number that is looked at, in digits.
const MAX_DIGITS: usize = 12;

/// Countries that allot whole blocks. The islands that share a prefix with them divide theirs.
const WHOLE_BLOCKS: [Country; 3] = [Country::AU, Country::US, Country::CA];

/// The blocks seen so far; there are at most some fifty thousand.
#[derive(Default)]
pub(super) struct PhoneBlocks {
    /// The first number of each block, which stands for all of them.
    known: HashMap<(Plan, [u8; BLOCK_DIGITS]), Phone>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Plan {
    AustralianMobile,
    AustralianFixed,
    NorthAmerican,
}

impl Plan {
    fn prefix(self) -> &'static str {
        match self {
            Self::AustralianMobile | Self::AustralianFixed => "+61",
            Self::NorthAmerican => "+1",
        }
    }

    /// How many leading digits name a block: `0491 ...`, `02 9374 ...`, area code and one more.
    fn block_digits(self) -> usize {
        match self {
            Self::AustralianMobile | Self::NorthAmerican => 4,
            Self::AustralianFixed => BLOCK_DIGITS,
        }
    }

    /// Ranges that are allotted in pieces smaller than a block: outback and island lines, personal numbers.
    fn is_in_pieces(self, national: &[u8]) -> bool {
        match self {
            Self::AustralianMobile => false,
            Self::AustralianFixed => national.starts_with(b"851") || national.starts_with(b"891"),
            Self::NorthAmerican => national.starts_with(b"52"),
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
        let mut block = [0; BLOCK_DIGITS];
        let named = plan.block_digits();
        block[..named].copy_from_slice(&national[..named]);
        if let Some(first) = self.known.get(&(plan, block)) {
            let digits = std::str::from_utf8(national).ok()?;
            let e164 = [plan.prefix(), digits].concat().parse().ok()?;
            return Some(Phone {
                e164,
                ..first.clone()
            });
        }
        let phone = addresses::phone(cell, region)?;
        if phone.country.is_some_and(|c| WHOLE_BLOCKS.contains(&c)) {
            self.known.insert((plan, block), phone.clone());
        }
        Some(phone)
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
        ([b'6', b'1', b'2' | b'3' | b'7' | b'8', ..], true, _) if len == 11 => {
            (Plan::AustralianFixed, 2)
        }
        ([b'0', b'2' | b'3' | b'7' | b'8', ..], false, Some(Country::AU)) if len == 10 => {
            (Plan::AustralianFixed, 1)
        }
        ([b'1', ..], true, _) if len == 11 => (Plan::NorthAmerican, 1),
        ([b'2'..=b'9', ..], false, Some(Country::US)) if len == 10 => (Plan::NorthAmerican, 0),
        _ => return None,
    };
    let national = National {
        bytes,
        from,
        to: len,
    };
    (!plan.is_in_pieces(national.digits())).then_some((plan, national))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written() -> impl Strategy<Value = (String, Country)> {
        let au = (0u32..1000, 0u32..100_000)
            .prop_map(|(block, rest)| (format!("04 {block:03} {rest:05}"), Country::AU));
        let fixed = (prop::sample::select(vec![2, 3, 7, 8]), 0u32..100_000_000)
            .prop_map(|(area, rest)| (format!("(0{area}) {rest:08}"), Country::AU));
        let us = (200u32..1000, 200u32..1000, 0u32..10_000)
            .prop_map(|(area, office, line)| (format!("({area}) {office}-{line:04}"), Country::US));
        let abroad = (200u64..1000, 0u64..10_000_000)
            .prop_map(|(area, rest)| (format!("+1 {area} {rest:07}"), Country::AU));
        prop_oneof![au, fixed, us, abroad]
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
        assert!(plain("(02) 9374-4000", Some(Country::AU)));
        assert!(!plain("08 9162 4000", Some(Country::AU)));
        assert!(!plain("1300 975 707", Some(Country::AU)));
        assert!(!plain("0491 570 156 / 0491 570 157", Some(Country::AU)));
        assert!(!plain("212-555-0123 x4", Some(Country::US)));
        assert!(!plain("+1 523 555 0123", None));
    }
}
