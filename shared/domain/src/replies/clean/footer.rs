//! Removes our own opt-out footer and similar ones of newsletters, sentence by sentence. Only instructions are removed;
//! "how do I unsubscribe" is a person speaking.

/// Beginnings of sentences that instruct a reader how to opt out.
const BEGINNINGS: [&str; 46] = [
    "reply stop",
    "reply 'stop",
    "reply \"stop",
    "reply unsubscribe",
    "reply with stop",
    "reply to opt",
    "reply opt",
    "reply end ",
    "reply quit",
    "reply no to",
    "reply 2 stop",
    "reply \"unsubscribe",
    "text stop",
    "text 'stop",
    "text \"stop",
    "txt stop",
    "send stop to",
    "sms stop",
    "stop to opt",
    "stop to end",
    "stop to unsub",
    "stop to cancel",
    "stop 2 ",
    "stop=",
    "stop = ",
    "optout reply",
    "opt out reply",
    "opt-out reply",
    "opt-out: ",
    "opt out: ",
    "optout: ",
    "to opt out reply",
    "to opt out,",
    "to opt out text",
    "to opt-out",
    "to stop receiving",
    "to unsubscribe",
    "to be removed from",
    "click here to unsub",
    "click to unsub",
    "unsubscribe here",
    "unsubscribe from this list",
    "unsubscribe |",
    "manage your",
    "update your preferences",
    "unsub: ",
];
/// Beginnings that are footers only together with the word after the bar.
const TOGETHER: [(&str, &str); 4] = [
    ("if you don't want", "click"),
    ("if you do not want", "click"),
    ("you are receiving this", ""),
    ("you're receiving this", ""),
];
/// Beginnings that address a reader who wants to leave, however polite; a person says "I".
const ADDRESSED: [&str; 12] = [
    "if you no longer wish",
    "if you no longer want to receive",
    "if you would no longer like",
    "if you wish to unsub",
    "if you want to unsub",
    "if you would like to unsub",
    "if you'd like to unsub",
    "if you do not wish to receive",
    "if you don't wish to receive",
    "if you'd prefer not",
    "if you would prefer not",
    "if you'd rather not",
];

/// A footer has at least one of these words.
const SUSPICIOUS: [&str; 9] = [
    "stop",
    "unsub",
    "opt",
    "remove",
    "no longer",
    "preferences",
    "receiving",
    "wish",
    "prefer",
];

/// `text`, which neither begins nor ends with a space, without sentences that are opt-out instructions.
pub(super) fn without(text: &str) -> String {
    if !text
        .split_inclusive('\n')
        .flat_map(sentences)
        .any(is_footer)
    {
        return text.to_owned();
    }
    let lower = text.to_lowercase();
    if !SUSPICIOUS.iter().any(|word| lower.contains(word)) {
        return text.to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    for sentence in text.split_inclusive('\n').flat_map(sentences) {
        if !is_footer(sentence) {
            kept.push_str(sentence);
        } else if sentence.ends_with('\n') {
            kept.push('\n');
        }
    }
    let own = kept.trim();
    // "STOP 2 END" and nothing else is what our footer asked for.
    if own.is_empty() && lower.trim_start().starts_with("stop") {
        return text.to_owned();
    }
    own.to_owned()
}

fn sentences(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .char_indices()
            .zip(rest.chars().skip(1))
            .find(|((_, c), next)| {
                matches!(c, '.' | '!' | '?' | ';' | '(' | ')' | '\u{2026}')
                    && (next.is_whitespace() || *c == '(')
            })
            .map_or(rest.len(), |((at, c), _)| at + c.len_utf8());
        let (sentence, after) = rest.split_at(end);
        rest = after;
        Some(sentence)
    })
}

fn is_footer(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    let plain = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    let instructs = BEGINNINGS.iter().any(|b| plain.starts_with(b))
        && (!plain.starts_with("reply stop") || plain.len() > 12)
        && !asks(plain);
    let addressed = ADDRESSED.iter().any(|b| plain.starts_with(b))
        && ![" i ", "i'm", "i'll", " me ", " my "]
            .iter()
            .any(|word| plain.contains(word));
    instructs
        || addressed
        || TOGETHER
            .iter()
            .any(|(begin, word)| plain.starts_with(begin) && plain.contains(word) && !asks(plain))
}

/// Words by which a person asks, which no footer contains.
fn asks(plain: &str) -> bool {
    [
        " i ",
        "i'm",
        "i've",
        " please",
        "doesn't work",
        "broken",
        " my ",
        " me ",
    ]
    .iter()
    .any(|word| plain.contains(word))
}
