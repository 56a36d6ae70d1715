//! What can follow from a reply (REP-3): the words for states, answers, tasks and alerts.
//! Which of them follows is decided in [`table`] alone.

mod table;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use table::act;

/// The phase of an enrolment, as far as a reply can change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumIter)]
#[serde(rename_all = "snake_case")]
pub enum EnrolmentPhase {
    /// Its next step is due in time.
    Active,
    /// It waits for a date or a person.
    Paused,
    /// It ended by a reply; nothing more goes out.
    Stopped,
    /// All its steps are done.
    Completed,
}

/// Why the writer's addresses are suppressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuppressReason {
    /// Asked for it: every channel of the tenant, at once (REP-2).
    OptOut,
    /// Declined (REP-3).
    NotInterested,
}

/// Why the address replied from cannot be used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvalidAddress {
    /// It reaches somebody else (REP-3).
    WrongPerson,
}

/// The kind of answer to draft; its wording belongs to the tenant's templates (REP-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The one confirmation of an opt-out, within five minutes, without marketing (R35).
    OptOutConfirmation,
    /// The persona's calendar link.
    CalendarLink,
    /// An answer to what was asked.
    QuestionAnswer,
    /// A next thought, to keep the conversation going.
    Encouragement,
    /// A polite close.
    PoliteClose,
    /// Thanks for the referral.
    ReferralThanks,
    /// The tenant's deliverable, promised to the address given (REP-5).
    Deliverable,
    /// The help text, whatever the subscription (R35).
    Help,
}

/// What a person has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Read the reply and decide (REP-3).
    Review,
    /// Call the lead: a gold label (REP-5) or a missed call.
    CallQueue,
}

/// An alert that is raised at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alert {
    /// A complaint or a threat; only a person answers (REP-3).
    Complaint,
}

/// How long an enrolment waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pause {
    /// Until a person or the lead acts.
    Open,
    /// Until this day, the day of return.
    Until(NaiveDate),
}

/// Everything that follows from one reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// The phase afterwards.
    pub phase: EnrolmentPhase,
    /// Suppression to write before anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppress: Option<SuppressReason>,
    /// Whether the address is marked invalid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invalid: Option<InvalidAddress>,
    /// Answer to draft and queue through the gate (REP-4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// Whether the person referred to becomes a lead.
    #[serde(default)]
    pub new_lead: bool,
    /// Whether the lead is gold-labelled (REP-5).
    #[serde(default)]
    pub gold: bool,
    /// Whether this channel and number are restored (REP-4a).
    #[serde(default)]
    pub restore: bool,
    /// Task for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
    /// Alert to raise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<Alert>,
    /// How long the enrolment waits, if it pauses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause: Option<Pause>,
}
