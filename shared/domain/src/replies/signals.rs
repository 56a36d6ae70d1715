//! What the phrases, marks and addresses of a reply point to, before anything is decided. A phrase that another one
//! cancels does not appear here.

use strum::EnumCount;

use super::{
    intent::{Intent, Keyword},
    keywords, optout,
    phrase::Match,
    rules::{Cues, RULES, Says},
    tokens::{Break, Class, Token},
};

/// How strongly, how often and where a reply points to one intent.
#[derive(Clone, Debug, Default)]
pub(super) struct Strength {
    /// Of the strongest phrase, 0..=100.
    pub(super) weight: u8,
    /// Phrases that do not overlap.
    pub(super) count: usize,
    /// Position of the first and last word that point to it.
    pub(super) first: usize,
    pub(super) last: usize,
    spans: Vec<(usize, usize)>,
}

impl Strength {
    /// A strength without words of its own.
    pub(super) fn certain(weight: u8) -> Self {
        Self {
            weight,
            count: 1,
            ..Self::default()
        }
    }

    /// Counts a match that was found outside the phrases.
    pub(super) fn take(&mut self, weight: u8, start: usize, end: usize) {
        self.add(weight, start, end);
    }

    fn add(&mut self, weight: u8, start: usize, end: usize) {
        if self.spans.is_empty() {
            self.first = start;
        }
        if self.spans.last().is_none_or(|span| start >= span.1) {
            self.count += 1;
        }
        self.weight = self.weight.max(weight);
        self.first = self.first.min(start);
        self.last = self.last.max(end);
        self.spans.push((start, end));
    }
}

/// All signals of a reply.
#[derive(Debug, Default)]
pub(super) struct Signals {
    intents: [Strength; Intent::COUNT],
    /// Asks us to stop.
    pub(super) stop: Strength,
    /// Tells us to go away by abuse.
    pub(super) dismissal: Strength,
    /// Mentions stopping in a way that a person should look at (R34).
    pub(super) stop_in_doubt: bool,
    /// Asks us to stop in a language that the model hardly knows.
    pub(super) stop_foreign: bool,
    /// Has stop words that another phrase explains as something else.
    pub(super) stop_explained: bool,
    pub(super) keyword: Option<Keyword>,
    /// Position after the last "but" or "however".
    pub(super) contrast: Option<usize>,
    pub(super) email: bool,
    pub(super) length: usize,
}

impl Signals {
    /// The strength of `intent`.
    pub(super) fn of(&self, intent: Intent) -> &Strength {
        &self.intents[intent as usize]
    }

