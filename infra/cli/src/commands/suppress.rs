//! `touchline suppress`: nobody contacts an address any more, for one tenant (SUP-1). The record is never deleted.

use clap::Args;
use serde_json::json;
use touchline_domain::{
    contact::{Address, phone},
    ids::TenantId,
};
use touchline_engine::desk::suppression::{self, Suppressed};
use touchline_stack::{args::Global, error::CliError, records::Records, target::Target};

use crate::who::Who;

/// Whom to suppress.
#[derive(Clone, Debug, Args)]
pub struct SuppressArgs {
    /// For which tenant.
    pub tenant: TenantId,
    /// The e-mail address, or the phone number with its plus sign.
    pub address: String,
    /// Who asks for it.
    #[command(flatten)]
    pub who: Who,
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
    let (by, now) = (args.who.actor(), target.now()?);
    let register = &records.store.register;
    let suppressed =
        suppression::suppress(register, &by, &args.tenant, &address.hash(), now).await?;
    let record = match &suppressed {
        Suppressed::Suppressed(change) => &change.after,
        Suppressed::Already(record) => record,
    };
    global.format().print(
        &json!({ "suppressed": address.hash(), "record": record }),
        |_| match &suppressed {
            Suppressed::Suppressed(_) => {
                format!("suppressed {} for {}", args.address, args.tenant)
            }
            Suppressed::Already(before) => format!(
                "{} is suppressed for {} already, since {} ({})",
                args.address,
                args.tenant,
                before.at.to_rfc3339(),
                before.reason
            ),
        },
    )
}
