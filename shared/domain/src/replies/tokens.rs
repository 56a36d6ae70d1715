//! Cuts a reply into words with their classes and the breaks between them.
//! It knows nothing of meaning; it only makes `S.T.O.P`, `e-mail` and `3 pm` one word each.

use std::borrow::Cow;

use super::{
    extract::email::FoundEmail,
    fold,
    lexicon::{Lexicon, WordId},
    spelling,
};

/// What stands before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Break {
    /// At most a space.
    None,
    /// A comma, colon, bracket or dash.
    Clause,
    /// A full stop, question or exclamation mark, or a new line.
    Sentence,
}

/// A set of word classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Class(u16);

impl Class {
    pub(super) const NONE: Self = Self(0);
    pub(super) const NUMBER: Self = Self(1);
    pub(super) const TIME: Self = Self(2);
    pub(super) const DAY: Self = Self(4);
    pub(super) const MONTH: Self = Self(8);
    pub(super) const EMAIL: Self = Self(16);
    pub(super) const LINK: Self = Self(32);
    pub(super) const NAME: Self = Self(64);
    pub(super) const DATE: Self = Self(128);
    pub(super) const QUESTION: Self = Self(256);

    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The class of a name in a phrase: `day`, `time`, `num`, `month`, `date`, `email`, `link`, `name`.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "num" => Self::NUMBER,
            "time" => Self::TIME,
            "day" => Self::DAY,
            "month" => Self::MONTH,
            "email" => Self::EMAIL,
            "link" => Self::LINK,
            "name" => Self::NAME,
            "date" => Self::DATE,
            _ => Self::NONE,
        }
    }
}

/// One word of a reply.
#[derive(Clone, Debug)]
pub(super) struct Token<'t> {
    /// As it was written.
    pub(super) raw: &'t str,
    /// Where `raw` begins in the text.
    pub(super) at: usize,
    /// Folded and respelled; what evidence shows.
    pub(super) word: Cow<'static, str>,
    pub(super) id: WordId,
    pub(super) class: Class,
    pub(super) before: Break,
}

/// The words of `text` (already [`fold::visible`]) with the addresses found in it, at most [`MOST_TOKENS`].
pub(super) fn tokenize<'t>(
    text: &'t str,
    emails: &[FoundEmail],
    lexicon: &Lexicon,
) -> Vec<Token<'t>> {
    let mut scanner = Scanner {
        text,
        lexicon,
        emails,
        tokens: Vec::with_capacity(text.len() / 5 + 4),
        pending: Break::None,
    };
    scanner.run();
    join_letters(&mut scanner.tokens, lexicon);
    join_pairs(&mut scanner.tokens);
    join_emphatic(text, &mut scanner.tokens);
    read_figures(&mut scanner.tokens);
    for token in &mut scanner.tokens {
        let known = lexicon.word(&token.word);
        token.id = known.map_or(0, |word| word.id);
        let plain = token.class == Class::NONE || token.class == Class::QUESTION;
        if plain && spelling::is_name(token.raw, known) {
            token.class = token.class.with(Class::NAME);
        }
    }
    scanner.tokens
}

/// A reply's own words beyond this many are not read; nobody writes so much, and time stays bounded.
pub(super) const MOST_TOKENS: usize = 2_000;

struct Scanner<'t, 'l> {
    text: &'t str,
    lexicon: &'l Lexicon,
    emails: &'l [FoundEmail],
    tokens: Vec<Token<'t>>,
    pending: Break,
}

