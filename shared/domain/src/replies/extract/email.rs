//! E-mail addresses as people write them, also "ana at example dot com".
//! It refuses anything without a domain that ends in letters.

/// An address found: where it stands and what it says, lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::replies) struct FoundEmail {
    pub(in crate::replies) start: usize,
    pub(in crate::replies) end: usize,
    pub(in crate::replies) address: String,
}

/// Every address in `text`, in order and without overlap.
pub(in crate::replies) fn find(text: &str) -> Vec<FoundEmail> {
    let mut found: Vec<FoundEmail> = plain(text).collect();
    found.extend(spelled_out(text));
    found.sort_by_key(|f| (f.start, std::cmp::Reverse(f.end)));
    let mut end = 0;
    found.retain(|f| {
        let free = f.start >= end;
        if free {
            end = f.end;
        }
        free
    });
    found
}

fn plain(text: &str) -> impl Iterator<Item = FoundEmail> + '_ {
    text.match_indices('@').filter_map(|(at, _)| {
        let start = local_start(text, at);
        let end = domain_end(text, at + 1);
        let address = text.get(start..end)?.to_ascii_lowercase();
        is_address(&address).then_some(FoundEmail {
            start,
            end,
            address,
        })
    })
}

fn local_start(text: &str, at: usize) -> usize {
    let begin = text[..at]
        .bytes()
        .rposition(|b| !is_local(b))
        .map_or(0, |p| p + 1);
    let skipped = text[begin..at]
        .bytes()
        .take_while(|b| !b.is_ascii_alphanumeric())
        .count();
    begin + skipped
}

fn domain_end(text: &str, from: usize) -> usize {
    let length = text[from..]
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
        .count();
    let trimmed = text[from..from + length].trim_end_matches(['.', '-']);
    from + trimmed.len()
}

fn is_local(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'%' | b'+' | b'-')
}

fn is_address(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return false;
    };
    let ending = domain.rsplit('.').next().unwrap_or("");
    !local.is_empty()
        && !local.ends_with('.')
        && domain.contains('.')
        && !domain.starts_with(['.', '-'])
        && !domain.contains("..")
        && ending.len() >= 2
        && ending.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Ways to write `@`, the plainest last: ` at ` alone is also a preposition.
const AT_SIGNS: [&str; 9] = [
    " (at) ", "(at)", " [at] ", "[at]", " {at} ", "{at}", " <at> ", " @ ", " at ",
];
const DOTS: [&str; 8] = [
    " (dot) ", "(dot)", " [dot] ", "[dot]", " {dot} ", "{dot}", " dot ", ".",
];

fn spelled_out(text: &str) -> Vec<FoundEmail> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    let brackets: Vec<u8> = lower.bytes().filter(|b| b"([{<@".contains(b)).collect();
    for sign in AT_SIGNS.into_iter().filter(|sign| {
        let mark = sign.trim_start().as_bytes()[0];
        mark == b'a' || brackets.contains(&mark)
    }) {
        for (at, _) in lower.match_indices(sign) {
            if let Some(email) = around(&lower, at, sign) {
                found.push(email);
            }
        }
    }
    if lower.contains(" dot ") || lower.contains("dot]") || lower.contains("dot)") {
        for (at, _) in lower.match_indices('@') {
            found.extend(around(&lower, at, "@"));
        }
    }
    found
}

fn around(lower: &str, at: usize, sign: &str) -> Option<FoundEmail> {
    let start = local_start(lower, at);
    let local = lower.get(start..at).filter(|l| !l.is_empty())?;
    let (domain, end, spelled) = domain_after(lower, at + sign.len())?;
    let address = format!("{local}@{domain}");
    let plain_word = sign == " at ";
    ((spelled || !plain_word) && is_address(&address)).then_some(FoundEmail {
        start,
        end,
        address,
    })
}

/// The domain that begins at `from`, where it ends, and whether a dot in it was written as a word.
fn domain_after(lower: &str, from: usize) -> Option<(String, usize, bool)> {
    let mut domain = String::new();
    let mut at = from;
    let mut spelled = false;
    let mut end = from;
    for _ in 0..6 {
        let label = lower[at..]
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'-')
            .count();
        if label == 0 {
            break;
        }
        domain.push_str(&lower[at..at + label]);
        at += label;
        end = at;
        let Some(dot) = DOTS.iter().find(|dot| {
            lower[at..]
                .strip_prefix(**dot)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
        }) else {
            break;
        };
        spelled |= dot.len() > 1;
        at += dot.len();
        domain.push('.');
    }
    let domain = domain.trim_end_matches('.').to_owned();
    domain.contains('.').then_some((domain, end, spelled))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<String> {
        find(text).into_iter().map(|f| f.address).collect()
    }

    #[test]
    fn plain_addresses_are_found_without_their_punctuation() {
        assert_eq!(addresses("mail Ana@X.com."), ["ana@x.com"]);
        assert_eq!(
            addresses("<a.b+c@d-e.com.au>, thanks"),
            ["a.b+c@d-e.com.au"]
        );
        assert!(addresses("meet @ 5, see you @home").is_empty());
    }

    #[test]
    fn spelled_out_addresses_are_found_and_prepositions_are_not() {
        assert_eq!(addresses("ana at example dot com"), ["ana@example.com"]);
        assert_eq!(addresses("dan[at]kestrel[dot]io"), ["dan@kestrel.io"]);
        assert_eq!(addresses("bob (at) acme.com.au"), ["bob@acme.com.au"]);
        assert_eq!(addresses("bob @ acme.com"), ["bob@acme.com"]);
        assert!(addresses("look at acme.com").is_empty());
    }
}
