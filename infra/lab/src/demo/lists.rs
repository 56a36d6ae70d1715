//! Lead lists as people really export them, made from a seed: an Apollo export with semicolons and a byte-order mark,
//! and a LinkedIn Connections export with its preamble, in UTF-16. Every address is in the reserved `.example` domain
//! and every person is made up.

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};

const FIRST: &[&str] = &[
    "Ava",
    "Noah",
    "Mia",
    "Leo",
    "Zoe",
    "Kai",
    "Ruby",
    "Finn",
    "Isla",
    "Hugo",
    "Priya",
    "Arjun",
    "Mei",
    "Wei",
    "Sofia",
    "Mateo",
    "Layla",
    "Omar",
    "Nia",
    "Tane",
    "Aroha",
    "Siobhán",
    "Zoë",
    "José",
    "Anneliese",
    "Bao",
    "Linh",
    "Yuki",
];
const LAST: &[&str] = &[
    "Nguyen",
    "Smith",
    "Patel",
    "O'Brien",
    "Garcia",
    "Kowalski",
    "McDonald",
    "Singh",
    "Chen",
    "Rossi",
    "Taylor",
    "van der Berg",
    "Müller",
    "Haddad",
    "Okafor",
    "Tanaka",
    "Walker",
    "Ito",
    "Silva",
    "Brown",
    "Papadopoulos",
    "Lee",
];
const TITLES: &[&str] = &[
    "Owner",
    "Founder & Director",
    "CEO",
    "Managing Director",
    "General Manager",
    "Chief Financial Officer",
    "VP Operations",
    "Head of Marketing",
    "Marketing Manager",
    "Office Manager",
    "Operations Director",
    "Senior Accountant",
    "Co-Founder",
    "Sales Manager",
    "IT Administrator",
    "President",
];
const TRADES: &[&str] = &[
    "Plumbing",
    "Electrical",
    "Dental",
    "Legal",
    "Joinery",
    "Logistics",
    "Accounting",
    "Landscapes",
    "Physio",
    "Robotics",
    "Interiors",
    "Catering",
    "Property",
    "Freight",
    "Optics",
    "Roofing",
];
const PLACES: &[&str] = &[
    "Harbour",
    "Coastal",
    "Summit",
    "Riverside",
    "Redgum",
    "Southern",
    "Bluestone",
    "Wattle",
    "Northside",
    "Banksia",
    "Ironbark",
    "Anchor",
    "Lighthouse",
    "Pelican",
    "Granite",
    "Saltwater",
];
/// City, state, postcode of the leads in Australia.
const AU: &[(&str, &str, &str)] = &[
    ("Sydney", "NSW", "2000"),
    ("Parramatta", "New South Wales", "2150"),
    ("Newcastle", "NSW", "2300"),
    ("Melbourne", "VIC", "3000"),
    ("Geelong", "Victoria", "3220"),
    ("Brisbane", "QLD", "4000"),
    ("Gold Coast", "Queensland", "4217"),
    ("Adelaide", "SA", "5000"),
    ("Perth", "WA", "6000"),
    ("Fremantle", "Western Australia", "6160"),
    ("Hobart", "TAS", "7000"),
    ("Darwin", "NT", "0800"),
    ("Canberra", "ACT", "2600"),
];

struct Person {
    first: &'static str,
    last: &'static str,
    title: &'static str,
    company: String,
    email: String,
    mobile: String,
    place: &'static (&'static str, &'static str, &'static str),
    slug: String,
}

fn person(rng: &mut StdRng, index: usize) -> Person {
    let pick =
        |rng: &mut StdRng, list: &'static [&'static str]| *list.choose(rng).unwrap_or(&"Alex");
    let (first, last) = (pick(rng, FIRST), pick(rng, LAST));
    let company = format!("{} {}", pick(rng, PLACES), pick(rng, TRADES));
    let plain = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect()
    };
    let domain = format!("{}.example", plain(&company));
    Person {
        first,
        last,
        title: pick(rng, TITLES),
        email: format!("{}.{}{index}@{domain}", plain(first), plain(last)),
        mobile: format!(
            "04{:02} {:03} {:03}",
            10 + index / 1_000 % 10,
            rng.random_range(100..1_000),
            index % 1_000
        ),
        place: AU.choose(rng).unwrap_or(&AU[0]),
        slug: format!("{}-{}-{index:05x}", plain(first), plain(last)),
        company,
    }
}

