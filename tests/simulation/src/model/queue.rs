//! The channel queues: at least once, in no certain order, with a visibility time-out and a dead-letter queue after
//! five receives. A message that was deleted stays in the list, marked, so that its number stays valid.

use chrono::{DateTime, Duration, Utc};
use touchline_domain::{channel::Channel, ids::LeadId};
use touchline_engine::job::TouchJob;

/// A message that was received and not deleted comes back after this, as the queues are set up.
pub const VISIBILITY_SECS: i64 = 180;
/// A message that was received this often goes to the dead-letter queue (SEND-3).
pub const MAX_RECEIVES: u32 = 5;

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In its queue; hidden until its time.
    Queued,
    /// Deleted.
    Gone,
    /// In the dead-letter queue.
    Dead,
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its queue.
    pub channel: Channel,
    /// What it says.
    pub job: TouchJob,
    /// From when it can be received.
    pub visible_at: DateTime<Utc>,
    /// How often it was received.
    pub receives: u32,
    /// Where it is.
    pub place: Place,
}

/// All channel queues.
#[derive(Clone, Debug, Default)]
pub struct Queues(Vec<Message>);

impl Queues {
    /// Puts a message in a queue; answers its number.
    pub fn put(&mut self, channel: Channel, job: TouchJob, visible_at: DateTime<Utc>) -> usize {
        self.0.push(Message {
            channel,
            job,
            visible_at,
            receives: 0,
            place: Place::Queued,
        });
        self.0.len() - 1
    }

    /// Receives a message if it can be received now. The sixth receive moves it to the dead-letter queue instead.
    pub fn receive(&mut self, number: usize, now: DateTime<Utc>) -> Option<(Channel, TouchJob)> {
        let message = self
            .0
            .get_mut(number)
            .filter(|m| m.place == Place::Queued && m.visible_at <= now)?;
        if message.receives == MAX_RECEIVES {
            message.place = Place::Dead;
            return None;
        }
        message.receives += 1;
        message.visible_at = now + Duration::seconds(VISIBILITY_SECS);
        Some((message.channel, message.job.clone()))
    }

    /// Deletes a message.
    pub fn delete(&mut self, number: usize) {
        if let Some(message) = self.0.get_mut(number).filter(|m| m.place == Place::Queued) {
            message.place = Place::Gone;
        }
    }

    /// Hides a message until `at`; answers whether it still is in its queue.
    pub fn hide(&mut self, number: usize, at: DateTime<Utc>) -> bool {
        match self.0.get_mut(number).filter(|m| m.place == Place::Queued) {
            Some(message) => {
                message.visible_at = at;
                true
            }
            None => false,
        }
    }

    /// Whether some other message could be received now.
    #[must_use]
    pub fn is_contended(&self, number: usize, now: DateTime<Utc>) -> bool {
        let recent = self.0.len().saturating_sub(64);
        self.0[recent..].iter().zip(recent..).any(|(m, n)| {
            n != number && m.place == Place::Queued && m.receives == 0 && m.visible_at <= now
        })
    }

    /// Whether a message for a lead is in a queue.
    #[must_use]
    pub fn holds(&self, wanted: &LeadId) -> bool {
        self.0.iter().any(|message| {
            let TouchJob::V1 { lead, .. } = &message.job;
            message.place == Place::Queued && lead == wanted
        })
    }

    /// Every message that ever was.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn send_3_a_message_goes_to_the_dead_letter_queue_after_five_receives() {
        let tenant = "acme".parse().unwrap();
        let lead = LeadId::derive(&tenant, "a@b.co");
        let mut queues = Queues::default();
        let mut now = DateTime::UNIX_EPOCH;
        let n = queues.put(
            Channel::Email,
            TouchJob::V1 {
                tenant,
                lead,
                due_at: now,
            },
            now,
        );
        for _ in 0..MAX_RECEIVES {
            assert!(queues.receive(n, now).is_some());
            assert!(
                queues.receive(n, now).is_none(),
                "hidden while somebody works on it"
            );
            now += Duration::seconds(VISIBILITY_SECS);
        }
        assert!(queues.receive(n, now).is_none());
        assert_eq!(queues.messages()[n].place, Place::Dead);
    }
}
