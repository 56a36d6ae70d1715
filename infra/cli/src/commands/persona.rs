//! `touchline persona`: the people in whose name a tenant writes (ED-009).

use clap::{Args, Subcommand};
use touchline_domain::{
    ids::{PersonaId, TenantId},
    message::{EmailPrefix, Line, Persona, WebLink},
};
use touchline_engine::desk::{Documents, Versioned, personas};
use touchline_stack::{
    args::Global, error::CliError, outcome, output::table, records::Records, target::Target,
};

use crate::who::Who;

/// What to do.
#[derive(Clone, Debug, Args)]
pub struct PersonaArgs {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
}

/// What can be done.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// Add a persona.
    Add(AddArgs),
    /// Change a persona; what is not said stays.
    Set(SetArgs),
    /// List a tenant's personas.
    List {
        /// The tenant.
        tenant: TenantId,
    },
}

/// A new persona.
#[derive(Clone, Debug, Args)]
pub struct AddArgs {
    /// The tenant.
    pub tenant: TenantId,
    /// The persona's id.
    pub id: PersonaId,
    /// The name that a message is signed with.
    #[arg(long)]
    pub first_name: Line,
    /// The family name.
    #[arg(long)]
    pub last_name: Line,
    /// What its mailboxes begin with.
    #[arg(long)]
    pub email_prefix: EmailPrefix,
    /// The position, for example `Partnerships Manager`.
    #[arg(long)]
    pub title: Option<Line>,
    /// Where a lead can book a time.
    #[arg(long)]
    pub calendar_link: Option<WebLink>,
    /// Who adds it.
    #[command(flatten)]
    pub who: Who,
}

/// What a persona becomes.
#[derive(Clone, Debug, Args)]
pub struct SetArgs {
    /// The tenant.
    pub tenant: TenantId,
    /// The persona's id.
    pub id: PersonaId,
    /// The name that a message is signed with.
    #[arg(long)]
    pub first_name: Option<Line>,
    /// The family name.
    #[arg(long)]
    pub last_name: Option<Line>,
    /// What its mailboxes begin with.
    #[arg(long)]
    pub email_prefix: Option<EmailPrefix>,
    /// The position.
    #[arg(long)]
    pub title: Option<Line>,
    /// Where a lead can book a time.
    #[arg(long)]
    pub calendar_link: Option<WebLink>,
    /// Who changes it.
    #[command(flatten)]
    pub who: Who,
}

/// Runs the command.
///
/// # Errors
/// There is no such tenant or persona, or there is one already, or the stack does not answer.
pub async fn run(global: &Global, args: &PersonaArgs) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    let store = &records.store.tenants;
    match &args.what {
        What::Add(args) => {
            let persona = Persona {
                id: args.id.clone(),
                first_name: args.first_name.clone(),
                last_name: args.last_name.clone(),
                title: args.title.clone(),
                email_prefix: args.email_prefix.clone(),
                calendar_link: args.calendar_link.clone(),
            };
            let created = personas::create(store, &args.who.actor(), &args.tenant, persona).await?;
            let name = format!("persona {}", args.id);
            let persona = outcome::created(created, &name, &args.tenant)?;
            print(global, &[persona.value])
        }
        What::Set(args) => {
            let missing = format!("tenant {} has no persona {}", args.tenant, args.id);
            let found = Documents::<Persona>::read(store, &args.tenant, &args.id).await?;
            let Versioned { version, value } = found.ok_or_else(|| CliError::usage(&missing))?;
            let persona = Persona {
                id: value.id,
                first_name: args.first_name.clone().unwrap_or(value.first_name),
                last_name: args.last_name.clone().unwrap_or(value.last_name),
                title: args.title.clone().or(value.title),
                email_prefix: args.email_prefix.clone().unwrap_or(value.email_prefix),
                calendar_link: args.calendar_link.clone().or(value.calendar_link),
            };
            let by = args.who.actor();
            let replaced = personas::replace(store, &by, &args.tenant, &persona, version).await?;
            let name = format!("persona {}", args.id);
            let persona = outcome::changed(replaced, &name, &missing, |_| String::new())?;
            print(global, &[persona.value])
        }
        What::List { tenant } => print(global, &store.personas(tenant).await?),
    }
}

fn print(global: &Global, personas: &[Persona]) -> Result<(), CliError> {
    global.format().print(&personas, |personas| {
        let row = |persona: &Persona| {
            vec![
                persona.id.to_string(),
                persona.full_name(),
                persona
                    .title
                    .as_ref()
                    .map_or_else(String::new, ToString::to_string),
                persona.email_prefix.clone().into(),
                persona
                    .calendar_link
                    .as_ref()
                    .map_or_else(String::new, ToString::to_string),
            ]
        };
        table(
            &["persona", "name", "title", "mailboxes begin", "calendar"],
            personas.iter().map(row),
        )
    })
}
