//! One conversation in the unified inbox (INB-1): unread messages, assignee, how long its writer has been waiting, and
//! the buckets it went through. One record with a version, so that two people at once do not undo each other.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    bucket::{Bucket, Priority},
    record::InboxMessage,
};
use crate::{
    channel::Channel,
    ids::{LeadId, TenantId},
};

/// Moves that are kept in the log; the messages behind older ones stay.
const KEPT_MOVES: usize = 100;
/// Who moves a conversation when a message does.
const BY_REPLY: &str = "reply";

/// Whether a conversation needs attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// Needs attention now.
    Open,
    /// Snoozed until a time, or until the next message.
    Snoozed {
        /// The time at which it comes back.
        until: DateTime<Utc>,
    },
    /// Closed until the next message.
    Closed,
}

/// One entry of the movement log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Time of the move.
    pub at: DateTime<Utc>,
    /// The bucket before; none for the first message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Bucket>,
    /// The bucket after.
    pub to: Bucket,
    /// A person, or `reply`.
    pub by: String,
}

/// All messages with one lead, as one line of the inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// The tenant.
    pub tenant: TenantId,
    /// The lead.
    pub lead: LeadId,
    /// Counts the changes; a change is written only over the version that it was made from.
    pub version: u64,
    /// Whether it needs attention.
    #[serde(flatten)]
    pub status: Status,
    /// The bucket it is in.
    pub bucket: Bucket,
    /// The channel of the last message.
    pub channel: Channel,
    /// What the last message was read as.
    pub intent: String,
    /// When the last message came.
    pub last_at: DateTime<Utc>,
    /// Messages that nobody has read.
    pub unread: u32,
    /// The time since which its writer has been waiting for an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<DateTime<Utc>>,
    /// The person it is assigned to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// The movement log, oldest first.
    pub moves: Vec<Move>,
}

impl Conversation {
    /// The conversation that `message` begins.
    #[must_use]
    pub fn begin(message: &InboxMessage) -> Self {
        let mut begun = Self {
            tenant: message.tenant.clone(),
            lead: message.lead.clone(),
            version: 0,
            status: Status::Open,
            bucket: Bucket::of(message),
            channel: message.channel,
            intent: message.intent.clone(),
            last_at: message.at,
            unread: 0,
            waiting_since: None,
            assignee: None,
            moves: Vec::new(),
        };
        begun.moves.push(Move {
            at: message.at,
            from: None,
            to: begun.bucket,
            by: BY_REPLY.to_owned(),
        });
        begun.receive(message);
        begun
    }

    /// Takes another message. It opens the conversation again; one that came late does not hide a newer one.
    pub fn receive(&mut self, message: &InboxMessage) {
        self.unread = self.unread.saturating_add(1);
        let bucket = Bucket::of(message);
        if bucket.answer_within().is_some() {
            let since = self
                .waiting_since
                .map_or(message.at, |at| at.min(message.at));
            self.waiting_since = Some(since);
        }
        if message.at < self.last_at {
            return;
        }
        self.last_at = message.at;
        self.channel = message.channel;
        self.intent.clone_from(&message.intent);
        self.status = Status::Open;
        self.file(bucket, BY_REPLY, message.at);
        if self.bucket.answer_within().is_none() {
            // Somebody who declined or left no longer waits for an answer.
            self.waiting_since = None;
        }
    }

    /// Moves it to another bucket.
    pub fn file(&mut self, bucket: Bucket, by: &str, now: DateTime<Utc>) {
        if bucket == self.bucket {
            return;
        }
        self.moves.push(Move {
            at: now,
            from: Some(self.bucket),
            to: bucket,
            by: by.to_owned(),
        });
        let too_many = self.moves.len().saturating_sub(KEPT_MOVES);
        self.moves.drain(..too_many);
        self.bucket = bucket;
    }

    /// Assigns it to `to`, or to nobody.
    pub fn assign(&mut self, to: Option<&str>) {
        self.assignee = to.map(str::to_owned);
    }

    /// Marks everything in it as read.
    pub fn read(&mut self) {
        self.unread = 0;
    }

    /// Records that a person answered: its writer no longer waits.
    pub fn answered(&mut self) {
        self.read();
        self.waiting_since = None;
    }

    /// Closes it until the next message.
    pub fn close(&mut self) {
        self.answered();
        self.status = Status::Closed;
    }

