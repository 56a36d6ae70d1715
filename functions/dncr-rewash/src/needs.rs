//! What `dncr-rewash` needs. `template.yaml` is written from it.

use touchline_wiring::needs::{Action::*, Table::*, *};

pub const NEEDS: Needs = Needs {
    name: "dncr-rewash",
    does: "Washes numbers that are due for it, in batches that resume (DNC-1..DNC-3).",
    timeout_secs: 300,
    // The register takes one batch of ours at a time.
    triggers: &[
        Trigger::Queue {
            queue: Queue::Wash,
            batch: 1,
            at_once: 1,
            invocations: 2,
            wait_secs: 7_200,
        },
        Trigger::Schedule("Daily", "cron(10 16 * * ? *)"),
    ],
    retries: Retries::Again {
        times: 2,
        within_secs: 3_600,
    },
    errors_allowed: 0,
    tables: &[
        (Leads, &[Get, BatchGet, Update]),
        (LeadsDue, &[Query]),
        (Register, &[Get, BatchGet, Query, Put, Update]),
        (Ledger, &[Get, Put, Update]),
    ],
    sends: &[Queue::Wash],
    calls: &[Service::Dncr],
    ..Needs::NOTHING
};
