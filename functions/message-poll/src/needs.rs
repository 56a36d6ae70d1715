//! What `message-poll` needs. `template.yaml` is written from it.

use touchline_wiring::needs::{Action::*, Table::*, *};

pub const NEEDS: Needs = Needs {
    name: "message-poll",
    does: "Finds text messages and mail whose webhook never came (HOOK-3).",
    timeout_secs: 300,
    triggers: &[Trigger::Schedule("EveryQuarterHour", "rate(15 minutes)")],
    retries: Retries::Again {
        times: 1,
        within_secs: 600,
    },
    errors_allowed: 1,
    tables: &[
        (Leads, &[Get, Query]),
        (Pool, &[Get]),
        (Ledger, &[Get, Put]),
    ],
    sends: &[Queue::Delivery, Queue::Replies],
    writes: &[Folder::Webhooks],
    calls: &[Service::Resend, Service::Twilio, Service::Clicksend],
    settings: &[Setting::PUBLIC_URL],
    ..Needs::NOTHING
};
