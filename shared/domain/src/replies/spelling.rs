//! One spelling per word: expands contractions, abbreviations and common slips. It never changes a word that a phrase
//! already knows.

use std::borrow::Cow;

use super::{
    fold,
    lexicon::{Lexicon, Word},
    words,
};

/// Whether `raw` is a person's name: listed as one in `known`, or a capitalised word that no phrase and no list knows.
pub(super) fn is_name(raw: &str, known: Option<&Word>) -> bool {
    let mut letters = raw.chars();
    let capital = letters.next().is_some_and(char::is_uppercase)
        && letters.next().is_some_and(char::is_lowercase);
    known.is_some_and(|word| word.is_first_name)
        || (capital && known.is_none_or(|word| word.id == 0 && !word.is_common))
}

/// Words in which a disguise (digits, foreign letters) is undone.
const STOP_WORDS: &[&str] = &[
    "stop",
    "stopall",
    "unsubscribe",
    "optout",
    "opt out",
    "quit",
    "end",
    "cancel",
    "remove",
    "revoke",
    "arret",
    "unsub",
];

/// The shortest word in which one wrong letter is forgiven.
const FORGIVEN_FROM: usize = 6;

/// Whether these words together are one of the stop words that people spell out letter by letter.
pub(super) fn is_stop_word(words: &[Cow<'static, str>]) -> bool {
    match words {
        [one] => STOP_WORDS.contains(&one.as_ref()),
        [opt, out] => opt == "opt" && out == "out",
        _ => false,
    }
}

/// Longest word that [`plain_word`] knows; longer ones are read letter by letter.
const PLAIN_BYTES: usize = 24;

/// The known word that `raw` is in lower case, if it is nothing but letters and stands for itself.
pub(super) fn plain_word<'l>(raw: &str, lexicon: &'l Lexicon) -> Option<&'l Word> {
    let mut lower = [0; PLAIN_BYTES];
    let lower = lower.get_mut(..raw.len())?;
    for (to, from) in lower.iter_mut().zip(raw.bytes()) {
        if !from.is_ascii_alphabetic() {
            return None;
        }
        *to = from.to_ascii_lowercase();
    }
    let word = lexicon.word(std::str::from_utf8(lower).ok()?)?;
    word.respelled.is_none().then_some(word)
}

/// The words that `raw` stands for: usually one, two or three for a contraction.
pub(super) fn words(raw: &str, lexicon: &Lexicon) -> Vec<Cow<'static, str>> {
    let folded = fold::word(raw);
    let trimmed = folded.trim_matches(|c| matches!(c, '\'' | '#' | '!'));
    if let Some(opened) = contraction(trimmed, lexicon) {
        return opened;
    }
    let plain = trimmed.replace('\'', "");
    if let Some(written) = known(&plain, lexicon) {
        return written;
    }
    let star = plain.trim_end_matches('*');
    if star.len() < plain.len()
        && let Some(written) = known(star, lexicon)
    {
        return written;
    }
    undisguised(&plain, lexicon)
        .or_else(|| slip(&plain, lexicon).map(|word| vec![word.into()]))
        .unwrap_or_else(|| vec![plain.into()])
}

fn known(word: &str, lexicon: &Lexicon) -> Option<Vec<Cow<'static, str>>> {
    let word = lexicon.word(word)?;
    Some(match word.respelled {
        Some(written) => written.split(' ').map(Cow::Borrowed).collect(),
        None => vec![Cow::Borrowed(word.text)],
    })
}

fn contraction(word: &str, lexicon: &Lexicon) -> Option<Vec<Cow<'static, str>>> {
    let (stem, ending) = word.split_once('\'')?;
    let (stem, ending) = match (stem.strip_suffix('n'), ending) {
        (Some("ca"), "t") => ("can", "not"),
        (Some("wo"), "t") => ("will", "not"),
        (Some("ai"), "t") => ("is", "not"),
        (Some(base), "t") => (base, "not"),
        (_, "m") => (stem, "am"),
        (_, "re") => (stem, "are"),
        (_, "ve") => (stem, "have"),
        (_, "ll") => (stem, "will"),
        (_, "d") if matches!(stem, "where" | "how" | "who" | "what" | "why" | "when") => {
            (stem, "did")
        }
        (_, "d") => (stem, "would"),
        (_, "s") if stem == "let" => return Some(vec!["lets".into()]),
        (_, "s") if words::TAKES_IS.contains(&stem) => (stem, "is"),
        (_, "s") => return Some(vec![stem.to_owned().into()]),
        _ => return None,
    };
    let stem = match lexicon.word(stem) {
        Some(word) => Cow::Borrowed(word.respelled.unwrap_or(word.text)),
        None => Cow::Owned(stem.to_owned()),
    };
    Some(vec![stem, ending.into()])
}

