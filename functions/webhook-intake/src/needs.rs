//! What `webhook-intake` needs. `template.yaml` is written from it.

use touchline_wiring::needs::{Action::*, Table::*, *};

pub const NEEDS: Needs = Needs {
    name: "webhook-intake",
    does: "Verifies, de-duplicates, stores and queues what providers send (HOOK-1..HOOK-3).",
    timeout_secs: 10,
    triggers: &[Trigger::Http],
    tables: &[(Register, &[Put, Update])],
    sends: &[Queue::Delivery, Queue::Replies],
    writes: &[Folder::Webhooks],
    secrets: &[Secret::Webhooks, Secret::Unsubscribe],
    settings: &[Setting::PUBLIC_URL, Setting::SNS_CERT_HOSTS],
    ..Needs::NOTHING
};
