//! Understanding replies: a deterministic classifier, with no model and no network (REP-1, REP-2).
//! Text is cleaned, folded, cut into words and matched against cue phrases; one table decides between them.
//! It does not guess: an uncertain reading has a confidence below [`REVIEW_BELOW`].

mod actions;
mod auto_reply;
mod clean;
mod confidence;
mod extract;
mod fold;
mod intent;
mod judgement;
mod keywords;
mod lexicon;
pub mod model;
mod optout;
mod phrase;
mod precedence;
mod rules;
mod signals;
mod spelling;
mod tapback;
mod tokens;
mod words;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use actions::{
    Action, Alert, Answer, EnrolmentPhase, InvalidAddress, Pause, SuppressReason, Task, act,
};
pub use auto_reply::AutoHeaders;
pub use confidence::REVIEW_BELOW;
pub use extract::{Extracted, ReferredPerson};
pub use intent::{Intent, Keyword};

use crate::{channel::Channel, country::Country};
use auto_reply::Machine;
use extract::email::FoundEmail;
use judgement::Judged;
use signals::{Signals, Strength};
use tokens::Token;

/// An inbound message as a provider delivered it.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// The channel on which it came.
    pub channel: Channel,
    /// Its body: plain text or HTML, with or without a quoted thread.
    pub text: &'a str,
    /// The subject of an e-mail.
    pub subject: Option<&'a str>,
    /// The headers that tell a machine from a person.
    pub headers: AutoHeaders<'a>,
    /// When it was received, for "back on Monday"; read as a UTC day.
    pub received_at: Option<DateTime<Utc>>,
    /// The writer's country, for `1/12` and national telephone numbers; Australia if unknown.
    pub region: Option<Country>,
}

impl<'a> Reply<'a> {
    /// A reply of which only channel and text are known.
    #[must_use]
    pub fn new(channel: Channel, text: &'a str) -> Self {
        Self {
            channel,
            text,
            subject: None,
            headers: AutoHeaders::default(),
            received_at: None,
            region: None,
        }
    }
}

/// What a reply means (REP-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Classification {
    /// The one intent that decides what happens.
    pub intent: Intent,
    /// How sure that is, 0..=100; below [`REVIEW_BELOW`] a person decides (REP-3).
    pub confidence: u8,
    /// Whether the writer asks not to be contacted; it acts at any confidence (REP-2).
    pub opt_out: bool,
    /// A complaint or a threat beside another intent: a person is told at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub complaint: bool,
    /// Whether a mail system and not a person wrote it (R29).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
    /// The keyword that was the whole message (R34, R35).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyword: Option<Keyword>,
    /// The words that decided, folded.
    pub evidence: Vec<String>,
    /// Other data in the reply.
    pub extracted: Extracted,
}

/// Classifies one reply (REP-1). Pure, without a model call, and never panics on any text.
#[must_use]
pub fn classify(reply: &Reply<'_>) -> Classification {
    let machine = auto_reply::machine(&reply.headers, reply.subject);
    let own = clean::own_words(reply.text);
    if let Some((intent, verb)) = tapback::reaction(&own) {
        return reacted(intent, verb);
    }
    let emails = extract::email::find(&own);
    let tokens = tokens::tokenize(&own, &emails, rules::RULES.book.lexicon());
    let signals = Signals::read(&own, &tokens);
    let judged = judge(&signals, machine, reply.subject, &tokens);
    let intent = judged.intent;
    let strength = precedence::strength_of(&signals, intent);
    Classification {
        intent,
        confidence: judged.confidence,
        opt_out: judged.opt_out,
        complaint: complains(&signals, intent),
        automatic: machine.is_some() || intent == Intent::Bounce,
        keyword: signals.keyword.filter(|_| machine.is_none()),
        evidence: if judged.by_model {
            model::words(&tokens, model::column(intent))
        } else {
            evidence(&signals, intent, &strength, &tokens)
        },
        extracted: extracted(reply, intent, &strength, &own, emails, &tokens),
    }
}

fn words_of(text: &str) -> Vec<Token<'_>> {
    let emails = extract::email::find(text);
    tokens::tokenize(text, &emails, rules::RULES.book.lexicon())
}