impl<'t> Scanner<'t, '_> {
    fn run(&mut self) {
        let mut at = 0;
        let mut next_email = 0;
        while at < self.text.len() && self.tokens.len() < MOST_TOKENS {
            if let Some(email) = self.emails.get(next_email)
                && email.start <= at
            {
                let end = email.end;
                next_email += 1;
                if end > at {
                    self.push(at, end, "emailaddr".into(), Class::EMAIL);
                    at = end;
                }
                continue;
            }
            let next = self.emails.get(next_email);
            let limit = next.map_or(self.text.len(), |email| email.start);
            at = self.step(at, limit);
        }
    }

    fn step(&mut self, at: usize, limit: usize) -> usize {
        let rest = &self.text[at..limit.max(at + 1).min(self.text.len())];
        let Some(c) = rest.chars().next() else {
            return self.text.len();
        };
        let may_begin_link = c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        if may_begin_link && let Some(length) = link_length(rest) {
            self.push(at, at + length, "urlref".into(), Class::LINK);
            return at + length;
        }
        if c.is_ascii_digit() {
            return self.number(at, rest);
        }
        if c.is_alphanumeric() || (c == '$' && rest[1..].starts_with(char::is_alphabetic)) {
            return self.letters(at, rest);
        }
        if let Some(word) = spelling::emoji(c) {
            self.push(at, at + c.len_utf8(), word.into(), Class::NONE);
        } else {
            self.pause(c, rest);
        }
        at + c.len_utf8()
    }

    fn pause(&mut self, c: char, rest: &str) {
        let stronger = match c {
            '.' | '!' | '?' | ';' | '\n' | '…' | '•' | '。' => Break::Sentence,
            ',' | ':' | '(' | ')' | '"' | '[' | ']' | '{' | '}' | '|' | '/' => Break::Clause,
            '-' if rest[1..].starts_with(' ') => Break::Clause,
            _ => Break::None,
        };
        if c == '?'
            && let Some(last) = self.tokens.last_mut()
        {
            last.class = last.class.with(Class::QUESTION);
        }
        if stronger == Break::Sentence || self.pending == Break::None {
            self.pending = stronger;
        }
    }

    fn number(&mut self, at: usize, rest: &'t str) -> usize {
        let body = rest
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.' | '/' | '-')))
            .unwrap_or(rest.len());
        let figure = rest[..body].trim_end_matches([':', '.', '/', '-']);
        let tail = &rest[figure.len()..];
        let letters = tail
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(tail.len());
        let suffix = tail[..letters].to_ascii_lowercase();
        if !suffix.is_empty() && !matches!(suffix.as_str(), "am" | "pm" | "st" | "nd" | "rd" | "th")
        {
            return self.letters(at, rest);
        }
        let spaced = tail.strip_prefix(' ').map(str::to_ascii_lowercase);
        let half = spaced.as_deref().and_then(half_day);
        let mut end = at + figure.len() + letters;
        let class = if let Some(half) = half.filter(|_| suffix.is_empty()) {
            end += 1 + half;
            Class::TIME
        } else if matches!(suffix.as_str(), "am" | "pm") || is_clock(figure) {
            Class::TIME
        } else if letters == 2 || figure.contains('/') || figure.matches('-').count() == 2 {
            Class::DATE.with(Class::NUMBER)
        } else {
            Class::NUMBER
        };
        let word = self.text[at..end].to_ascii_lowercase().replace(' ', "");
        self.push(at, end, word.into(), class);
        end
    }

    fn letters(&mut self, at: usize, rest: &'t str) -> usize {
        let plain = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let mut end = plain;
        let mut chars = rest[plain..].char_indices().peekable();
        while let Some((i, c)) = chars.next() {
            let i = plain + i;
            let next_letter = chars.peek().is_some_and(|(_, n)| n.is_alphanumeric());
            let inside = match c {
                '\'' => next_letter,
                '*' | '#' => i > 0,
                '@' | '!' | '$' => next_letter || (c == '$' && i == 0),
                c => c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c),
            };
            if !inside {
                break;
            }
            end = i + c.len_utf8();
        }
        let raw = &rest[..end.max(1)];
        let end = at + raw.len();
        if let Some(word) = spelling::plain_word(raw, self.lexicon) {
            self.push(at, end, word.text.into(), word.class);
            return end;
        }
        for word in spelling::words(raw, self.lexicon) {
            let class = self.lexicon.word(&word).map_or(Class::NONE, |w| w.class);
            self.push(at, end, word, class);
        }
        end
    }

    fn push(&mut self, start: usize, end: usize, word: Cow<'static, str>, class: Class) {
        let before = std::mem::replace(&mut self.pending, Break::None);
        self.tokens.push(Token {
            raw: &self.text[start..end],
            at: start,
            word,
            id: 0,
            class,
            before,
        });
    }
}

fn is_clock(figure: &str) -> bool {
    figure.split_once(':').is_some_and(|(hours, minutes)| {
        hours.parse::<u8>().is_ok_and(|h| h < 24) && minutes.len() == 2
    })
}

