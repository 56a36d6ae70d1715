//! `touchline pool`: domains, mailboxes, phone numbers and LinkedIn seats; taken out of use and back; given to tenants.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use serde::Serialize;
use strum::IntoEnumIterator as _;
use touchline_domain::{
    calendar::Zone,
    events::Provider,
    ids::{IdError, PersonaId, ResourceId, TenantId},
    sending::resource::{Resource, ResourceKind},
};
use touchline_engine::desk::{
    Changed,
    pool::{self, Added, Allocated, NewResource, Owner},
};
use touchline_stack::{
    args::Global, choice::one_of, error::CliError, outcome, output::table, records::Records,
    target::Target,
};

use crate::who::Who;

const EXAMPLES: &str = "\
Examples:
  touchline pool add email_domain mail1.example --provider resend
  touchline pool add mailbox ana@mail1.example --provider resend --domain mail1-example
  touchline pool add phone_number +61480012345 --provider twilio --tenant acme
  touchline pool allocate acme                  what the tenant's tier includes
  touchline pool list --tenant acme
  touchline pool pause email_domain mail1-example

A domain is paused, resumed, retired and given with its mailboxes.";

/// Works the pool.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct PoolArgs {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
}

/// What can be done with the pool.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// Add a resource, to the pool or to a tenant.
    Add(AddArgs),
    /// List resources.
    List {
        /// Only of this kind.
        #[arg(long, value_parser = one_of::<ResourceKind>())]
        kind: Option<ResourceKind>,
        /// Only those of this tenant.
        #[arg(long)]
        tenant: Option<TenantId>,
    },
    /// Hold a resource until it is resumed; it stays with its tenant.
    Pause(One),
    /// Put a paused resource back to work.
    Resume(One),
    /// Take a resource out of the pool for good, and from its tenant.
    Retire(One),
    /// Bring a tenant up to the domains and numbers that its tier includes, or to those said: all of them or none.
    Allocate(AllocateArgs),
}

/// A new resource.
#[derive(Clone, Debug, Args)]
pub struct AddArgs {
    /// What it is.
    #[arg(value_parser = one_of::<ResourceKind>())]
    pub kind: ResourceKind,
    /// The domain, the mailbox's address, the number with its plus sign, or the provider's id of the seat.
    pub address: String,
    /// Through whom it sends.
    #[arg(long, value_parser = one_of::<Provider>())]
    pub provider: Provider,
    /// Its id; made of its address if not given.
    #[arg(long)]
    pub id: Option<ResourceId>,
    /// The id of the domain that a mailbox belongs to.
    #[arg(long)]
    pub domain: Option<ResourceId>,
    /// The tenant that has it at once; in the pool if not given.
    #[arg(long)]
    pub tenant: Option<TenantId>,
    /// The persona that it sends as; any of the tenant's if not given.
    #[arg(long, requires = "tenant")]
    pub persona: Option<PersonaId>,
    /// Its time zone, at whose midnight a day's limits begin.
    #[arg(long, default_value = "Australia/Sydney")]
    pub zone: Zone,
    /// The first day of its warm-up; today if not given.
    #[arg(long, value_name = "DATE")]
    pub warm_up_started: Option<NaiveDate>,
    /// Who adds it.
    #[command(flatten)]
    pub who: Who,
}

/// A resource.
#[derive(Clone, Debug, Args)]
pub struct One {
    /// What it is.
    #[arg(value_parser = one_of::<ResourceKind>())]
    pub kind: ResourceKind,
    /// Its id.
    pub id: ResourceId,
    /// Who does it.
    #[command(flatten)]
    pub who: Who,
}

/// What a tenant is to have.
#[derive(Clone, Debug, Args)]
pub struct AllocateArgs {
    /// The tenant.
    pub tenant: TenantId,
    /// So many domains, with their mailboxes.
    #[arg(long)]
    pub domains: Option<u32>,
    /// So many phone numbers.
    #[arg(long)]
    pub numbers: Option<u32>,
    /// Who gives them.
    #[command(flatten)]
    pub who: Who,
}

/// Does it.
///
/// # Errors
/// There is no such resource, tenant or domain, or not enough of them, or the stack does not answer.
pub async fn run(global: &Global, args: &PoolArgs) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    let store = &records.store.pool;
    match &args.what {
        What::Add(args) => add(global, &target, &records, args).await,
        What::List { kind, tenant } => {
            let kinds = ResourceKind::iter().filter(|known| kind.is_none_or(|kind| kind == *known));
            let listed = pool::list(store, kinds, tenant.as_ref()).await?;
            global.format().print(&listed, |listed| {
                rows(listed.iter().map(|pooled| &pooled.resource))
            })
        }
        What::Pause(one) => {
            let paused = pool::pause(store, &one.who.actor(), one.kind, &one.id).await?;
            print(global, one, paused)
        }
        What::Resume(one) => {
            let resumed = pool::resume(store, &one.who.actor(), one.kind, &one.id).await?;
            print(global, one, resumed)
        }
        What::Retire(one) => {
            let retired = pool::retire(store, &one.who.actor(), one.kind, &one.id).await?;
            print(global, one, retired)
        }
        What::Allocate(args) => allocate(global, &target, &records, args).await,
    }
}

