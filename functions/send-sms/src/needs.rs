//! What `send-sms` needs. `template.yaml` is written from it.

use touchline_wiring::needs::{Action::*, Table::*, *};

pub const NEEDS: Needs = Needs {
    name: "send-sms",
    does: "Sends one SMS touch at most once, behind the gate (GATE-1..GATE-10, SEND-1).",
    triggers: &[Trigger::Queue {
        queue: Queue::Touches(Channel::Sms),
        batch: 10,
        at_once: 10,
        invocations: 5,
        wait_secs: 900,
    }],
    tables: &[
        (Leads, &[Get, BatchGet, Query, Put, Update]),
        (Tenants, &[Get, BatchGet, Query, Update]),
        (Pool, &[Get, BatchGet, Query, Put, Update]),
        (Register, &[Get, BatchGet, Put, Update]),
        (Ledger, &[Get, Put, Update]),
    ],
    sends: &[
        Queue::Touches(Channel::Email),
        Queue::Touches(Channel::Sms),
        Queue::Wash,
    ],
    calls: &[Service::Twilio, Service::Clicksend],
    settings: &[Setting::PUBLIC_URL],
    announces: true,
    ..Needs::NOTHING
};
