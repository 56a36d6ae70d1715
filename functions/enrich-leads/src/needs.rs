//! What `enrich-leads` needs. `template.yaml` is written from it.

use touchline_wiring::needs::{Action::*, Table::*, *};

pub const NEEDS: Needs = Needs {
    name: "enrich-leads",
    does: "Enriches, scores, asks for washes and enrols; pays for one person once (ALS-1, SEQ-1).",
    timeout_secs: 60,
    // A message is a job of 20 leads: small batches spread a list over all invocations.
    triggers: &[Trigger::Queue {
        queue: Queue::Enrich,
        batch: 2,
        at_once: 2,
        invocations: 5,
        wait_secs: 1_800,
    }],
    tables: &[
        (Leads, &[Get, BatchGet, Query, Put, Update, BatchWrite]),
        (Tenants, &[Get, BatchGet, Query, Update]),
        (Pool, &[Get, BatchGet, Query]),
        (Register, &[Get, BatchGet, Put, Update]),
        (Ledger, &[Get, Put, Update, BatchWrite]),
    ],
    sends: &[Queue::Wash],
    calls: &[Service::Apollo],
    ..Needs::NOTHING
};
