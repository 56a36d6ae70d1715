//! `touchline audit`: does what is stored hang together, and does it agree with what the providers received? (SEND-4)

use clap::Args;
use serde::Serialize;
use touchline_domain::ids::TenantId;
use touchline_engine::audit::{self, Audit};
use touchline_engine::desk::tenants::TenantList as _;

use touchline_stack::{
    args::Global,
    error::CliError,
    gather::{self, Ledger},
    records::Records,
    target::Target,
};

/// What to audit.
#[derive(Clone, Debug, Args)]
pub struct AuditArgs {
    /// The tenants; all of them if none is named.
    pub tenants: Vec<TenantId>,
}

#[derive(Debug, Serialize)]
struct Report {
    clean: bool,
    tenants: Vec<Audit>,
}

/// Audits, and ends with status 1 if anything is wrong.
///
/// # Errors
/// Something contradicts, or cannot be read.
pub async fn run(global: &Global, args: &AuditArgs) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    let wanted = if args.tenants.is_empty() {
        records.store.tenants.ids().await?
    } else {
        args.tenants.clone()
    };
    for tenant in &wanted {
        records.tenant(tenant).await?;
    }
    let ledger = Ledger::read(&target).await?;
    let mut tenants = Vec::new();
    for tenant in &wanted {
        let evidence = gather::evidence(&target, &records, tenant, ledger.as_ref()).await?;
        tenants.push(audit::audit(&evidence));
    }
    let report = Report {
        clean: tenants.iter().all(Audit::is_clean),
        tenants,
    };
    global.format().print(&report, |report| {
        report
            .tenants
            .iter()
            .map(gather::table)
            .collect::<Vec<_>>()
            .join("\n\n")
    })?;
    if report.clean {
        Ok(())
    } else {
        Err(CliError::Failed(anyhow::anyhow!("the audit is not clean")))
    }
}
