//! What `linkedin-sync` needs. `template.yaml` is written from it.

use touchline_wiring::needs::{Action::*, Table::*, *};

pub const NEEDS: Needs = Needs {
    name: "linkedin-sync",
    does: "Finds LinkedIn messages and accepted invitations whose webhook never came (LI).",
    timeout_secs: 300,
    triggers: &[Trigger::Schedule("EveryQuarterHour", "rate(15 minutes)")],
    retries: Retries::Again {
        times: 1,
        within_secs: 600,
    },
    errors_allowed: 1,
    tables: &[(Pool, &[Query]), (Ledger, &[Get, Put])],
    sends: &[Queue::Delivery, Queue::Replies],
    writes: &[Folder::Webhooks],
    calls: &[Service::Unipile],
    settings: &[Setting::PUBLIC_URL],
    ..Needs::NOTHING
};
