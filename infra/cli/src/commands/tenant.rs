//! `touchline tenant`: create, change and list tenants, and say in whose name they write.

use clap::{Args, Subcommand};
use touchline_domain::{
    calendar::Zone,
    contact::E164,
    country::Country,
    ids::TenantId,
    message::{Branding, Line, WebLink},
    sending::{
        consent::Basis,
        tenant::{Subscription, Tenant, Tier},
    },
};
use touchline_engine::desk::{Documents, Versioned, tenants};
use touchline_stack::{
    args::Global, choice::one_of, error::CliError, outcome, output::table, records::Records,
    target::Target,
};
use touchline_store::tenants::Tenants;

use crate::who::Who;

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
    /// Change a tenant's settings; what is not said stays.
    Set(SetArgs),
    /// Show in whose name a tenant writes, or change it; what is not said stays.
    Branding(BrandingArgs),
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
    pub zone: Zone,
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
    /// Who creates it.
    #[command(flatten)]
    pub who: Who,
}

/// What a tenant's settings become.
#[derive(Clone, Debug, Args)]
pub struct SetArgs {
    /// The tenant.
    pub id: TenantId,
    /// Its name, for people.
    #[arg(long)]
    pub name: Option<String>,
    /// ignition, velocity or dominance.
    #[arg(long)]
    pub tier: Option<Tier>,
    /// How its subscription stands, as the billing provider has it.
    #[arg(long, value_parser = one_of::<Subscription>())]
    pub subscription: Option<Subscription>,
    /// Whether nothing goes out by itself.
    #[arg(long)]
    pub manual: Option<bool>,
    /// Who changes them.
    #[command(flatten)]
    pub who: Who,
}

/// What a tenant's branding becomes.
#[derive(Clone, Debug, Args)]
pub struct BrandingArgs {
    /// The tenant.
    pub id: TenantId,
    /// The trading name.
    #[arg(long)]
    pub company: Option<Line>,
    /// The registered name, where it is another than the trading name.
    #[arg(long)]
    pub legal_name: Option<Line>,
    /// The Australian Business Number as it should be shown.
    #[arg(long)]
    pub abn: Option<Line>,
    /// The website.
    #[arg(long)]
    pub website: Option<WebLink>,
    /// A number that a person answers, with its plus sign.
    #[arg(long)]
    pub phone: Option<E164>,
    /// The postal address, which the law wants in every e-mail.
    #[arg(long)]
    pub postal_address: Option<Line>,
    /// Who changes it.
    #[command(flatten)]
    pub who: Who,
}

/// Runs the command.
///
/// # Errors
/// The tenant exists, or does not, a value is wrong, or the stack does not answer.
pub async fn run(global: &Global, args: &TenantArgs) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    let store = &records.store.tenants;
    match &args.what {
        What::Create(args) => create(global, store, args).await,
        What::Set(args) => set(global, store, args).await,
        What::Branding(args) => brand(global, store, args).await,
        What::List => list(global, store).await,
    }
}

async fn create(global: &Global, store: &Tenants, args: &CreateArgs) -> Result<(), CliError> {
    let line = |text: &str| {
        text.parse::<Line>()
            .map_err(|e| CliError::usage(e.to_string()))
    };
    let branding = Branding {
        company: line(&args.name)?,
        legal_name: None,
        abn: None,
        website: None,
        phone: None,
        postal_address: line(&args.postal_address)?,
    };
    let (id, name) = (args.id.clone(), args.name.clone());
    let tenant = Tenant {
        tier: args.tier,
        attested_consent: (args.consent == "inferred").then_some(Basis::Inferred),
        ..Tenant::new(id, name, args.country, args.zone)
    };
    let created = tenants::create(store, &args.who.actor(), tenant, Some(branding)).await?;
    let tenant = outcome::created(created, &format!("tenant {}", args.id), &args.id)?;
    global.format().print(&tenant.value, |tenant| {
        format!("created tenant {}", tenant.id)
    })
}

async fn set(global: &Global, store: &Tenants, args: &SetArgs) -> Result<(), CliError> {
    let found = Documents::<Tenant>::read(store, &args.id, &()).await?;
    let missing = || outcome::no_tenant(&args.id);
    let Versioned { version, value } = found.ok_or_else(missing)?;
    let tenant = Tenant {
        name: args.name.clone().unwrap_or(value.name),
        tier: args.tier.unwrap_or(value.tier),
        subscription: args.subscription.unwrap_or(value.subscription),
        manual_mode: args.manual.unwrap_or(value.manual_mode),
        ..value
    };
    let replaced = tenants::replace(store, &args.who.actor(), &tenant, version).await?;
    let name = format!("tenant {}", args.id);
    let gone = missing().to_string();
    let tenant = outcome::changed(replaced, &name, &gone, |_| String::new())?;
    global
        .format()
        .print(&tenant.value, |tenant| rows([tenant]))
}

async fn brand(global: &Global, store: &Tenants, args: &BrandingArgs) -> Result<(), CliError> {
    let found = Documents::<Branding>::read(store, &args.id, &()).await?;
    let (seen, before) = found.map(|found| (found.version, found.value)).unzip();
    let required = |given: &Option<Line>, before: Option<&Line>, flag: &str| {
        given
            .as_ref()
            .or(before)
            .cloned()
            .ok_or_else(|| CliError::usage(format!("a first branding needs {flag}")))
    };
    let before = before.as_ref();
    let branding = Branding {
        company: required(&args.company, before.map(|b| &b.company), "--company")?,
        legal_name: args
            .legal_name
            .clone()
            .or_else(|| before?.legal_name.clone()),
        abn: args.abn.clone().or_else(|| before?.abn.clone()),
        website: args.website.clone().or_else(|| before?.website.clone()),
        phone: args.phone.clone().or_else(|| before?.phone.clone()),
        postal_address: required(
            &args.postal_address,
            before.map(|b| &b.postal_address),
            "--postal-address",
        )?,
    };
    let branded = tenants::brand(store, &args.who.actor(), &args.id, &branding, seen).await?;
    let name = format!("the branding of {}", args.id);
    let missing = outcome::no_tenant(&args.id).to_string();
    let branding = outcome::changed(branded, &name, &missing, |_| String::new())?;
    global.format().print(&branding.value, |branding| {
        format!("{}, {}", branding.identity(), branding.postal_address)
    })
}

async fn list(global: &Global, store: &Tenants) -> Result<(), CliError> {
    let listed = tenants::list(store).await?;
    let tenants: Vec<Tenant> = listed.into_iter().map(|tenant| tenant.value).collect();
    global.format().print(&tenants, |tenants| rows(tenants))
}

fn rows<'a>(tenants: impl IntoIterator<Item = &'a Tenant>) -> String {
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
        tenants.into_iter().map(row),
    )
}
