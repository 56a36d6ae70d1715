//! A person's answer to a lead (INB-1).

use chrono::{DateTime, Utc};
use touchline_domain::{channel::Channel, ids::TouchId, inbox::Conversation};

use super::{Conversations, Tasks, Which, act::change, end_tasks};
use crate::{
    desk::{Actor, Change, Changed, Versioned},
    ports::{Journeys, PortError, Saved},
    reply::by_hand::{self, Words},
};

/// Others who change the conversation at the same moment make an answer that was made from no certain version begin again
/// this often.
const TRIES: usize = 8;

/// What a person answers.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The text.
    pub text: &'a str,
    /// On which channel; on that of the last message if not said.
    pub channel: Option<Channel>,
}

/// The answer to an answer.
#[expect(
    clippy::large_enum_variant,
    reason = "an answer is made once and read at once"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replied {
    /// It waits in the channel's queue and leaves when the gate lets it.
    Queued {
        /// The touch that it will be.
        touch: TouchId,
        /// On which channel.
        channel: Channel,
        /// What became of the conversation.
        conversation: Change<Versioned<Conversation>>,
    },
    /// It says nothing.
    NoWords,
    /// The lead is in no campaign, so nothing is known of how to write to it.
    InNoCampaign,
    /// Somebody else changed the conversation since the person looked: they may have answered. Look again.
    Contended(Versioned<Conversation>),
    /// There is no such conversation.
    NoSuch,
}

/// Answers a conversation: the text leaves through the queue and the gate, in place of any automatic answer that waits.
///
/// Of two people who answer the same version one does. The words are in the journey before the conversation counts as
/// answered, so a crash in between leaves it waiting and not forgotten. What the lead writes meanwhile was not answered: it
/// still waits.
///
/// # Errors
/// A port is not available.
pub async fn reply<I, P>(
    inbox: &I,
    leads: &P,
    by: &Actor,
    which: Which<'_>,
    answer: Answer<'_>,
    now: DateTime<Utc>,
) -> Result<Replied, PortError>
where
    I: Conversations + Tasks,
    P: Journeys,
{
    if answer.text.trim().is_empty() {
        return Ok(Replied::NoWords);
    }
    let before = match claim(inbox, which).await? {
        Claim::Ours(before) => before,
        Claim::Contended(found) => return Ok(Replied::Contended(found)),
        Claim::NoSuch => return Ok(Replied::NoSuch),
    };
    let words = Words {
        channel: answer.channel.unwrap_or(before.value.channel),
        text: answer.text,
        by: &by.name,
    };
    let touch = by_hand::answer(leads, which.tenant, which.lead, words, now).await?;
    let Some(touch) = touch else {
        return Ok(Replied::InNoCampaign);
    };
    end_tasks(inbox, &by.name, which.tenant, which.lead, now).await?;
    let latest = Which {
        seen: None,
        ..which
    };
    let answered = change(inbox, by, latest, |talk| {
        if !has_newer(talk, &before.value) {
            talk.answered();
        }
    });
    let after = match answered.await? {
        Changed::Changed(change) => change.after,
        Changed::Unchanged(talk) | Changed::Contended(talk) | Changed::Refused(talk) => talk,
        Changed::NoSuch => return Ok(Replied::NoSuch),
    };
    Ok(Replied::Queued {
        touch,
        channel: words.channel,
        conversation: Change {
            by: by.clone(),
            before: Some(before),
            after,
        },
    })
}

/// Whether the lead wrote since `seen`; a message that comes late has an earlier time and is unread all the same.
fn has_newer(talk: &Conversation, seen: &Conversation) -> bool {
    talk.last_at > seen.last_at || talk.unread > seen.unread
}

enum Claim {
    /// The conversation as it was; whoever answers that version now is too late.
    Ours(Versioned<Conversation>),
    Contended(Versioned<Conversation>),
    NoSuch,
}

/// Counts the conversation's version on, before anything is written elsewhere.
async fn claim<I: Conversations>(inbox: &I, which: Which<'_>) -> Result<Claim, PortError> {
    let mut tries = 0;
    loop {
        let Some(before) = inbox.read(which.tenant, which.lead).await? else {
            return Ok(Claim::NoSuch);
        };
        if tries == TRIES || which.seen.is_some_and(|seen| seen != before.version) {
            return Ok(Claim::Contended(before));
        }
        let mut claimed = before.value.clone();
        claimed.version += 1;
        let over = Some(before.version);
        let saved = inbox
            .write(which.tenant, which.lead, &claimed, over)
            .await?;
        if saved == Saved::Written {
            return Ok(Claim::Ours(before));
        }
        tries += 1;
    }
}
