//! What a person does with a conversation besides answering it.

use chrono::{DateTime, Utc};
use touchline_domain::inbox::{Bucket, Conversation};

use super::{Conversations, Tasks, Which, end_tasks};
use crate::{
    desk::{Actor, Changed, Versioned, document},
    ports::PortError,
};

/// A conversation after an act.
type Acted = Result<Changed<Versioned<Conversation>>, PortError>;

/// Gives it to somebody, or takes it back from everybody.
///
/// # Errors
/// A port is not available.
pub async fn assign<P: Conversations>(
    inbox: &P,
    by: &Actor,
    which: Which<'_>,
    to: Option<&str>,
) -> Acted {
    change(inbox, by, which, |talk| talk.assign(to)).await
}

/// Notes that everything in it was read.
///
/// # Errors
/// A port is not available.
pub async fn read<P: Conversations>(inbox: &P, by: &Actor, which: Which<'_>) -> Acted {
    change(inbox, by, which, Conversation::read).await
}

/// Puts it off; it comes back at `until`, or with the next message.
///
/// # Errors
/// A port is not available.
pub async fn snooze<P: Conversations>(
    inbox: &P,
    by: &Actor,
    which: Which<'_>,
    until: DateTime<Utc>,
) -> Acted {
    change(inbox, by, which, |talk| talk.snooze(until)).await
}

/// Files it in another bucket.
///
/// # Errors
/// A port is not available.
pub async fn file<P: Conversations>(
    inbox: &P,
    by: &Actor,
    which: Which<'_>,
    bucket: Bucket,
    now: DateTime<Utc>,
) -> Acted {
    change(inbox, by, which, |talk| talk.file(bucket, &by.name, now)).await
}

/// Closes it, until its lead writes again. What was to be done about it is done: its tasks end first, so that none is left
/// over behind a closed conversation.
///
/// # Errors
/// A port is not available.
pub async fn close<P: Conversations + Tasks>(
    inbox: &P,
    by: &Actor,
    which: Which<'_>,
    now: DateTime<Utc>,
) -> Acted {
    let Some(found) = inbox.read(which.tenant, which.lead).await? else {
        return Ok(Changed::NoSuch);
    };
    if which.seen.is_some_and(|seen| seen != found.version) {
        return Ok(Changed::Contended(found));
    }
    end_tasks(inbox, &by.name, which.tenant, which.lead, now).await?;
    change(inbox, by, which, Conversation::close).await
}

/// Makes a change on the conversation, which counts its own versions.
pub(super) async fn change<P: Conversations>(
    inbox: &P,
    by: &Actor,
    which: Which<'_>,
    act: impl Fn(&mut Conversation) + Send + Sync,
) -> Acted {
    document::change(inbox, by, which.document(), |talk: &mut Conversation| {
        let before = talk.clone();
        act(talk);
        if *talk != before {
            talk.version += 1;
        }
        true
    })
    .await
}
