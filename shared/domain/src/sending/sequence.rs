//! Sequences: ordered steps of a day offset, a channel and a fallback (SEQ-1, SEQ-2).

use serde::{Deserialize, Serialize};

use super::Reason;
use crate::{calendar::DayKind, channel::Channel};

/// A sequence has at most this many steps (SEQ-1).
pub const MAX_STEPS: usize = 20;
/// No step lies further out than this many days; a year is longer than any outreach.
pub const MAX_DAY: u16 = 365;

/// What to do when a step's channel is not available to a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fallback {
    /// Leave the step out.
    Skip,
    /// Use another channel.
    Use(Channel),
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Days after the enrolment began.
    pub day: u16,
    /// The channel.
    pub channel: Channel,
    /// What to do when the channel is not available.
    pub fallback: Fallback,
}

/// A validated sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawSequence")]
pub struct Sequence {
    /// How the steps' days are counted (LA-011).
    pub unit: DayKind,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct RawSequence {
    #[serde(default)]
    unit: DayKind,
    steps: Vec<Step>,
}

impl TryFrom<RawSequence> for Sequence {
    type Error = SequenceError;

    fn try_from(raw: RawSequence) -> Result<Self, SequenceError> {
        Self::new(raw.unit, raw.steps)
    }
}

/// Why steps do not make a sequence.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
pub enum SequenceError {
    /// No step, or more than [`MAX_STEPS`].
    #[error("a sequence has 1 to {MAX_STEPS} steps, not {0}")]
    StepCount(usize),
    /// A step is earlier than the one before it.
    #[error("step {step} is on day {day}, before the step ahead of it")]
    OutOfOrder {
        /// Position, from 1.
        step: usize,
        /// The day of the step.
        day: u16,
    },
    /// A step is too far in the future.
    #[error("step {step} is on day {day}, after day {MAX_DAY}")]
    TooFar {
        /// Position, from 1.
        step: usize,
        /// The day of the step.
        day: u16,
    },
    /// A step falls back to its own channel.
    #[error("step {step} falls back to its own channel, {channel}")]
    FallbackToSelf {
        /// Position, from 1.
        step: usize,
        /// The channel.
        channel: Channel,
    },
}

impl Sequence {
    /// Validates steps.
    ///
    /// # Errors
    /// The first rule that the steps break.
    pub fn new(unit: DayKind, steps: Vec<Step>) -> Result<Self, SequenceError> {
        if steps.is_empty() || steps.len() > MAX_STEPS {
            return Err(SequenceError::StepCount(steps.len()));
        }
        let mut earliest = 0;
        for (index, step) in steps.iter().enumerate() {
            let (position, day) = (index + 1, step.day);
            if day < earliest {
                return Err(SequenceError::OutOfOrder {
                    step: position,
                    day,
                });
            }
            if day > MAX_DAY {
                return Err(SequenceError::TooFar {
                    step: position,
                    day,
                });
            }
            if step.fallback == Fallback::Use(step.channel) {
                return Err(SequenceError::FallbackToSelf {
                    step: position,
                    channel: step.channel,
                });
            }
            earliest = day;
        }
        Ok(Self { unit, steps })
    }

    /// The steps in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The step at `index`, if the sequence is that long.
    #[must_use]
    pub fn step(&self, index: u16) -> Option<&Step> {
        self.steps.get(usize::from(index))
    }
}

impl Default for Sequence {
    /// The default sequence (SEQ-1, AD-001).
    fn default() -> Self {
        let step = |day, channel, fallback| Step {
            day,
            channel,
            fallback,
        };
        Self {
            unit: DayKind::Calendar,
            steps: vec![
                step(0, Channel::Email, Fallback::Skip),
                step(3, Channel::Voice, Fallback::Use(Channel::Email)),
                step(5, Channel::Linkedin, Fallback::Skip),
                step(8, Channel::Email, Fallback::Skip),
                step(12, Channel::Sms, Fallback::Use(Channel::Email)),
            ],
        }
    }
}

/// How a step is carried out for one lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// Carried out on this channel; `because` says why it is the fallback, if it is.
    On {
        /// The channel.
        channel: Channel,
        /// Why the step's own channel was not available.
        because: Option<Reason>,
    },
    /// Skipped.
    Skip(Reason),
}

impl Step {
    /// Resolves the step against what is available to the lead (SEQ-2). `unavailable` gives the reason why a channel
    /// cannot be used, or nothing when it can. A skipped step keeps the reason of its own channel.
    pub fn resolve(&self, unavailable: impl Fn(Channel) -> Option<Reason>) -> Resolved {
        let Some(reason) = unavailable(self.channel) else {
            return Resolved::On {
                channel: self.channel,
                because: None,
            };
        };
        match self.fallback {
            Fallback::Use(channel) if unavailable(channel).is_none() => Resolved::On {
                channel,
                because: Some(reason),
            },
            Fallback::Use(_) | Fallback::Skip => Resolved::Skip(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seq_1_the_default_sequence_is_valid_and_in_order() {
        let default = Sequence::default();
        assert_eq!(
            Sequence::new(default.unit, default.steps().to_vec()).unwrap(),
            default
        );
        let days: Vec<u16> = default.steps().iter().map(|s| s.day).collect();
        assert_eq!(days, [0, 3, 5, 8, 12]);
    }

    #[test]
    fn seq_1_a_sequence_that_breaks_a_rule_names_the_step() {
        let step = |day| Step {
            day,
            channel: Channel::Email,
            fallback: Fallback::Skip,
        };
        let new = |steps| Sequence::new(DayKind::Calendar, steps).unwrap_err();
        assert_eq!(new(vec![]), SequenceError::StepCount(0));
        assert_eq!(new(vec![step(0); 21]), SequenceError::StepCount(21));
        assert_eq!(
            new(vec![step(3), step(2)]),
            SequenceError::OutOfOrder { step: 2, day: 2 }
        );
        let own = Step {
            fallback: Fallback::Use(Channel::Email),
            ..step(0)
        };
        assert_eq!(
            new(vec![own]),
            SequenceError::FallbackToSelf {
                step: 1,
                channel: Channel::Email
            }
        );
    }

    #[test]
    fn seq_2_a_fallback_applies_when_the_channel_is_unavailable_and_says_why() {
        let step = Step {
            day: 3,
            channel: Channel::Voice,
            fallback: Fallback::Use(Channel::Email),
        };
        let built = |c| (c == Channel::Voice).then_some(Reason::ChannelNotBuilt);
        assert_eq!(
            step.resolve(built),
            Resolved::On {
                channel: Channel::Email,
                because: Some(Reason::ChannelNotBuilt)
            }
        );
        assert_eq!(
            step.resolve(|_| Some(Reason::NoAddress)),
            Resolved::Skip(Reason::NoAddress)
        );
        assert_eq!(
            step.resolve(|_| None),
            Resolved::On {
                channel: Channel::Voice,
                because: None
            }
        );
    }
}
