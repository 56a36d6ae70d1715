//! A large lead list, the same each time, and what has to become of it. Each row follows from its number, so that a
//! million of them need no memory to be checked.

use std::fmt::Write as _;

use touchline_domain::ids::{LeadId, TenantId};

/// The header, in the words of a common export.
const HEADER: &str = "First Name,Last Name,Title,Company,Email,Mobile Phone,Person Linkedin Url,Website,Industry,\
                      # Employees,City,State,Postcode,Country\r\n";
const FIRST: [&str; 8] = [
    "Ana", "Ben", "Chloe", "Dilan", "Eve", "Farid", "Grace", "Hugo",
];
const LAST: [&str; 7] = [
    "Silva", "Nguyen", "Smith", "O'Brien", "Kumar", "Rossi", "Taylor",
];
const TITLES: [&str; 6] = [
    "Managing Director",
    "Head of Marketing",
    "Owner",
    "Operations Manager",
    "Chief Executive Officer",
    "Practice Manager",
];
const TRADES: [(&str, &str); 5] = [
    ("Plumbing", "Construction"),
    ("Dental", "Health Care"),
    ("Legal", "Law Practice"),
    ("Logistics", "Transportation"),
    ("Software", "Information Technology"),
];
const PLACES: [(&str, &str, u32); 5] = [
    ("Sydney", "NSW", 2000),
    ("Melbourne", "VIC", 3000),
    ("Brisbane", "QLD", 4000),
    ("Perth", "WA", 6000),
    ("Adelaide", "SA", 5000),
];
/// Rows repeat their pattern after so many.
const PERIOD: u64 = 100;

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// A new person.
    New,
    /// A person that an earlier row has told of.
    Again(u64),
    /// Nobody who can be reached.
    Unreachable,
}

/// What the row of this number, from 0, is: of a hundred rows one is nobody, one repeats a row shortly before it and
/// one a row far before it.
#[must_use]
pub fn row(number: u64) -> Row {
    match number % PERIOD {
        99 => Row::Unreachable,
        49 => Row::Again(number - 40),
        74 => Row::Again(number / PERIOD / 2 * PERIOD + 10),
        _ => Row::New,
    }
}

/// The counts that an import of so many rows has to come to: created, merged, rejected.
#[must_use]
pub fn counts(rows: u64) -> (u64, u64, u64) {
    let mut counts = (0, 0, 0);
    for number in 0..rows {
        match row(number) {
            Row::New => counts.0 += 1,
            Row::Again(_) => counts.1 += 1,
            Row::Unreachable => counts.2 += 1,
        }
    }
    counts
}

/// The leads that have to exist afterwards, each once.
pub fn leads(tenant: &TenantId, rows: u64) -> impl Iterator<Item = LeadId> {
    (0..rows)
        .filter(|number| row(*number) == Row::New)
        .map(|number| LeadId::derive(tenant, &email(number)))
}

/// The list itself, about 175 bytes a row.
#[must_use]
pub fn csv(rows: u64) -> String {
    let mut text = String::from(HEADER);
    for number in 0..rows {
        write_row(&mut text, number);
    }
    text
}

fn email(number: u64) -> String {
    let trade = pick(&TRADES, number).0.to_lowercase();
    format!("person{number}@{trade}{}.com.au", number % 9_973)
}

fn write_row(text: &mut String, number: u64) {
    let email = match row(number) {
        Row::New => email(number),
        Row::Again(earlier) => email(earlier).to_uppercase(),
        Row::Unreachable => "none".to_owned(),
    };
    let mobile = match row(number) {
        Row::Unreachable => String::new(),
        Row::New | Row::Again(_) => {
            let digits = format!("{:07}", number % 10_000_000);
            let (middle, end) = digits.split_at(4);
            let (start, middle) = middle.split_at(1);
            format!("041{start} {middle} {end}")
        }
    };
    let linkedin = if number.is_multiple_of(3) && row(number) == Row::New {
        format!("https://www.linkedin.com/in/person-{number}")
    } else {
        String::new()
    };
    let (trade, industry) = pick(&TRADES, number);
    let (city, state, postcode) = pick(&PLACES, number / 5);
    let written = write!(
        text,
        "{},{},{},\"{trade} {}, Group\",{email},{mobile},{linkedin},{}{}.com.au,{industry},{},{city},{state},{},Australia\r\n",
        pick(&FIRST, number / 3),
        pick(&LAST, number / 7),
        pick(&TITLES, number / 11),
        number % 9_973,
        trade.to_lowercase(),
        number % 9_973,
        1 + number % 400,
        postcode + u32::try_from(number % 30).unwrap_or(0),
    );
    debug_assert!(written.is_ok(), "a String takes every write");
}

fn pick<T: Copy + Default>(of: &[T], number: u64) -> T {
    let at = usize::try_from(number % of.len() as u64).ok();
    at.and_then(|at| of.get(at)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_that_repeats_repeats_a_new_person_before_it() {
        for number in 0..5_000 {
            if let Row::Again(earlier) = row(number) {
                assert!(earlier < number, "{number}");
                assert_eq!(row(earlier), Row::New, "{number}");
            }
        }
    }

    #[test]
    fn the_counts_add_up_to_the_rows() {
        let (created, merged, rejected) = counts(1_050);
        assert_eq!((created, merged, rejected), (1_019, 21, 10));
        assert_eq!(created + merged + rejected, 1_050);
    }

    #[test]
    fn a_row_is_about_a_hundred_and_seventy_five_bytes() {
        let bytes = csv(1_000).len();
        assert!((165_000..185_000).contains(&bytes), "{bytes}");
    }
}