async fn add(
    global: &Global,
    target: &Target,
    records: &Records,
    args: &AddArgs,
) -> Result<(), CliError> {
    let now = target.now()?;
    let id = match &args.id {
        Some(id) => id.clone(),
        None => id_of(&args.address).map_err(|error| CliError::usage(format!("--id: {error}")))?,
    };
    let new = NewResource {
        id: id.clone(),
        kind: args.kind,
        address: args.address.clone(),
        domain: args.domain.clone(),
        provider: args.provider,
        zone: args.zone,
        warm_up_started: args
            .warm_up_started
            .unwrap_or_else(|| args.zone.local(now).date()),
        owner: args.tenant.clone().map(|tenant| Owner {
            tenant,
            persona: args.persona.clone(),
        }),
    };
    let store = &records.store;
    let kind = args.kind;
    let added = pool::add(&store.tenants, &store.pool, &args.who.actor(), new, now).await?;
    let refused = match added {
        Added::Added(change) => {
            return global
                .format()
                .print(&change.after, |resource| rows([resource]));
        }
        Added::Exists => format!("{kind} {id}, or another one at {}, exists", args.address),
        Added::NotAnAddress => format!("'{}' is no address of a {kind}", args.address),
        Added::DomainMisplaced => "--domain: a mailbox has one, and nothing else has".to_owned(),
        Added::NoSuchDomain => match (&args.domain, &args.tenant) {
            (Some(domain), Some(tenant)) => format!("tenant {tenant} has no domain {domain}"),
            (Some(domain), None) => format!("no domain {domain} is available in the pool"),
            (None, _) => "there is no such domain".to_owned(),
        },
        Added::NoSuchTenant => "--tenant: there is no such tenant".to_owned(),
        Added::NoSuchPersona => "--persona: the tenant has no such persona".to_owned(),
    };
    Err(CliError::usage(refused))
}

/// What tells a resource from others, in the characters of an id.
fn id_of(address: &str) -> Result<ResourceId, IdError> {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let id: String = address.trim_start_matches('+').chars().map(plain).collect();
    id.parse()
}

#[derive(Serialize)]
struct Given<'a> {
    tenant: &'a TenantId,
    resources: &'a [Resource],
}

async fn allocate(
    global: &Global,
    target: &Target,
    records: &Records,
    args: &AllocateArgs,
) -> Result<(), CliError> {
    let tenant = &args.tenant;
    let mut wanted = pool::included(records.tenant(tenant).await?.tier);
    for (kind, count) in [
        (ResourceKind::EmailDomain, args.domains),
        (ResourceKind::PhoneNumber, args.numbers),
    ] {
        wanted.extend(count.map(|count| (kind, count)));
    }
    let (store, by) = (&records.store, args.who.actor());
    let now = target.now()?;
    match pool::allocate(&store.tenants, &store.pool, &by, tenant, &wanted, now).await? {
        Allocated::Allocated(change) => {
            let resources = &change.after[..];
            let given = Given { tenant, resources };
            global.format().print(&given, |given| {
                if given.resources.is_empty() {
                    format!("{tenant} has everything")
                } else {
                    rows(given.resources)
                }
            })
        }
        Allocated::Short { kind, missing } => Err(CliError::Failed(anyhow::anyhow!(
            "the pool lacks {missing} of kind {kind}; nothing was given to {tenant}"
        ))),
        Allocated::Contended => Err(outcome::contended("the pool")),
        Allocated::NoSuchTenant => Err(outcome::no_tenant(tenant)),
    }
}

fn print(global: &Global, one: &One, changed: Changed<Resource>) -> Result<(), CliError> {
    let name = format!("{} {}", one.kind, one.id);
    let missing = format!("there is no {name}");
    let state = |resource: &Resource| resource.status.to_string();
    let resource = outcome::changed(changed, &name, &missing, state)?;
    global.format().print(&resource, |resource| {
        format!("{name} is {}", resource.status)
    })
}

fn rows<'a>(resources: impl IntoIterator<Item = &'a Resource>) -> String {
    let text = |id: Option<&str>| id.unwrap_or("-").to_owned();
    let rows = resources.into_iter().map(|resource| {
        vec![
            resource.kind.to_string(),
            resource.id.to_string(),
            resource.address.clone(),
            resource.status.to_string(),
            text(resource.tenant.as_ref().map(TenantId::as_str)),
            text(resource.persona.as_ref().map(PersonaId::as_str)),
            resource.provider.to_string(),
        ]
    });
    table(
        &[
            "kind", "id", "address", "state", "tenant", "persona", "provider",
        ],
        rows,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_makes_an_id() {
        for (address, id) in [
            ("Mail1.example", "mail1-example"),
            ("ana@mail1.example", "ana-mail1-example"),
            ("+61480012345", "61480012345"),
        ] {
            assert_eq!(id_of(address).unwrap().as_str(), id);
        }
        assert!(id_of("").is_err());
    }
}
