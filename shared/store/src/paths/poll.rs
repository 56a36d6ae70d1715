//! The ports of what is found in providers' lists.

use touchline_domain::{contact::Address, events::TouchRef};
use touchline_engine::desk::inbox::Timeline as _;
use touchline_engine::{
    poll::{Feed, Mark, Polls},
    ports::{PortError, Saved},
    reply::Inbox as _,
};

use crate::Store;

impl Polls for Store {
    async fn mark(&self, feed: &Feed) -> Result<(Mark, u64), PortError> {
        self.ledger.poll_mark(feed).await
    }

    async fn save_mark(&self, feed: &Feed, mark: &Mark, expected: u64) -> Result<Saved, PortError> {
        self.ledger.save_poll_mark(feed, mark, expected).await
    }

    async fn touch_between(
        &self,
        ours: &str,
        theirs: &Address,
        provider_message_id: &str,
    ) -> Result<Option<TouchRef>, PortError> {
        let Some(tenant) = self.tenant_of_sender(ours).await? else {
            return Ok(None);
        };
        let Some(lead) = self.lead_at(&tenant, theirs).await? else {
            return Ok(None);
        };
        let touches = self.leads.touches_of(&tenant, &lead).await?;
        let sent = touches
            .into_iter()
            .find(|touch| touch.provider_message_id.as_deref() == Some(provider_message_id));
        Ok(sent.map(|touch| TouchRef {
            tenant,
            lead,
            touch: touch.id,
        }))
    }
}
