//! The time that a reply proposes, in the writer's own words: "Tuesday 3pm", "tomorrow afternoon".
//! It is not turned into an instant; that is done when a meeting is booked.

use crate::replies::tokens::{Break, Class, Token};

const BEGIN: Class = Class::TIME.with(Class::DAY);
/// Words that belong to a time once it has begun.
const WITHIN: &[&str] = &[
    "at",
    "or",
    "and",
    "between",
    "around",
    "about",
    "after",
    "before",
    "from",
    "to",
    "until",
    "morning",
    "afternoon",
    "evening",
    "night",
    "lunch",
    "next",
    "this",
    "week",
    "noon",
    "midday",
    "early",
    "late",
    "mid",
    "of",
    "the",
    "on",
    "pm",
    "am",
    "aest",
    "aedt",
    "awst",
    "acst",
    "acdt",
    "est",
    "edt",
    "pst",
    "pdt",
    "cst",
    "cdt",
    "mst",
    "onwards",
    "any",
    "time",
    "anytime",
    "month",
];
/// Words with which a time may begin when something of it follows.
const OPENING: &[&str] = &[
    "next", "this", "early", "late", "mid", "after", "before", "between", "around", "any",
];
const LOOSE: &[&str] = &[
    "week",
    "month",
    "afternoon",
    "morning",
    "evening",
    "lunch",
    "weekend",
];

/// The first time named in `text`, as written.
pub(in crate::replies) fn preferred(text: &str, tokens: &[Token<'_>]) -> Option<String> {
    let at = tokens.iter().position(|t| t.class.intersects(BEGIN));
    let (mut start, mut end) = match at {
        Some(at) => (at, at + 1),
        None => loose(tokens)?,
    };
    while start > 0
        && tokens[start].before == Break::None
        && OPENING.contains(&tokens[start - 1].word.as_ref())
    {
        start -= 1;
    }
    let mut reach = end;
    while reach < tokens.len() && tokens[reach].before != Break::Sentence {
        let token = &tokens[reach];
        let counts = token.class.intersects(
            BEGIN
                .with(Class::NUMBER)
                .with(Class::MONTH)
                .with(Class::DATE),
        ) || LOOSE.contains(&token.word.as_ref());
        if counts {
            end = reach + 1;
        } else if !WITHIN.contains(&token.word.as_ref()) {
            break;
        }
        reach += 1;
    }
    let last = tokens.get(end - 1)?;
    text.get(tokens[start].at..last.at + last.raw.len())
        .map(|words| words.trim().to_owned())
}

/// "next week", "this afternoon": a time without a day or a clock.
fn loose(tokens: &[Token<'_>]) -> Option<(usize, usize)> {
    tokens.windows(2).enumerate().find_map(|(at, pair)| {
        let opens = OPENING.contains(&pair[0].word.as_ref());
        (opens && LOOSE.contains(&pair[1].word.as_ref())).then_some((at, at + 2))
    })
}
