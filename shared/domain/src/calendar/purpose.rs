//! Why a touch goes out, and the default window that follows from it (WIN-1).

use serde::{Deserialize, Serialize};

use super::hours::{MAX_SPANS, Span, Window};
use crate::channel::Channel;

/// What a touch is for. The channel decides the law; first touches and follow-ups differ in their window.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A step of the sequence.
    FirstTouch(Channel),
    /// An answer, or a follow-up in a conversation that the lead has taken up.
    FollowUp(Channel),
}

const NONE: [Span; MAX_SPANS] = [Span::hours(0, 0); MAX_SPANS];
const EMAIL: Window = Window::weekdays(Span::hours(9, 11));
const SMS: Window = Window::weekdays(Span::hours(9, 17));
const VOICE: Window = Window::week([Span::hours(9, 12), Span::hours(13, 17), NONE[0]], NONE);
const LINKEDIN: Window = {
    let day = [Span::hours(8, 18), NONE[0], NONE[0]];
    Window::week(day, day)
};
const MAIL: Window = Window::weekdays(Span::ALL_DAY);
const FOLLOW_UP: Window = Window::weekdays(Span::hours(9, 20));

impl Purpose {
    /// The channel that it uses.
    #[must_use]
    pub const fn channel(self) -> Channel {
        match self {
            Self::FirstTouch(channel) | Self::FollowUp(channel) => channel,
        }
    }

    /// The window that holds unless the tenant has moved it (WIN-1).
    #[must_use]
    pub const fn default_window(self) -> Window {
        match self {
            Self::FollowUp(_) => FOLLOW_UP,
            Self::FirstTouch(Channel::Email) => EMAIL,
            Self::FirstTouch(Channel::Sms) => SMS,
            Self::FirstTouch(Channel::Voice) => VOICE,
            Self::FirstTouch(Channel::Linkedin) => LINKEDIN,
            Self::FirstTouch(Channel::Mail) => MAIL,
        }
    }

    /// Whether a candidate zone may be set aside when all of them together leave no minute. Never for calls
    /// and texts, whose hours are law.
    #[must_use]
    pub fn may_fall_back(self) -> bool {
        !self.channel().uses_phone()
    }
}
