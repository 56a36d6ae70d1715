//! `touchline tenant`: create and list tenants.

use clap::{Args, Subcommand};
use touchline_domain::{
    country::Country,
    ids::TenantId,
    message::Branding,
    sending::{
        consent::Basis,
        tenant::{Subscription, Tenant, Tier},
    },
};
use touchline_engine::ports::Tenants as _;

use touchline_stack::{
    args::Global, error::CliError, output::table, records::Records, target::Target,
};

/// What to do.
#[derive(Clone, Debug, Args)]
pub struct TenantArgs {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
}

/// What can be done.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// Create a tenant.
    Create(CreateArgs),
    /// List the tenants.
    List,
}

/// A new tenant.
#[derive(Clone, Debug, Args)]
pub struct CreateArgs {
    /// Its id: 2 to 48 of a-z, 0-9, - and _.
    pub id: TenantId,
    /// Its name as recipients see it.
    #[arg(long)]
    pub name: String,
    /// The country of its market.
    #[arg(long, default_value = "AU")]
    pub country: Country,
    /// Its time zone.
    #[arg(long, default_value = "Australia/Sydney")]
    pub zone: chrono_tz::Tz,
    /// ignition, velocity or dominance.
    #[arg(long, default_value = "ignition")]
    pub tier: Tier,
    /// Its postal address, which the law wants in every e-mail.
    #[arg(long)]
    pub postal_address: String,
    /// The consent that it attests for the leads it uploads: inferred, or none. Without one, nothing goes to recipients
    /// whose law demands it.
    #[arg(long, default_value = "none", value_parser = ["inferred", "none"])]
    pub consent: String,
}

/// Runs the command.
///
/// # Errors
/// The tenant exists, a value is wrong, or the stack does not answer.
pub async fn run(global: &Global, args: &TenantArgs) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    match &args.what {
        What::Create(create) => create_tenant(global, &records, create).await,
        What::List => list(global, &records).await,
    }
}

async fn create_tenant(
    global: &Global,
    records: &Records,
    args: &CreateArgs,
) -> Result<(), CliError> {
    let branding: Branding = serde_json::from_value(serde_json::json!({
        "company": args.name,
        "postal_address": args.postal_address,
    }))
    .map_err(|error| CliError::usage(error.to_string()))?;
    let tenant = Tenant {
        id: args.id.clone(),
        name: args.name.clone(),
        tier: args.tier,
        subscription: Subscription::Active,
        manual_mode: false,
        zone: args.zone,
        country: args.country,
        attested_consent: (args.consent == "inferred").then_some(Basis::Inferred),
        register_policy: std::collections::BTreeMap::new(),
        monthly_budget: None,
    };
    if records
        .store
        .tenant(&args.id)
        .await
        .map_err(anyhow::Error::new)?
        .is_some()
    {
        return Err(CliError::usage(format!("tenant {} exists", args.id)));
    }
    records
        .store
        .put_tenant(&tenant)
        .await
        .map_err(anyhow::Error::new)?;
    records
        .store
        .put_branding(&args.id, &branding)
        .await
        .map_err(anyhow::Error::new)?;
    global
        .format()
        .print(&tenant, |tenant| format!("created tenant {}", tenant.id))
}

async fn list(global: &Global, records: &Records) -> Result<(), CliError> {
    let mut tenants = Vec::new();
    for id in records.store.tenants().await.map_err(anyhow::Error::new)? {
        tenants.extend(
            records
                .store
                .tenant(&id)
                .await
                .map_err(anyhow::Error::new)?,
        );
    }
    global.format().print(&tenants, |tenants| {
        let row = |t: &Tenant| {
            vec![
                t.id.to_string(),
                t.name.clone(),
                t.tier.to_string(),
                t.subscription.to_string(),
                t.zone.to_string(),
            ]
        };
        table(
            &["tenant", "name", "tier", "subscription", "zone"],
            tenants.iter().map(row),
        )
    })
}
