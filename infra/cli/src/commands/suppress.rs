//! `touchline suppress`: nobody contacts an address any more, for one tenant (SUP-1). The record is never deleted.

use clap::Args;
use serde_json::json;
use touchline_domain::{
    contact::{Address, phone},
    ids::TenantId,
    sending::{
        Reason,
        suppression::{Suppression, SuppressionScope},
    },
};
use touchline_engine::ports::Suppressions as _;

use touchline_stack::{args::Global, error::CliError, records::Records, target::Target};

/// Whom to suppress.
#[derive(Clone, Debug, Args)]
pub struct SuppressArgs {
    /// For which tenant.
    pub tenant: TenantId,
    /// The e-mail address, or the phone number with its plus sign.
    pub address: String,
    /// Who asks for it; the user of this shell if not given.
    #[arg(long, env = "USER", default_value = "operator")]
    pub actor: String,
}

/// Suppresses one address.
///
/// # Errors
/// It is no address, or the stack does not answer.
pub async fn run(global: &Global, args: &SuppressArgs) -> Result<(), CliError> {
    let address = args
        .address
        .parse()
        .map(Address::Email)
        .ok()
        .or_else(|| {
            phone::parse(&args.address, None)
                .ok()
                .map(|p| Address::Phone(p.e164))
        })
        .ok_or_else(|| {
            CliError::usage(format!(
                "'{}' is no e-mail address or +phone number",
                args.address
            ))
        })?;
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    let record = Suppression {
        scope: SuppressionScope::Tenant,
        reason: Reason::Operator,
        at: target.now()?,
        actor: args.actor.clone(),
        superseded: None,
    };
    records
        .store
        .suppress(&args.tenant, &address.hash(), &record)
        .await
        .map_err(anyhow::Error::new)?;
    global.format().print(
        &json!({ "suppressed": address.hash(), "record": record }),
        |_| format!("suppressed {} for {}", args.address, args.tenant),
    )
}