/// Length of `am`, `pm`, `a.m.` or `p.m.` at the beginning of `text`.
fn half_day(text: &str) -> Option<usize> {
    ["a.m.", "p.m.", "am", "pm"]
        .into_iter()
        .find(|half| {
            text.strip_prefix(half)
                .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
        .map(str::len)
}

/// Length of a web address at the beginning of `text`.
fn link_length(text: &str) -> Option<usize> {
    let word = &text[..text.find(char::is_whitespace).unwrap_or(text.len())];
    if !word.contains(['.', '/']) {
        return None;
    }
    let named = word.starts_with("http://")
        || word.starts_with("https://")
        || word.starts_with("www.")
        || is_host(word);
    named.then(|| word.trim_end_matches(['.', ',', ')', '!', '?', '>']).len())
}

fn is_host(word: &str) -> bool {
    const ENDINGS: [&str; 9] = [
        ".com", ".com.au", ".net", ".org", ".io", ".au", ".co", ".app", ".ai",
    ];
    let host = word
        .split('/')
        .next()
        .unwrap_or("")
        .trim_end_matches(['.', ',', ')', '!', '?']);
    host.len() > 5
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
        && ENDINGS.iter().any(|e| host.ends_with(e))
}

/// `s t o p` and `s.t.o.p` become one word, if it is a word at all.
fn join_letters(tokens: &mut Vec<Token<'_>>, lexicon: &Lexicon) {
    let mut at = 0;
    while at < tokens.len() {
        let run = tokens[at..]
            .iter()
            .take_while(|t| t.raw.chars().count() == 1 && t.word.chars().all(char::is_alphabetic))
            .count();
        if run >= 3 {
            let joined: String = tokens[at..at + run]
                .iter()
                .map(|t| fold::word(t.raw))
                .collect();
            let words = spelling::words(&joined, lexicon);
            if spelling::is_stop_word(&words) {
                tokens[at].word = words.join(" ").into();
                tokens.drain(at + 1..at + run);
            }
        }
        at += run.max(1);
    }
}

/// "Want 2 chat": a 2 between a verb that wants an infinitive and a word is "to".
fn read_figures(tokens: &mut [Token<'_>]) {
    const WANTS_TO: [&str; 16] = [
        "want", "need", "like", "love", "happy", "going", "how", "trying", "able", "free", "keen",
        "speak", "talk", "wish", "ready", "nice",
    ];
    for at in 1..tokens.len().saturating_sub(1) {
        let to = tokens[at].raw == "2"
            && tokens[at].before == Break::None
            && WANTS_TO.contains(&tokens[at - 1].word.as_ref())
            && tokens[at + 1].before == Break::None
            && tokens[at + 1].class == Class::NONE;
        if to {
            tokens[at].word = "to".into();
            tokens[at].class = Class::NONE;
        }
    }
}

/// "Lose. My. Number." is one sentence: three or more words of one line, each with its own full stop.
/// A word that is a request on its own keeps its sentence: "Stop. Thanks. Bob".
fn join_emphatic(text: &str, tokens: &mut [Token<'_>]) {
    const AT_LEAST: usize = 3;
    let mut at = 0;
    while at < tokens.len() {
        let run = 1 + tokens[at..]
            .windows(2)
            .take_while(|pair| {
                let between = text.get(pair[0].at + pair[0].raw.len()..pair[1].at);
                pair[1].before == Break::Sentence && between.is_some_and(|b| b.trim_end() == ".")
            })
            .count();
        let end = (at + run).min(tokens.len());
        let alone = |t: &Token<'_>| spelling::is_stop_word(std::slice::from_ref(&t.word));
        if run >= AT_LEAST && !tokens[at..end].iter().any(alone) {
            for token in &mut tokens[at + 1..end] {
                token.before = Break::None;
            }
        }
        at += run;
    }
}

/// Two words that are written as one as often.
fn join_pairs(tokens: &mut Vec<Token<'_>>) {
    let mut at = 1;
    while at < tokens.len() {
        let one = spelling::pair(&tokens[at - 1].word, &tokens[at].word);
        if let Some(one) = one.filter(|_| tokens[at].before == Break::None) {
            tokens[at - 1].word = one.into();
            tokens.remove(at);
        } else {
            at += 1;
        }
    }
}
