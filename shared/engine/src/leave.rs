//! Somebody leaves by the link in one of our messages (R27). The intake blocks the address at once and looks at no lead;
//! whoever works the delivery queue ends the rest of what was planned for them. Both are the same the second time.

use chrono::{DateTime, Utc};
use touchline_domain::{
    ids::fingerprint,
    message::UnsubscribeToken,
    sending::{
        Reason,
        suppression::{Suppression, SuppressionScope},
    },
};

use crate::{
    intake::IntakePorts,
    job::EventJob,
    ports::{PortError, Suppressions},
};

/// Blocks the address that the link was sent to, and queues the rest. `sealed` is the token as it came: the same link is
/// the same act.
///
/// # Errors
/// It cannot be kept now; the link has to be followed again.
pub async fn leave<P: Suppressions + IntakePorts>(
    ports: &P,
    leaving: &UnsubscribeToken,
    sealed: &str,
    now: DateTime<Utc>,
) -> Result<(), PortError> {
    let act = format!("unsubscribe-{}", fingerprint(&[sealed]));
    let record = Suppression {
        scope: SuppressionScope::Tenant,
        reason: Reason::OptedOut,
        at: now,
        actor: act.clone(),
        superseded: None,
    };
    ports
        .suppress(&leaving.tenant, &leaving.address, &record)
        .await?;
    let job = EventJob::LeftV1 {
        tenant: leaving.tenant.clone(),
        lead: leaving.lead.clone(),
        act,
        at: now,
    };
    ports.queue_event(&job).await
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use chrono::NaiveDate;
    use touchline_domain::{
        channel::Channel,
        contact::{Address, AddressHash},
        events::Provider,
        ids::{LeadId, TenantId},
        sending::suppression::Superseded,
    };

    use super::*;

    /// What was written, in order; the first queueing fails.
    #[derive(Default)]
    struct Intake(Mutex<(Vec<String>, bool)>);

    impl Suppressions for Intake {
        async fn suppress(
            &self,
            tenant: &TenantId,
            _: &AddressHash,
            record: &Suppression,
        ) -> Result<(), PortError> {
            let written = format!("{tenant} {}", record.actor);
            self.0.lock().unwrap().0.push(written);
            Ok(())
        }

        async fn restore(
            &self,
            _: &TenantId,
            _: &AddressHash,
            _: &Superseded,
        ) -> Result<(), PortError> {
            Ok(())
        }
    }

    impl IntakePorts for Intake {
        async fn keep_raw(
            &self,
            _: Option<&TenantId>,
            _: Provider,
            _: NaiveDate,
            _: &str,
            _: &[u8],
        ) -> Result<String, PortError> {
            Ok(String::new())
        }

        async fn queue_event(&self, job: &EventJob) -> Result<(), PortError> {
            let mut state = self.0.lock().unwrap();
            if !state.1 {
                state.1 = true;
                return Err(PortError::Unavailable {
                    what: "queue",
                    cause: "throttled".into(),
                });
            }
            let EventJob::LeftV1 { lead, act, .. } = job else {
                panic!("{job:?}");
            };
            state.0.push(format!("{lead} {act}"));
            Ok(())
        }
    }

    #[tokio::test]
    async fn r27_the_address_is_blocked_before_the_rest_is_queued_and_the_same_link_is_the_same_act()
     {
        let tenant: TenantId = "acme".parse().unwrap();
        let lead = LeadId::derive(&tenant, "ana@redgum.example");
        let leaving = UnsubscribeToken {
            tenant,
            lead: lead.clone(),
            address: Address::Email("ana@redgum.example".parse().unwrap()).hash(),
            channel: Channel::Email,
        };
        let intake = Intake::default();
        let follow = || leave(&intake, &leaving, "sealed", DateTime::UNIX_EPOCH);
        follow().await.unwrap_err();
        follow().await.unwrap();
        let act = format!("unsubscribe-{}", fingerprint(&["sealed"]));
        let (blocked, ended) = (format!("acme {act}"), format!("{lead} {act}"));
        assert_eq!(intake.0.lock().unwrap().0, [&*blocked, &*blocked, &*ended]);
    }
}