fn undisguised(word: &str, lexicon: &Lexicon) -> Option<Vec<Cow<'static, str>>> {
    if let Some(latin) = fold::latin_twin(word) {
        let mixed = word.bytes().any(|b| b.is_ascii_alphabetic());
        let read = corrected(&latin, lexicon);
        if mixed || is_stop_word(&read) {
            return Some(read);
        }
    }
    if let Some(lettered) = fold::unleet(word) {
        let read = corrected(&lettered, lexicon);
        if is_stop_word(&read) {
            return Some(read);
        }
    }
    [1, 2].into_iter().find_map(|keep| {
        let short = fold::shortened_runs(word, keep)?;
        known(&short, lexicon).or_else(|| slip(&short, lexicon).map(|word| vec![word.into()]))
    })
}

fn corrected(word: &str, lexicon: &Lexicon) -> Vec<Cow<'static, str>> {
    known(word, lexicon)
        .or_else(|| slip(word, lexicon).map(|word| vec![word.into()]))
        .or_else(|| known(&fold::shortened_runs(word, 1)?, lexicon))
        .unwrap_or_else(|| vec![word.to_owned().into()])
}

/// The known word that `word` misspells by one letter, or any of the many ways to misspell "unsubscribe".
fn slip(word: &str, lexicon: &Lexicon) -> Option<&'static str> {
    if !word.is_ascii() || word.len() < FORGIVEN_FROM || word.len() > 16 {
        return None;
    }
    if is_unsubscribe(word) {
        return Some("unsubscribe");
    }
    if word.bytes().any(|b| !b.is_ascii_alphabetic()) {
        return None;
    }
    targets(lexicon, word)
        .filter(|target| one_slip_apart(word.as_bytes(), target.as_bytes()))
        .min()
}

fn targets<'l>(lexicon: &'l Lexicon, word: &str) -> impl Iterator<Item = &'static str> + 'l {
    let first = word.as_bytes()[0];
    let lengths = word.len().saturating_sub(1).max(FORGIVEN_FROM)..=word.len() + 1;
    lengths.flat_map(move |length| lexicon.shaped(first, length).iter().copied())
}

fn is_unsubscribe(word: &str) -> bool {
    let headed = ["un", "in", "on", "nu", "ub", "us"]
        .iter()
        .any(|h| word.starts_with(h));
    let bodied = ["sub", "scri", "crib", "sib"]
        .iter()
        .any(|b| word.contains(b));
    headed
        && bodied
        && word.len() >= 8
        && ["unsubscribe", "unsubscribed", "unsubscribing"]
            .iter()
            .any(|target| strsim::osa_distance(word, target) <= 3)
}

fn one_slip_apart(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([x, y, rest @ ..], [p, q, other @ ..]) if x == q && y == p && rest == other => true,
        ([_, rest @ ..], [_, other @ ..]) if rest == other => true,
        ([_, rest @ ..], other) if rest == other => true,
        (rest, [_, other @ ..]) => rest == other,
        _ => a.is_empty() && b.is_empty(),
    }
}

/// Two words that are one: "e mail", "un subscribe", "any more".
pub(super) fn pair(first: &str, second: &str) -> Option<&'static str> {
    Some(match (first, second) {
        ("e", "mail") => "email",
        ("e", "mails") => "emails",
        ("e", "mailing") => "emailing",
        ("un", "subscribe") => "unsubscribe",
        ("follow", "ups") => "followups",
        ("mail", "out") => "mailout",
        ("de", "register") => "deregister",
        ("un", "list") => "unlist",
        ("de", "list") => "delist",
        ("mail", "outs") => "mailouts",
        ("phone", "calls") => "phonecalls",
        ("voice", "mail") => "voicemail",
        ("any", "more" | "longer") => "anymore",
        ("stop", "all") => "stopall",
        ("news", "letter") => "newsletter",
        _ => return None,
    })
}

/// The word that an emoji stands for; a decoration is `emojiother`.
pub(super) fn emoji(c: char) -> Option<&'static str> {
    Some(match c {
        '🛑' | '✋' | '🚫' | '⛔' | '🤚' | '🖐' => "emojistop",
        '👍' | '👌' | '✅' | '🙌' | '💯' | '🤙' | '✔' | '🤝' | '🔥' | '👏' | '❤' => {
            "emojiyes"
        }
        '🙏' => "emojithanks",
        '👎' | '❌' => "emojino",
        '🖕' | '🤬' | '😡' | '😠' | '💩' => "emojiangry",
        '\u{1F300}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' => "emojiother",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_to_misspell_unsubscribe_are_all_read() {
        for word in [
            "unsubcribe",
            "unsuscribe",
            "unsubscibe",
            "unsubscrib",
            "unscubscribe",
            "unsubsribe",
            "unsubscride",
            "ubsubscribe",
        ] {
            assert!(is_unsubscribe(word), "{word} is not read");
        }
        assert!(!is_unsubscribe("subscribe"));
        assert!(!is_unsubscribe("inscription"));
    }

    #[test]
    fn one_slip_is_a_swap_a_change_a_gap_or_an_extra_letter() {
        for word in ["remvoe", "remive", "remoe", "removee"] {
            assert!(one_slip_apart(word.as_bytes(), b"remove"), "{word}");
        }
        assert!(!one_slip_apart(b"remedy", b"remove"));
    }
}
