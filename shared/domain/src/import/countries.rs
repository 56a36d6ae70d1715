//! Countries as lists name them: in words, by two or three letters, with or without dots.
//! A name that is not known gives nothing; it is never matched by likeness.

use crate::country::Country;

/// Code, three-letter code, and the names in folded form (lower-case letters only).
const COUNTRIES: &[(&str, &str, &[&str])] = &[
    ("AU", "aus", &["australia", "commonwealthofaustralia", "oz"]),
    (
        "US",
        "usa",
        &[
            "unitedstates",
            "unitedstatesofamerica",
            "theunitedstates",
            "america",
            "usofa",
            "estadosunidos",
        ],
    ),
    (
        "NZ",
        "nzl",
        &["newzealand", "aotearoa", "aotearoanewzealand"],
    ),
    (
        "GB",
        "gbr",
        &[
            "unitedkingdom",
            "uk",
            "greatbritain",
            "britain",
            "england",
            "scotland",
            "wales",
            "northernireland",
            "unitedkingdomofgreatbritainandnorthernireland",
        ],
    ),
    ("SG", "sgp", &["singapore"]),
    ("CA", "can", &["canada"]),
    ("IE", "irl", &["ireland", "republicofireland", "eire"]),
    ("IN", "ind", &["india", "bharat"]),
    ("ZA", "zaf", &["southafrica"]),
    ("DE", "deu", &["germany", "deutschland"]),
    ("FR", "fra", &["france"]),
    (
        "NL",
        "nld",
        &["netherlands", "thenetherlands", "holland", "nederland"],
    ),
    ("BE", "bel", &["belgium", "belgie", "belgique"]),
    ("LU", "lux", &["luxembourg"]),
    ("CH", "che", &["switzerland", "schweiz", "suisse"]),
    ("AT", "aut", &["austria"]),
    ("IT", "ita", &["italy", "italia"]),
    ("ES", "esp", &["spain"]),
    ("PT", "prt", &["portugal"]),
    ("GR", "grc", &["greece"]),
    ("DK", "dnk", &["denmark", "danmark"]),
    ("SE", "swe", &["sweden", "sverige"]),
    ("NO", "nor", &["norway", "norge"]),
    ("FI", "fin", &["finland", "suomi"]),
    ("IS", "isl", &["iceland"]),
    ("PL", "pol", &["poland", "polska"]),
    ("CZ", "cze", &["czechrepublic", "czechia"]),
    ("SK", "svk", &["slovakia"]),
    ("HU", "hun", &["hungary"]),
    ("RO", "rou", &["romania"]),
    ("BG", "bgr", &["bulgaria"]),
    ("HR", "hrv", &["croatia"]),
    ("SI", "svn", &["slovenia"]),
    ("RS", "srb", &["serbia"]),
    ("UA", "ukr", &["ukraine"]),
    ("RU", "rus", &["russia", "russianfederation"]),
    ("EE", "est", &["estonia"]),
    ("LV", "lva", &["latvia"]),
    ("LT", "ltu", &["lithuania"]),
    ("MT", "mlt", &["malta"]),
    ("CY", "cyp", &["cyprus"]),
    ("TR", "tur", &["turkey", "turkiye"]),
    ("IL", "isr", &["israel"]),
    ("AE", "are", &["unitedarabemirates", "uae"]),
    ("SA", "sau", &["saudiarabia", "kingdomofsaudiarabia"]),
    ("QA", "qat", &["qatar"]),
    ("KW", "kwt", &["kuwait"]),
    ("BH", "bhr", &["bahrain"]),
    ("OM", "omn", &["oman"]),
    ("JO", "jor", &["jordan"]),
    ("LB", "lbn", &["lebanon"]),
    ("EG", "egy", &["egypt"]),
    ("MA", "mar", &["morocco"]),
    ("NG", "nga", &["nigeria"]),
    ("KE", "ken", &["kenya"]),
    ("GH", "gha", &["ghana"]),
    ("MU", "mus", &["mauritius"]),
    ("PK", "pak", &["pakistan"]),
    ("BD", "bgd", &["bangladesh"]),
    ("LK", "lka", &["srilanka"]),
    ("NP", "npl", &["nepal"]),
    (
        "CN",
        "chn",
        &["china", "peoplesrepublicofchina", "prc", "mainlandchina"],
    ),
    ("HK", "hkg", &["hongkong", "hongkongsar"]),
    ("TW", "twn", &["taiwan"]),
    ("JP", "jpn", &["japan"]),
    ("KR", "kor", &["southkorea", "korea", "republicofkorea"]),
    ("MY", "mys", &["malaysia"]),
    ("ID", "idn", &["indonesia"]),
    ("TH", "tha", &["thailand"]),
    ("PH", "phl", &["philippines", "thephilippines"]),
    ("VN", "vnm", &["vietnam"]),
    ("KH", "khm", &["cambodia"]),
    ("PG", "png", &["papuanewguinea"]),
    ("FJ", "fji", &["fiji"]),
    ("MX", "mex", &["mexico"]),
    ("BR", "bra", &["brazil", "brasil"]),
    ("AR", "arg", &["argentina"]),
    ("CL", "chl", &["chile"]),
    ("CO", "col", &["colombia"]),
    ("PE", "per", &["peru"]),
    ("UY", "ury", &["uruguay"]),
    ("CR", "cri", &["costarica"]),
    ("PA", "pan", &["panama"]),
    ("DO", "dom", &["dominicanrepublic"]),
    ("JM", "jam", &["jamaica"]),
];

/// The country that `text` names, in words or by a code of the table.
pub(super) fn named(text: &str) -> Option<Country> {
    let folded: String = text
        .chars()
        .filter(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect();
    let (code, _, _) = COUNTRIES.iter().find(|(code, alpha3, names)| {
        folded.eq_ignore_ascii_case(code) || folded == *alpha3 || names.contains(&folded.as_str())
    })?;
    code.parse().ok()
}

/// The country that a cell of a country column names. There, any two letters are a code.
pub(super) fn stated(text: &str) -> Option<Country> {
    named(text).or_else(|| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_known_by_its_names_and_codes() {
        let check = |text: &str, wanted: Option<Country>| assert_eq!(named(text), wanted, "{text}");
        for text in ["Australia", "AUS", "au", "AUSTRALIA "] {
            check(text, Some(Country::AU));
        }
        for text in [
            "United States of America",
            "U.S.A.",
            "USA",
            "us",
            "United States",
        ] {
            check(text, Some(Country::US));
        }
        check("UK", Some(Country::GB));
        check("England", Some(Country::GB));
        check("Atlantis", None);
        check("TV", None);
        assert_eq!(stated("tv"), "TV".parse().ok());
        check("", None);
    }
}
