//! What `delivery-events` needs. `template.yaml` is written from it.

use touchline_wiring::needs::{Action::*, Table::*, *};

pub const NEEDS: Needs = Needs {
    name: "delivery-events",
    does: "Applies what became of a message, in any order and any number of times (HOOK-3, HOOK-4).",
    triggers: &[Trigger::Queue {
        queue: Queue::Delivery,
        batch: 10,
        at_once: 10,
        invocations: 10,
        wait_secs: 300,
    }],
    tables: &[
        (Leads, &[Get, BatchGet, Query, Put, Update]),
        (Pool, &[Get, Update]),
        (Register, &[Get, BatchGet, Put, Update]),
        (Inbox, &[Put, Update]),
    ],
    ..Needs::NOTHING
};
