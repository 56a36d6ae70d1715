//! Weekly windows: for each weekday, up to three half-open spans of local minutes.
//! It refuses spans that are empty, overlap, leave the day, or lie outside a legal bound.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Minutes in a civil day.
pub const DAY_MINUTES: u16 = 1_440;

/// Most spans that one day may have: morning, afternoon, evening.
pub const MAX_SPANS: usize = 3;

/// Weekday names in the order of the week, as used in settings.
pub const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A half-open span of local minutes after midnight: `09:00-17:00` includes 09:00 and excludes 17:00 (R1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Span {
    from: u16,
    to: u16,
}

/// Why a window or a span is refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
pub enum WindowError {
    /// Not `HH:MM-HH:MM` with the first before the second and the second at most 24:00.
    #[error("'{0}' is not a span such as 09:00-17:00")]
    NotASpan(String),
    /// Not one of `mon` to `sun`.
    #[error("'{0}' is not a weekday: use mon, tue, wed, thu, fri, sat or sun")]
    NotAWeekday(String),
    /// More than [`MAX_SPANS`] spans on one day.
    #[error("{day} has {count} spans, at most 3 are possible")]
    TooManySpans {
        /// The weekday.
        day: &'static str,
        /// How many spans were given.
        count: usize,
    },
    /// Two spans of a day overlap or are out of order.
    #[error("{day} has spans that overlap or are not ascending: {first} and {second}")]
    Overlap {
        /// The weekday.
        day: &'static str,
        /// The earlier span in the list.
        first: Span,
        /// The one behind it.
        second: Span,
    },
    /// No day has a span, so that nothing could ever be sent.
    #[error("the window is empty on every day")]
    Empty,
    /// A span leaves the legal bound of a jurisdiction (WIN-1).
    #[error("{day} {span} leaves the legal hours {bound}")]
    OutsideLaw {
        /// The weekday.
        day: &'static str,
        /// The span that was asked for.
        span: Span,
        /// What the law allows on that day: a span, or `none`.
        bound: String,
    },
}

/// A weekly window in local time, Monday first. Serialised as `{"mon": ["09:00-12:00", "13:00-17:00"], ...}`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(into = "Weekly", try_from = "Weekly")]
pub struct Window {
    days: [[Span; MAX_SPANS]; 7],
}

/// The hours that the law of a jurisdiction leaves, Monday first: at most one span a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bound(pub [Option<Span>; 7]);

type Weekly = BTreeMap<String, Vec<Span>>;

impl Span {
    /// Unused places of a day hold this; it contains no minute.
    const NONE: Self = Self { from: 0, to: 0 };

    /// The whole day.
    pub const ALL_DAY: Self = Self {
        from: 0,
        to: DAY_MINUTES,
    };

    /// A span between full hours. For constants: an impossible pair gives a span without a minute.
    #[must_use]
    pub const fn hours(from: u16, to: u16) -> Self {
        if from < to && to <= 24 {
            Self {
                from: from * 60,
                to: to * 60,
            }
        } else {
            Self::NONE
        }
    }

    /// The span from minute `from` to before minute `to`, if it has a minute and lies within the day.
    #[must_use]
    pub const fn minutes(from: u16, to: u16) -> Option<Self> {
        if from < to && to <= DAY_MINUTES {
            Some(Self { from, to })
        } else {
            None
        }
    }

    /// First minute.
    #[must_use]
    pub const fn from(self) -> u16 {
        self.from
    }

    /// First minute after it.
    #[must_use]
    pub const fn to(self) -> u16 {
        self.to
    }

    fn common(self, other: Self) -> Option<Self> {
        Self::minutes(self.from.max(other.from), self.to.min(other.to))
    }

    const fn is_empty(self) -> bool {
        self.from >= self.to
    }
}

impl Window {
    /// The same spans on each day from Monday to Friday and others on Saturday; Sunday off.
    pub(super) const fn week(weekday: [Span; MAX_SPANS], saturday: [Span; MAX_SPANS]) -> Self {
        let none = [Span::NONE; MAX_SPANS];
        Self {
            days: [weekday, weekday, weekday, weekday, weekday, saturday, none],
        }
    }

    /// One span from Monday to Friday, for constants.
    pub(super) const fn weekdays(span: Span) -> Self {
        Self::week([span, Span::NONE, Span::NONE], [Span::NONE; MAX_SPANS])
    }

    /// A window from its spans per day, Monday first.
    ///
    /// # Errors
    /// [`WindowError`] when a day has too many spans, spans overlap or descend, or no day has any.
    pub fn new(days: [&[Span]; 7]) -> Result<Self, WindowError> {
        let mut window = Self {
            days: [[Span::NONE; MAX_SPANS]; 7],
        };
        for (i, spans) in days.into_iter().enumerate() {
            let day = WEEKDAYS[i];
            if spans.len() > MAX_SPANS {
                return Err(WindowError::TooManySpans {
                    day,
                    count: spans.len(),
                });
            }
            for pair in spans.windows(2) {
                if pair[0].to > pair[1].from {
                    let (first, second) = (pair[0], pair[1]);
                    return Err(WindowError::Overlap { day, first, second });
                }
            }
            window.days[i][..spans.len()].copy_from_slice(spans);
        }
        if window.is_empty() {
            Err(WindowError::Empty)
        } else {
            Ok(window)
        }
    }

    /// The spans of a weekday (0 is Monday), ascending.
    pub fn day(&self, weekday: usize) -> impl Iterator<Item = Span> {
        self.days[weekday % 7]
            .into_iter()
            .filter(|span| !span.is_empty())
    }

    /// Whether no day has a span.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.days.iter().flatten().all(|span| span.is_empty())
    }

    /// What is left of the window inside `bound`; the stricter of both wins (WIN-1). It may be empty.
    #[must_use]
    pub fn clip(&self, bound: &Bound) -> Self {
        if *bound == Bound::FREE {
            return *self;
        }
        let mut clipped = Self {
            days: [[Span::NONE; MAX_SPANS]; 7],
        };
        for (i, allowed) in bound.0.iter().enumerate() {
            let kept = self.day(i).filter_map(|span| span.common((*allowed)?));
            for (slot, span) in clipped.days[i].iter_mut().zip(kept) {
                *slot = span;
            }
        }
        clipped
    }

    /// Accepts the window only if it lies wholly inside `bound` (WIN-1: a tenant may move a window, never
    /// outside the legal bound).
    ///
    /// # Errors
    /// [`WindowError::OutsideLaw`] with the first span that leaves it.
    pub fn within_law(self, bound: &Bound) -> Result<Self, WindowError> {
        for (i, allowed) in bound.0.iter().enumerate() {
            for span in self.day(i) {
                if allowed.and_then(|a| span.common(a)) != Some(span) {
                    let bound = allowed.map_or_else(|| "none".into(), |a| a.to_string());
                    return Err(WindowError::OutsideLaw {
                        day: WEEKDAYS[i],
                        span,
                        bound,
                    });
                }
            }
        }
        Ok(self)
    }
}

