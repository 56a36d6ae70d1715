//! What `reply-classifier` needs. `template.yaml` is written from it.

use touchline_wiring::needs::{Action::*, Table::*, *};

pub const NEEDS: Needs = Needs {
    name: "reply-classifier",
    does: "Understands a reply and acts on its enrolment; sends nothing itself (REP-1..REP-5).",
    triggers: &[Trigger::Queue {
        queue: Queue::Replies,
        batch: 10,
        at_once: 10,
        invocations: 10,
        wait_secs: 60,
    }],
    tables: &[
        (Leads, &[Get, BatchGet, Query, Put, Update, BatchWrite]),
        (Tenants, &[Get, BatchGet, Query, Update]),
        (Pool, &[Get, Query]),
        (Register, &[Get, BatchGet, Put, Update]),
        (Inbox, &[Get, Query, Put, Update]),
    ],
    sends: &[
        Queue::Touches(Channel::Email),
        Queue::Touches(Channel::Sms),
        Queue::Touches(Channel::Linkedin),
    ],
    calls: &[Service::Resend, Service::Unipile, Service::Anthropic],
    settings: &[Setting::MODEL_ID],
    announces: true,
    ..Needs::NOTHING
};
