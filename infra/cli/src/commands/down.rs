//! `touchline down`: ends exactly the processes that `up` noted; the stack's data goes with them.
//! A stack in AWS is not for this command to delete.

use serde::Serialize;

use touchline_stack::args::Global;
use touchline_stack::error::CliError;
use touchline_stack::local::{self, StackPaths};
use touchline_stack::workspace::Workspace;

#[derive(Debug, Serialize)]
struct Report {
    stack: String,
    was_up: bool,
}

/// Takes the stack down; one that is not up is fine too.
///
/// # Errors
/// [`CliError`].
pub async fn run(global: &Global) -> Result<(), CliError> {
    global.local_only("down")?;
    let workspace = Workspace::find().await?;
    let paths = StackPaths::new(&workspace, &global.stack)?;
    let report = Report {
        was_up: local::down(&paths).await?,
        stack: global.stack.clone(),
    };
    global.format().print(&report, |report| {
        let was = if report.was_up {
            "is down"
        } else {
            "was not up"
        };
        format!("stack {} {was}", report.stack)
    })
}
