//! What a person has to do, oldest first.

use touchline_domain::ids::TenantId;
use touchline_engine::desk::inbox;

use super::{Desk, list::age};
use touchline_stack::{error::CliError, output::table};

pub(super) async fn run(desk: &Desk, tenant: &TenantId) -> Result<(), CliError> {
    let tasks = inbox::tasks(&desk.records.store.inbox, tenant, desk.now).await?;
    desk.format.print(&tasks, |tasks| {
        let rows = tasks.iter().map(|task| {
            vec![
                age(desk.now - task.at),
                task.kind.to_string(),
                task.channel.to_string(),
                task.lead.to_string(),
            ]
        });
        table(&["age", "task", "channel", "lead"], rows)
    })
}