impl Bound {
    /// No limit at all.
    pub const FREE: Self = Self([Some(Span::ALL_DAY); 7]);

    /// One span from Monday to Friday, one on Saturday, one on Sunday.
    #[must_use]
    pub const fn new(weekday: Span, saturday: Option<Span>, sunday: Option<Span>) -> Self {
        let d = Some(weekday);
        Self([d, d, d, d, d, saturday, sunday])
    }

    /// The hours that both leave.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut both = *self;
        for (mine, theirs) in both.0.iter_mut().zip(other.0) {
            *mine = mine.zip(theirs).and_then(|(a, b)| a.common(b));
        }
        both
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (a, b) = (self.from, self.to);
        write!(f, "{:02}:{:02}-{:02}:{:02}", a / 60, a % 60, b / 60, b % 60)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Span {
    type Err = WindowError;

    fn from_str(text: &str) -> Result<Self, WindowError> {
        text.split_once('-')
            .and_then(|(from, to)| Self::minutes(minute(from)?, minute(to)?))
            .ok_or_else(|| WindowError::NotASpan(text.to_owned()))
    }
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    if !two_digits(hour) || !two_digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour <= 24).then_some(hour * 60 + minute)
}

impl TryFrom<String> for Span {
    type Error = WindowError;

    fn try_from(text: String) -> Result<Self, WindowError> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl TryFrom<Weekly> for Window {
    type Error = WindowError;

    fn try_from(weekly: Weekly) -> Result<Self, WindowError> {
        if let Some(wrong) = weekly.keys().find(|key| !WEEKDAYS.contains(&key.as_str())) {
            return Err(WindowError::NotAWeekday(wrong.clone()));
        }
        Self::new(WEEKDAYS.map(|day| weekly.get(day).map_or(&[][..], Vec::as_slice)))
    }
}

impl From<Window> for Weekly {
    fn from(window: Window) -> Self {
        WEEKDAYS
            .into_iter()
            .enumerate()
            .map(|(i, day)| (day.to_owned(), window.day(i).collect::<Vec<_>>()))
            .filter(|(_, spans)| !spans.is_empty())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Result<Window, String> {
        serde_json::from_str(json).map_err(|e| e.to_string())
    }

    #[test]
    fn a_window_survives_its_json_form() {
        let json = r#"{"mon":["09:00-12:00","13:00-17:30"],"sat":["10:00-24:00"]}"#;
        assert_eq!(serde_json::to_string(&parse(json).unwrap()).unwrap(), json);
    }

    #[test]
    fn a_malformed_window_is_refused_and_the_value_is_named() {
        for (json, part) in [
            (r#"{"mon":["9-17"]}"#, "'9-17'"),
            (r#"{"mon":["17:00-09:00"]}"#, "'17:00-09:00'"),
            (r#"{"mon":["09:00-24:01"]}"#, "'09:00-24:01'"),
            (r#"{"mon":["+9:00-10:00"]}"#, "'+9:00-10:00'"),
            (r#"{"monday":["09:00-10:00"]}"#, "'monday'"),
            (
                r#"{"tue":["09:00-12:00","11:00-13:00"]}"#,
                "09:00-12:00 and 11:00-13:00",
            ),
            (
                r#"{"tue":["01:00-02:00","03:00-04:00","05:00-06:00","07:00-08:00"]}"#,
                "4 spans",
            ),
            (r"{}", "empty"),
        ] {
            let error = parse(json).unwrap_err();
            assert!(error.contains(part), "{json}: {error}");
        }
    }

    #[test]
    fn win_1_a_window_outside_the_law_is_refused_or_clipped() {
        let bound = Bound::new(Span::hours(9, 20), Some(Span::hours(9, 17)), None);
        let wide = parse(r#"{"fri":["08:00-12:00","13:00-21:00"],"sun":["10:00-11:00"]}"#).unwrap();
        let error = wide.within_law(&bound).unwrap_err().to_string();
        assert_eq!(error, "fri 08:00-12:00 leaves the legal hours 09:00-20:00");
        let clipped = parse(r#"{"fri":["09:00-12:00","13:00-20:00"]}"#).unwrap();
        assert_eq!(wide.clip(&bound), clipped);
        assert_eq!(clipped.within_law(&bound), Ok(clipped));
    }
}
