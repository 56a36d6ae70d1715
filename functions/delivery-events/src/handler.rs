//! Applies delivery events. One that names no lead is kept as unmatched (HOOK-4).

use touchline_engine::{
    delivery::{self, Applied, Reputations},
    job::EventJob,
    ports::{Journeys, PortError, Suppressions},
    reply::{Inbox, by_hand},
};
use touchline_runtime::{
    batch::{Handled, Message},
    logging,
};

/// Handles one message of the delivery queue.
pub async fn handle<P>(ports: &P, message: Message<EventJob>) -> Handled
where
    P: Journeys + Suppressions + Reputations + Inbox,
{
    let (raw_key, received_at, event) = match &message.job {
        EventJob::V1 {
            raw_key,
            received_at,
            event,
            ..
        } => (raw_key, received_at, event),
        EventJob::LeftV1 {
            tenant,
            lead,
            act,
            at,
        } => {
            logging::record("tenant_id", tenant);
            logging::record("lead_id", lead);
            let ended = by_hand::opt_out(ports, tenant, lead, act, *at).await;
            return ended.map_or_else(Into::into, |()| Handled::Done);
        }
    };
    if let Some(reference) = &event.reference {
        logging::record("tenant_id", &reference.tenant);
        logging::record("lead_id", &reference.lead);
        logging::record("touch_id", &reference.touch);
    }
    let applied: Result<Applied, PortError> = async {
        let applied = delivery::apply(ports, event, *received_at).await?;
        if applied == Applied::Unmatched {
            ports.keep_unmatched(event, raw_key, *received_at).await?;
        }
        Ok(applied)
    }
    .await;
    match applied {
        Ok(applied) => {
            tracing::info!(
                provider = event.provider.as_str(),
                ?applied,
                "event applied"
            );
            Handled::Done
        }
        Err(error) => error.into(),
    }
}