/// An Apollo export of `rows` rows: semicolons, byte-order mark, CRLF, and what people do to spreadsheets.
#[must_use]
pub fn apollo_export(rows: usize, seed: u64) -> Vec<u8> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut text = String::from(
        "\u{feff}First Name;Last Name;Title;Company;Company Name for Emails;Email;Email Status;Seniority;Departments;\
         Work Direct Phone;Mobile Phone;Corporate Phone;# Employees;Industry;Person Linkedin Url;Website;City;State;\
         Country;Annual Revenue\r\n",
    );
    let mut people: Vec<Person> = Vec::new();
    for index in 0..rows {
        let mut p = person(&mut rng, index);
        let (city, state, _) = *p.place;
        let mut mobile = match index % 7 {
            0 => format!("'{}", p.mobile.replace(' ', "")),
            1 => format!("+61 (0){}", &p.mobile[1..]),
            2 => p.mobile.replace(' ', "").trim_start_matches('0').to_owned(),
            _ => p.mobile.clone(),
        };
        let mut first = p.first.to_owned();
        match index {
            // The same person exported twice, once in capitals.
            i if i % 41 == 40 => {
                if let Some(earlier) = people.get(i / 2) {
                    p.email = earlier.email.to_uppercase();
                    mobile = earlier.mobile.clone();
                }
            }
            i if i % 29 == 28 => p.email = format!("{} at {}", first.to_lowercase(), "nowhere"),
            i if i % 67 == 66 => {
                p.email = String::new();
                mobile = "n/a".into();
            }
            i if i % 53 == 52 => first = format!("{} PTY LTD", p.company),
            i if i % 19 == 18 => first = first.to_uppercase(),
            _ => {}
        }
        let linkedin = if index % 3 == 0 && !p.email.is_empty() {
            format!("http://www.linkedin.com/in/{}", p.slug)
        } else {
            String::new()
        };
        let company = if index % 23 == 22 {
            format!("\"{}; Sons\"", p.company)
        } else {
            p.company.clone()
        };
        let note = if index % 37 == 36 {
            "\"1,2\nmillion\""
        } else {
            "1200000"
        };
        let last = if first.ends_with("PTY LTD") {
            ""
        } else {
            p.last
        };
        text.push_str(&format!(
            "{first};{last};{};{company};{company};{};Verified;C suite;Operations;;{mobile};(02) 9{:03} {:04};{};{};\
             {linkedin};{};{city};{state};Australia;{note}\r\n",
            p.title,
            p.email,
            300 + index % 600,
            index % 10_000,
            5 + index % 60,
            p.company.split_once(' ').map_or("Services", |(_, trade)| trade),
            p.email.split_once('@').map_or("", |(_, domain)| domain),
        ));
        if index % 97 == 96 {
            text.push_str("\r\n");
        }
        people.push(p);
    }
    text.into_bytes()
}

/// A LinkedIn Connections export of `rows` rows: preamble, quoted text, many without an e-mail, in UTF-16.
#[must_use]
pub fn linkedin_export(rows: usize, seed: u64) -> Vec<u8> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut text = String::from(
        "Notes:\r\n\"When exporting your connection data, you may notice that some of the email addresses are missing. \
         You will only see email addresses for connections who have allowed their connections to see or download \
         their email address using this setting.\"\r\n\r\nFirst Name,Last Name,URL,Email Address,Company,Position,\
         Connected On\r\n",
    );
    let mut earlier: Vec<String> = Vec::new();
    for index in 0..rows {
        let p = person(&mut rng, index);
        let url = match index {
            i if i % 43 == 42 && !earlier.is_empty() => earlier[i / 3 % earlier.len()].clone(),
            i if i % 71 == 70 => String::new(),
            _ => format!("https://www.linkedin.com/in/{}", p.slug),
        };
        let email = if index % 4 == 3 || url.is_empty() {
            String::new()
        } else {
            p.email.clone()
        };
        let title = if index % 31 == 30 {
            format!("\"{}, APAC\"", p.title)
        } else {
            p.title.to_owned()
        };
        text.push_str(&format!(
            "{},{},{url},{email},{},{title},{:02} Mar 2024\r\n",
            p.first,
            p.last,
            p.company,
            1 + index % 28
        ));
        earlier.push(url);
    }
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_the_same_for_the_same_seed() {
        assert_eq!(apollo_export(50, 7), apollo_export(50, 7));
        assert_ne!(apollo_export(50, 7), apollo_export(50, 8));
        assert_eq!(linkedin_export(50, 7), linkedin_export(50, 7));
    }

    #[test]
    fn the_exports_have_the_marks_of_their_makers() {
        assert!(apollo_export(3, 1).starts_with(b"\xef\xbb\xbfFirst Name;"));
        assert!(linkedin_export(3, 1).starts_with(&[0xff, 0xfe, b'N', 0]));
    }
}