    /// Reads the signals of `text`, cut into `tokens`.
    pub(super) fn read(text: &str, tokens: &[Token<'_>]) -> Self {
        let found = RULES.book.find(tokens);
        let mut signals = Self {
            keyword: keywords::whole_message(text, tokens),
            contrast: contrast(tokens),
            email: tokens.iter().any(|t| t.class.intersects(Class::EMAIL)),
            length: tokens.len(),
            ..Self::default()
        };
        let backs: Vec<Match> = found.iter().copied().filter(takes_something_back).collect();
        for hit in &found {
            signals.weigh(*hit, &backs, tokens);
        }
        signals.questions(&found, tokens);
        if text
            .trim_matches(|c: char| c.is_whitespace())
            .starts_with('?')
            && tokens.is_empty()
        {
            signals.intents[Intent::Question as usize].add(80, 0, 0);
        }
        optout::complete(&mut signals, text, tokens, &found);
        signals
    }

    fn weigh(&mut self, hit: Match, all: &[Match], tokens: &[Token<'_>]) {
        let cues = RULES.cues(hit.entry);
        let one_clause = |f: &&Match| {
            RULES.cues(f.entry).weight > CROSSES_CLAUSES
                || tokens[f.start + 1..f.end.max(f.start + 1)]
                    .iter()
                    .all(|t| t.before == Break::None)
        };
        let strength = match cues.says {
            Says::For(intent) if !taken_back(hit, cues, Says::NotFor(intent), all) => {
                &mut self.intents[intent as usize]
            }
            Says::StopFirmly
                if !all
                    .iter()
                    .filter(one_clause)
                    .any(|f| takes_back(f, hit, cues, Says::Idiom)) =>
            {
                &mut self.stop
            }
            Says::Stop
                if !all.iter().filter(one_clause).any(|f| {
                    (takes_back(f, hit, cues, Says::NotStop) && !turns(tokens, *f, hit))
                        || takes_back(f, hit, cues, Says::Idiom)
                }) =>
            {
                &mut self.stop
            }
            Says::Dismissal => &mut self.dismissal,
            Says::StopFirmly | Says::Stop => {
                self.stop_explained = true;
                return;
            }
            _ => return,
        };
        let asks_about =
            cues.says == Says::Stop && cues.weight <= BARE && is_asked(tokens, hit.start);
        if !(asks_about || cues.negatable && is_negated(tokens, hit.start)) {
            strength.add(cues.weight, hit.start, hit.end);
            self.stop_foreign |= RULES.is_foreign(hit.entry);
        }
    }

    /// A question mark asks, unless its sentence proposes a meeting or is cancelled.
    fn questions(&mut self, found: &[Match], tokens: &[Token<'_>]) {
        const MARK: u8 = 84;
        const MARK_GIVES_WAY: u8 = 91;
        const HINT: u8 = 72;
        for (end, _) in tokens
            .iter()
            .enumerate()
            .filter(|(_, t)| t.class.intersects(Class::QUESTION))
        {
            let start = sentence_start(tokens, end);
            let answered = found.iter().any(|f| {
                let says = RULES.cues(f.entry).says;
                f.start <= end
                    && f.end > start
                    && says == Says::NotFor(Intent::Question)
                    && RULES.cues(f.entry).weight > MARK_GIVES_WAY
            });
            let proposal = &self.intents[Intent::MeetingInterest as usize];
            let meeting =
                proposal.weight > HINT && proposal.spans.iter().any(|s| s.0 <= end && s.1 > start);
            if !answered && !meeting {
                self.intents[Intent::Question as usize].add(MARK, start, end + 1);
            }
        }
    }

    /// The words that count for `strength`, of at most five phrases.
    pub(super) fn words(strength: &Strength, tokens: &[Token<'_>]) -> Vec<String> {
        const MOST_EVIDENCE: usize = 5;
        let mut spans: Vec<(usize, usize)> = strength.spans.clone();
        spans.sort_by_key(|s| (s.0, std::cmp::Reverse(s.1)));
        let mut reach = 0;
        spans.retain(|s| {
            let new = s.1 > reach;
            reach = reach.max(s.1);
            new
        });
        spans
            .iter()
            .take(MOST_EVIDENCE)
            .filter_map(|s| tokens.get(s.0..s.1.min(tokens.len())))
            .map(|words| {
                let words: Vec<&str> = words.iter().map(|t| t.word.as_ref()).collect();
                words.join(" ")
            })
            .filter(|words| !words.is_empty())
            .collect()
    }
}

/// Stop words that mean something else do so within one clause, unless this weight says otherwise.
const CROSSES_CLAUSES: u8 = 95;

fn taken_back(hit: Match, cues: &Cues, by: Says, all: &[Match]) -> bool {
    all.iter().any(|other| takes_back(other, hit, cues, by))
}

fn takes_something_back(found: &Match) -> bool {
    matches!(
        RULES.cues(found.entry).says,
        Says::NotFor(_) | Says::NotStop | Says::Idiom
    )
}

/// Whether the writer addresses us between what would explain a stop word and the word itself: "I don't know who you
/// are but stop", "we never use it so please delete".
fn turns(tokens: &[Token<'_>], explains: Match, hit: Match) -> bool {
    RULES.cues(explains.entry).weight <= CROSSES_CLAUSES
        && tokens
            .get(explains.start + 1..hit.start)
            .is_some_and(|between| {
                between
                    .iter()
                    .any(|t| matches!(t.word.as_ref(), "but" | "please" | "kindly" | "however"))
            })
}

fn takes_back(other: &Match, hit: Match, cues: &Cues, by: Says) -> bool {
    const MARGIN: u8 = 9;
    let back = RULES.cues(other.entry);
    back.says == by
        && other.start < hit.end
        && hit.start < other.end.max(other.start + 1)
        && back.weight.saturating_add(MARGIN) >= cues.weight
}

fn is_negated(tokens: &[Token<'_>], at: usize) -> bool {
    const WINDOW: usize = 4;
    let mut position = at;
    for _ in 0..WINDOW {
        if position == 0 || tokens[position].before != Break::None {
            return false;
        }
        position -= 1;
        let word = tokens[position].word.as_ref();
        if matches!(
            word,
            "not"
                | "no"
                | "never"
                | "without"
                | "hardly"
                | "barely"
                | "neither"
                | "nothing"
                | "nor"
                | "nobody"
        ) {
            let next = tokens.get(position + 1).map_or("", |t| t.word.as_ref());
            return !matches!(
                next,
                "hesitate" | "forget" | "only" | "mind" | "worries" | "problem"
            );
        }
    }
    false
}

/// A stop word alone within a question is only asked about: "will the texts stop if I buy?".
const BARE: u8 = 82;

fn is_asked(tokens: &[Token<'_>], at: usize) -> bool {
    tokens[at..]
        .iter()
        .enumerate()
        .take_while(|(further, t)| *further == 0 || t.before != Break::Sentence)
        .any(|(_, t)| t.class.intersects(Class::QUESTION))
}

fn sentence_start(tokens: &[Token<'_>], end: usize) -> usize {
    (0..=end)
        .rev()
        .find(|at| tokens[*at].before == Break::Sentence)
        .unwrap_or(0)
}

fn contrast(tokens: &[Token<'_>]) -> Option<usize> {
    tokens
        .iter()
        .rposition(|t| {
            matches!(
                t.word.as_ref(),
                "but" | "however" | "though" | "although" | "instead" | "otherwise"
            )
        })
        .map(|at| at + 1)
}
