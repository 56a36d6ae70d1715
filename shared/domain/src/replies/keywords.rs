//! Keywords that are the whole message, or its whole first sentence (R34), in every casing, punctuation, spacing and
//! with common slips. Polite words around them change nothing.

use super::{
    fold,
    intent::Keyword,
    tokens::{Break, Token},
};

/// The opt-out keywords of all carriers and of the law (R34) without spaces and hyphens, and their unmistakable slips.
const STOP: &[&str] = &[
    "stop",
    "stopall",
    "unsubscribe",
    "unsubscribed",
    "unsubscribeme",
    "cancel",
    "end",
    "quit",
    "revoke",
    "optout",
    "remove",
    "removeme",
    "arret",
    "td",
    "stopstop",
    "stopit",
    "stoptexts",
    "stopmessages",
    "stopme",
    "stopsms",
    "stopplease",
    "stop2end",
    "stoptoend",
    "optingout",
    "pleasestop",
    "plsstop",
    "plzstop",
    "stoppls",
    "stopplz",
    "stopnow",
    "endall",
    "cancelall",
    "quitall",
    "unsub",
    "退订",
    "退訂",
    "取消订阅",
    "取消訂閱",
    "t退订",
    "td退订",
    "стоп",
];
/// Keywords that resubscribe (R35).
const START: &[&str] = &["start", "yes", "unstop"];
/// Keywords that ask for help (R35).
const HELP: &[&str] = &["help", "info"];
/// Words beside a keyword that do not change it.
const POLITE: &[&str] = &[
    "please",
    "thanks",
    "thank",
    "you",
    "cheers",
    "ta",
    "now",
    "immediately",
    "mate",
    "kindly",
    "sir",
    "hi",
    "hello",
    "hey",
    "ok",
    "emojistop",
    "emojiangry",
    "emojino",
    "emojiother",
    "emojithanks",
    "emojiyes",
];
/// Real words one letter away from "stop"; the whole message being one of them says nothing.
const NOT_SLIPS: &[&str] = &[
    "shop", "step", "slop", "top", "sop", "stow", "stoop", "strop", "stomp", "spot", "post",
    "soap", "stoke", "stood", "store", "stock", "stork", "storm", "story", "stone", "stove",
    "stool", "estop", "shops", "steps", "sto", "soup", "scoop", "swoop", "snoop", "sloop", "setup",
    "stab", "stay", "star", "stub", "stew", "snap", "snip", "skip", "slip", "ship", "chop", "drop",
    "crop", "prop", "flop", "plop", "clop", "stir", "stem",
];

/// The keyword that the message consists of.
pub(super) fn whole_message(text: &str, tokens: &[Token<'_>]) -> Option<Keyword> {
    let joined = squeezed(text);
    if START.contains(&joined.as_str()) {
        return Some(Keyword::Start);
    }
    if HELP.contains(&joined.as_str()) {
        return Some(Keyword::Help);
    }
    let stop = is_stop(&joined) || is_stop_sentence(tokens) || is_slip(tokens);
    (stop || is_stop_signs(tokens)).then_some(Keyword::Stop)
}

/// Whether the first sentence is an opt-out keyword and nothing else: "Stop. Bob", "Remove. Not for us".
pub(super) fn opens_with_stop(tokens: &[Token<'_>]) -> bool {
    let end = tokens
        .iter()
        .skip(1)
        .position(|t| t.before == Break::Sentence)
        .map_or(tokens.len(), |at| at + 1);
    is_stop_sentence(&tokens[..end])
}

fn squeezed(text: &str) -> String {
    let letters: String = text
        .chars()
        .filter(|c| c.is_alphanumeric())
        .take(40)
        .collect();
    fold::word(&letters)
}

fn is_stop(joined: &str) -> bool {
    let twin = fold::latin_twin(joined);
    let plain = twin.as_deref().unwrap_or(joined);
    let lettered = fold::unleet(plain);
    let short = fold::shortened_runs(plain, 1);
    [Some(plain), lettered.as_deref(), short.as_deref()]
        .into_iter()
        .flatten()
        .any(|word| STOP.contains(&word))
}

fn is_stop_sentence(tokens: &[Token<'_>]) -> bool {
    const MOST_WORDS: usize = 6;
    let words: Vec<&str> = tokens
        .iter()
        .map(|t| t.word.as_ref())
        .filter(|w| !POLITE.contains(w))
        .take(MOST_WORDS + 1)
        .collect();
    if !(1..=MOST_WORDS).contains(&words.len()) {
        return false;
    }
    let joined = words.concat();
    STOP.contains(&joined.as_str()) || words.iter().all(|w| STOP.contains(w))
}

fn is_stop_signs(tokens: &[Token<'_>]) -> bool {
    tokens.iter().any(|t| t.word == "emojistop")
        && tokens.iter().all(|t| POLITE.contains(&t.word.as_ref()))
}

/// One word that is a slip of "stop" and not a word itself.
fn is_slip(tokens: &[Token<'_>]) -> bool {
    let [only] = tokens else { return false };
    let word = only.word.as_ref();
    word.is_ascii()
        && (4..=5).contains(&word.len())
        && only.id == 0
        && !NOT_SLIPS.contains(&word)
        && strsim::osa_distance(word, "stop") == 1
}
