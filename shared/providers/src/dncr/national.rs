//! Australian numbers as the register wants them: ten digits with the area code, or the short form of special
//! numbers. Refuses numbers of other countries.

use touchline_domain::contact::E164;

/// `+61412345678` as `0412345678`, `+611300123456` as `1300123456`; `None` outside Australia.
#[must_use]
pub fn national(number: &E164) -> Option<String> {
    let rest = number.as_str().strip_prefix("+61")?;
    Some(if rest.starts_with('1') {
        rest.to_owned()
    } else {
        format!("0{rest}")
    })
}

/// A number as the register echoes it, brought to the form that [`national`] gives.
pub(super) fn plain(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("61") {
        Some(rest) if digits.len() == 11 => format!("0{rest}"),
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_takes_the_form_that_the_register_documents() {
        let national = |text: &str| national(&text.parse().unwrap());
        assert_eq!(national("+61412345678").as_deref(), Some("0412345678"));
        assert_eq!(national("+61299998888").as_deref(), Some("0299998888"));
        assert_eq!(national("+611300123456").as_deref(), Some("1300123456"));
        assert_eq!(national("+6421123456"), None);
        assert_eq!(plain("+61 412 345-678"), "0412345678");
        assert_eq!(plain("(02) 9999 8888"), "0299998888");
    }
}
