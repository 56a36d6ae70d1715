//! What `import-leads` needs. `template.yaml` is written from it.

use touchline_wiring::needs::{Action::*, Table::*, *};

pub const NEEDS: Needs = Needs {
    name: "import-leads",
    does: "Streams an uploaded list into leads and writes its report (HUB-1..HUB-6).",
    memory_mb: 512,
    timeout_secs: 900,
    triggers: &[Trigger::Upload],
    retries: Retries::Again {
        times: 2,
        within_secs: 21_600,
    },
    tables: &[
        (Leads, &[Get, BatchGet, Query, Put, Update, BatchWrite]),
        (Tenants, &[Get, Query, Update]),
        (Ledger, &[Get, Put, Update]),
    ],
    sends: &[Queue::Enrich],
    reads: &[Folder::Imports],
    writes: &[Folder::Reports],
    announces: true,
    ..Needs::NOTHING
};
