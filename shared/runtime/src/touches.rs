//! What every sender does with a message of its channel's queue: runs the send path, notes the end of the touch for the
//! bus, and encodes what comes back.
//! Decides nothing.

use chrono::{DateTime, Utc};
use touchline_engine::{
    announce::DomainEvent,
    channel::{Compose, Handover},
    job::TouchJob,
    send::{Disposition, SendPorts, Sender},
};

use crate::{
    announcements::Announcements,
    batch::{Handled, Message},
    logging,
    metrics::Metrics,
};

/// Handles one message of the sender's queue.
pub async fn handle<P, C, H, N>(
    sender: &Sender<'_, P, C, H, N>,
    announcements: &Announcements,
    message: Message<TouchJob>,
) -> Handled
where
    P: SendPorts,
    C: Compose,
    H: Handover<C::Message>,
    N: Fn() -> DateTime<Utc> + Sync,
{
    let TouchJob::V1 { tenant, lead, .. } = &message.job;
    logging::record("tenant_id", tenant);
    logging::record("lead_id", lead);
    match sender.run(&message.job).await {
        Ok(disposition) => {
            let reason = disposition
                .reason()
                .map_or("none", |reason| reason.as_str());
            tracing::info!(outcome = disposition.name(), reason, "touch handled");
            Metrics::new()
                .dimension("Channel", C::CHANNEL.as_str())
                .dimension("Outcome", disposition.name())
                .count("Touches", 1)
                .emit((sender.now)());
            if let Disposition::Ended { outcome, reason } = disposition {
                announcements.note(DomainEvent::TouchEnded {
                    tenant: tenant.clone(),
                    lead: lead.clone(),
                    channel: C::CHANNEL,
                    outcome,
                    reason,
                });
            }
            match disposition.comes_back() {
                Some((after_secs, reason)) => Handled::retry(after_secs, reason.as_str()),
                None => Handled::Done,
            }
        }
        Err(error) => error.into(),
    }
}
