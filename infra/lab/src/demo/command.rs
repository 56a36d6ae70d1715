//! `cargo lab demo`: see the [`crate::demo`] module.

use clap::Args;

use touchline_stack::{
    args::Global,
    error::CliError,
    gather,
    local::{self, UpOptions},
    progress::Progress,
    target::Target,
    workspace::Workspace,
};

use super::{DemoReport, Options};

/// The demonstration.
#[derive(Clone, Debug, Args)]
pub struct DemoArgs {
    /// Rows of each of the two lists.
    #[arg(long, default_value_t = 1_000)]
    pub rows: usize,
    /// Days to play.
    #[arg(long, default_value_t = 14)]
    pub days: u64,
    /// What decides the lists and how leads behave.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
}

/// Brings the stack up, plays, and ends with status 1 if an audit is not clean.
///
/// # Errors
/// [`CliError`].
pub async fn run(global: &Global, args: &DemoArgs) -> Result<(), CliError> {
    let progress = Progress::new(global.json);
    let workspace = Workspace::find().await?;
    let options = UpOptions {
        name: global.stack.clone(),
        seed: args.seed,
        fresh: true,
        schedules: false,
        ..UpOptions::default()
    };
    let stack = local::up(&workspace, &options, &progress).await?;
    let target = Target::of_local(stack.leave_running()).await;
    let options = Options {
        rows: args.rows,
        days: args.days,
        seed: args.seed,
    };
    let report = super::run(&target, options, &progress).await?;
    global.format().print(&report, human)?;
    if report.is_clean() {
        Ok(())
    } else {
        Err(CliError::Failed(anyhow::anyhow!("the audit is not clean")))
    }
}

fn human(report: &DemoReport) -> String {
    let mut text = format!(
        "{} to {}, played in {} s\n\n",
        report.from, report.until, report.took_secs
    );
    for tenant in &report.tenants {
        text.push_str(&tenant.to_table());
        text.push_str("\n\n");
        text.push_str(&gather::table(&tenant.audit));
        text.push_str("\n\n");
    }
    text
}
