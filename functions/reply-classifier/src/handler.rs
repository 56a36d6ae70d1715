//! Reads replies and acts on them. The text of a reply goes into the inbox and into no log.

use touchline_engine::{
    announce::DomainEvent,
    job::EventJob,
    ports::{ChannelQueues, Facts, Journeys, Suppressions},
    reply::{self, Bodies, Inbox, Reading, find::Members, refine::Reader},
};
use touchline_runtime::{
    announcements::Announcements,
    batch::{Handled, Message},
    logging,
    metrics::Metrics,
};

/// Handles one message of the reply queue.
pub async fn handle<P, B, R, M>(
    ports: &P,
    reading: &Reading<'_, B, R, M>,
    announcements: &Announcements,
    message: Message<EventJob>,
) -> Handled
where
    P: Inbox + Journeys + Suppressions + Facts + ChannelQueues,
    B: Bodies,
    R: Reader,
    M: Members,
{
    let EventJob::V1 {
        tenant,
        raw_key,
        received_at,
        event,
    } = &message.job
    else {
        return Handled::poison("not_a_reply");
    };
    let handled = reply::handle_with(
        ports,
        reading,
        tenant.as_ref(),
        event,
        raw_key,
        *received_at,
    );
    match handled.await {
        Ok(reply::Handled::Acted {
            tenant,
            lead,
            intent,
            confidence,
            opted_out,
            alert,
        }) => {
            logging::record("tenant_id", &tenant);
            logging::record("lead_id", &lead);
            tracing::info!(
                intent = intent.as_str(),
                confidence,
                opted_out,
                "reply handled"
            );
            if alert {
                tracing::error!("a complaint waits for a person");
            }
            Metrics::new()
                .dimension("Intent", intent.as_str())
                .count("Replies", 1)
                .emit(*received_at);
            announcements.note(DomainEvent::ReplyRead {
                tenant,
                lead,
                intent,
                opted_out,
                alert,
            });
            Handled::Done
        }
        Ok(other) => {
            tracing::info!(result = ?other, "reply handled");
            Handled::Done
        }
        Err(error) => error.into(),
    }
}
