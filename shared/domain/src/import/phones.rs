//! The telephone numbers of a row: which one to use, and which country they tell.
//! A number that its plan does not allot is reported and not used.

use super::{
    field::Field,
    mapping::Mapping,
    phone_blocks::PhoneBlocks,
    read_row::warning,
    row::{LeadPhone, RejectCode, Warning},
};
use crate::country::Country;

/// The numbers of one row, in the order of their columns' preference.
#[derive(Default)]
pub(super) struct PhoneCells {
    numbers: Vec<LeadPhone>,
    country: Option<Country>,
    bad: Vec<String>,
}

impl PhoneCells {
    /// The country of the first number.
    pub(super) fn country(&self) -> Option<Country> {
        self.country
    }

    /// The number to use and the others: a personal mobile before all, then by column.
    pub(super) fn preferred(
        self,
        warnings: &mut Vec<Warning>,
    ) -> (Option<LeadPhone>, Vec<LeadPhone>) {
        let invalid = |cell: &String| warning(Field::Phone, RejectCode::InvalidPhone, cell);
        warnings.extend(self.bad.iter().map(invalid));
        let mut numbers = self.numbers;
        if numbers.is_empty() {
            return (None, numbers);
        }
        let best = numbers.iter().position(LeadPhone::is_personal).unwrap_or(0);
        (Some(numbers.remove(best)), numbers)
    }
}

/// Reads the numbers of rows.
#[derive(Default)]
pub(super) struct PhoneReader {
    blocks: PhoneBlocks,
}

impl PhoneReader {
    /// Reads `cells`, pairs of column and content, as numbers of `region` or international ones.
    pub(super) fn read<'a>(
        &mut self,
        cells: impl Iterator<Item = (usize, &'a str)>,
        mapping: &Mapping,
        region: Option<Country>,
    ) -> PhoneCells {
        let mut found = PhoneCells::default();
        for (column, cell) in cells {
            let Some(phone) = self.blocks.phone(cell, region) else {
                found.bad.push(cell.to_owned());
                continue;
            };
            found.country = found.country.or(phone.country);
            if found.numbers.iter().all(|known| known.e164 != phone.e164) {
                found.numbers.push(LeadPhone {
                    e164: phone.e164,
                    kind: phone.kind,
                    shared: mapping.is_of_company(column),
                });
            }
        }
        found
    }
}
