//! What `pool-capacity` needs. `template.yaml` is written from it.

use touchline_wiring::needs::{Action::*, Table::*, *};

pub const NEEDS: Needs = Needs {
    name: "pool-capacity",
    does: "Compares the pool with its buffer and orders what is missing (POOL-3).",
    timeout_secs: 60,
    triggers: &[
        Trigger::Schedule("EveryQuarterHour", "rate(15 minutes)"),
        Trigger::Events(
            "PoolChanged",
            &[
                "pool.assigned",
                "pool.released",
                "pool.paused",
                "pool.retired",
            ],
        ),
    ],
    retries: Retries::Again {
        times: 1,
        within_secs: 600,
    },
    errors_allowed: 1,
    tables: &[(Pool, &[Query])],
    announces: true,
    ..Needs::NOTHING
};