    /// Hides it until `until`, or until the next message.
    pub fn snooze(&mut self, until: DateTime<Utc>) {
        self.status = Status::Snoozed { until };
    }

    /// Whether it needs attention at `now`.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        match self.status {
            Status::Open => true,
            Status::Snoozed { until } => until <= now,
            Status::Closed => false,
        }
    }

    /// How urgent it is.
    #[must_use]
    pub fn priority(&self) -> Priority {
        self.bucket.priority()
    }

    /// The time by which a person has to answer; none where nobody waits.
    #[must_use]
    pub fn answer_by(&self) -> Option<DateTime<Utc>> {
        Some(self.waiting_since? + self.bucket.answer_within()?)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use chrono::Duration;

    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::minutes(minutes)
    }

    /// A message read as `intent` with full confidence, `minutes` after the epoch.
    pub(in crate::inbox) fn message(id: &str, intent: &str, minutes: i64) -> InboxMessage {
        let tenant: TenantId = "acme".parse().unwrap();
        InboxMessage {
            id: id.to_owned(),
            lead: LeadId::derive(&tenant, "ana@example.com"),
            tenant,
            at: at(minutes),
            channel: Channel::Email,
            subject: None,
            text: String::new(),
            intent: intent.to_owned(),
            confidence: 95,
            evidence: Vec::new(),
            automatic: false,
            raw_key: String::new(),
        }
    }

    #[test]
    fn a_question_is_due_an_hour_after_the_first_unanswered_message_fup_1() {
        let mut talk = Conversation::begin(&message("e1", "question", 0));
        talk.receive(&message("e2", "question", 30));
        assert_eq!((talk.unread, talk.answer_by()), (2, Some(at(60))));
        talk.answered();
        assert_eq!((talk.unread, talk.answer_by()), (0, None));
        talk.receive(&message("e3", "question", 90));
        assert_eq!(talk.answer_by(), Some(at(150)));
    }

    #[test]
    fn a_message_opens_a_closed_or_sleeping_conversation_again() {
        let mut talk = Conversation::begin(&message("e1", "question", 0));
        talk.close();
        assert!(!talk.is_open(at(1)));
        talk.receive(&message("e2", "thank_you", 5));
        assert!(talk.is_open(at(5)));
        talk.snooze(at(60));
        assert!(!talk.is_open(at(59)) && talk.is_open(at(60)));
        talk.receive(&message("e3", "question", 10));
        assert!(talk.is_open(at(10)));
    }

    #[test]
    fn messages_out_of_order_end_with_the_newest_one_hook_3() {
        let (first, second) = (message("e1", "question", 0), message("e2", "opt_out", 5));
        let mut in_order = Conversation::begin(&first);
        in_order.receive(&second);
        let mut reversed = Conversation::begin(&second);
        reversed.receive(&first);
        for talk in [&in_order, &reversed] {
            assert_eq!((talk.bucket, talk.unread), (Bucket::OptedOut, 2));
            assert_eq!((talk.intent.as_str(), talk.answer_by()), ("opt_out", None));
        }
    }

    #[test]
    fn every_move_is_logged_with_who_made_it_inb_1() {
        let mut talk = Conversation::begin(&message("e1", "other", 0));
        talk.file(Bucket::Hot, "ana", at(3));
        talk.file(Bucket::Hot, "ana", at(4));
        talk.receive(&message("e2", "opt_out", 5));
        let log: Vec<(Option<Bucket>, Bucket, &str)> = talk
            .moves
            .iter()
            .map(|entry| (entry.from, entry.to, entry.by.as_str()))
            .collect();
        assert_eq!(
            log,
            [
                (None, Bucket::Review, "reply"),
                (Some(Bucket::Review), Bucket::Hot, "ana"),
                (Some(Bucket::Hot), Bucket::OptedOut, "reply"),
            ]
        );
    }

    #[test]
    fn the_log_keeps_its_newest_hundred_moves() {
        let mut talk = Conversation::begin(&message("e1", "other", 0));
        for minute in 1..=150 {
            let to = if minute % 2 == 0 {
                Bucket::Review
            } else {
                Bucket::Hot
            };
            talk.file(to, "ana", at(minute));
        }
        assert_eq!(talk.moves.len(), KEPT_MOVES);
        assert_eq!(talk.moves.last().map(|entry| entry.at), Some(at(150)));
    }
}