/// The phrases decide; where something else could be meant, the model is consulted too.
fn judge(
    signals: &Signals,
    machine: Option<Machine>,
    subject: Option<&str>,
    tokens: &[Token<'_>],
) -> Judged {
    let intent = decided(signals, machine);
    let opt_out = opts_out(signals, intent, machine);
    if machine.is_some() {
        return Judged::by_phrases(intent, CERTAIN, opt_out);
    }
    let strength = precedence::strength_of(signals, intent);
    let phrases = Judged::by_phrases(intent, confidence::of(signals, intent, &strength), opt_out);
    let certain = signals.keyword.is_some() || keywords::opens_with_stop(tokens);
    if phrases.stands() || certain || signals.stop_foreign {
        return phrases;
    }
    let subject = own_subject(subject).unwrap_or_default();
    let heading = words_of(subject);
    if !opt_out {
        let asked_above = Signals::read(subject, &heading).stop.weight;
        if asked_above > 0 {
            return Judged::by_phrases(Intent::OptOut, asked_above, true);
        }
    }
    let model = model::judge(tokens, &heading);
    let best_part = |part| model::likeliest(part, tokens);
    if opt_out {
        phrases.requested(&model, best_part)
    } else {
        phrases.with(signals, &model, best_part)
    }
}

/// A subject that the writer chose; that of an answer is ours, quoted back.
fn own_subject(subject: Option<&str>) -> Option<&str> {
    const ANSWERS: [&str; 10] = [
        "re", "fw", "fwd", "aw", "wg", "sv", "vs", "antw", "rv", "tr",
    ];
    let subject = subject?.trim();
    let quoted = subject
        .split_once(':')
        .is_some_and(|(head, _)| ANSWERS.iter().any(|a| head.trim().eq_ignore_ascii_case(a)));
    (!quoted && !subject.is_empty()).then_some(subject)
}

/// Confidence where headers or a whole reaction decide.
const CERTAIN: u8 = 97;

fn reacted(intent: Intent, verb: &str) -> Classification {
    Classification {
        intent,
        confidence: if intent == Intent::Other { 75 } else { 85 },
        opt_out: false,
        complaint: false,
        automatic: false,
        keyword: None,
        evidence: vec![verb.to_owned()],
        extracted: Extracted::default(),
    }
}

fn decided(signals: &Signals, machine: Option<Machine>) -> Intent {
    let by_text = precedence::decide(signals);
    match machine {
        None => by_text,
        Some(Machine::Report) => Intent::Bounce,
        Some(Machine::AutoReply) => match by_text {
            Intent::Bounce | Intent::WrongPerson | Intent::Referral => by_text,
            _ => Machine::AutoReply.intent(),
        },
    }
}

/// Text from a machine opts nobody out: automatic replies contain newsletter footers (R29).
fn opts_out(signals: &Signals, intent: Intent, machine: Option<Machine>) -> bool {
    machine.is_none()
        && intent != Intent::Bounce
        && (signals.stop.weight > 0 || signals.dismissal.weight > 0)
}

fn complains(signals: &Signals, intent: Intent) -> bool {
    intent == Intent::AngryOrComplaint
        || (intent == Intent::OptOut && signals.of(Intent::AngryOrComplaint).weight >= REVIEW_BELOW)
}

fn evidence(
    signals: &Signals,
    intent: Intent,
    strength: &Strength,
    tokens: &[Token<'_>],
) -> Vec<String> {
    let mut words = Signals::words(strength, tokens);
    if words.is_empty() && intent == Intent::EmailCapture {
        words.extend(
            tokens
                .iter()
                .filter(|t| t.class.intersects(tokens::Class::EMAIL))
                .map(|t| t.raw.to_lowercase()),
        );
    }
    if signals.dismissal.weight > 0 && intent == Intent::AngryOrComplaint {
        words.extend(Signals::words(&signals.dismissal, tokens));
        words.dedup();
    }
    words
}

fn extracted(
    reply: &Reply<'_>,
    intent: Intent,
    strength: &Strength,
    own: &str,
    found: Vec<FoundEmail>,
    tokens: &[Token<'_>],
) -> Extracted {
    let mut emails: Vec<String> = Vec::new();
    for found in found {
        if !emails.contains(&found.address) {
            emails.push(found.address);
        }
    }
    let phones = extract::phone::find(own, reply.region.unwrap_or(Country::AU));
    let received = reply.received_at.map(|at| at.date_naive());
    let away = intent == Intent::OutOfOffice;
    let refers = away || intent == Intent::Referral;
    Extracted {
        return_date: away
            .then(|| extract::date::return_date(tokens, received, reply.region))
            .flatten(),
        referred: (intent == Intent::Referral)
            .then(|| extract::person::referred(tokens, strength.first, &emails, &phones))
            .flatten(),
        preferred_time: (!refers)
            .then(|| extract::time::preferred(own, tokens))
            .flatten(),
        emails,
        phones,
    }
}
