//! `touchline campaign`: create, start, pause and list campaigns. The user chooses whom to reach; the system chooses how
//! (SEQ-1).

use clap::{Args, Subcommand};
use touchline_domain::{
    ids::{CampaignId, TenantId},
    sending::{
        campaign::{Campaign, CampaignStatus},
        sequence::Sequence,
    },
};
use touchline_engine::desk::{Changed, Versioned, campaigns};
use touchline_stack::{
    args::Global, error::CliError, outcome, output::table, records::Records, target::Target,
};

use crate::who::Who;

/// What to do.
#[derive(Clone, Debug, Args)]
pub struct CampaignArgs {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
}

/// What can be done.
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// Create a campaign with the default sequence and templates.
    Create {
        /// The tenant.
        tenant: TenantId,
        /// The campaign's id.
        id: CampaignId,
        /// Its name.
        #[arg(long)]
        name: String,
        /// Start it at once.
        #[arg(long)]
        start: bool,
        /// Steps as JSON: {"unit":"working","steps":[{"day":0,"channel":"email","fallback":"skip"}]}.
        #[arg(long, value_name = "JSON")]
        sequence: Option<String>,
        /// Who creates it.
        #[command(flatten)]
        who: Who,
    },
    /// Start a campaign, or go on with a paused one.
    Start(One),
    /// Pause a campaign; touches that are queued already are put off.
    Pause(One),
    /// List a tenant's campaigns.
    List {
        /// The tenant.
        tenant: TenantId,
    },
}

/// A campaign.
#[derive(Clone, Debug, Args)]
pub struct One {
    /// The tenant.
    pub tenant: TenantId,
    /// The campaign.
    pub id: CampaignId,
    /// Who does it.
    #[command(flatten)]
    pub who: Who,
}

/// Runs the command.
///
/// # Errors
/// There is no such tenant or campaign, or a value is wrong.
pub async fn run(global: &Global, args: &CampaignArgs) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    let store = &records.store.tenants;
    match &args.what {
        What::Create {
            tenant,
            id,
            name,
            start,
            sequence,
            who,
        } => {
            let now = target.now()?;
            let mut campaign = Campaign::new(tenant.clone(), id.clone(), name.clone(), now);
            if let Some(json) = sequence {
                campaign.sequence = serde_json::from_str::<Sequence>(json)
                    .map_err(|error| CliError::usage(format!("--sequence: {error}")))?;
            }
            if *start {
                campaign.status = CampaignStatus::Active;
            }
            let created = campaigns::create(store, &who.actor(), campaign).await?;
            let campaign = outcome::created(created, &format!("campaign {id}"), tenant)?;
            global.format().print(&campaign.value, |c| {
                format!("created campaign {} ({})", c.id, c.status)
            })
        }
        What::Start(one) => {
            let by = one.who.actor();
            let started = campaigns::start(store, &by, &one.tenant, &one.id, None).await?;
            print(global, one, started)
        }
        What::Pause(one) => {
            let by = one.who.actor();
            let paused = campaigns::pause(store, &by, &one.tenant, &one.id, None).await?;
            print(global, one, paused)
        }
        What::List { tenant } => {
            let campaigns = store.campaigns(tenant).await?;
            global.format().print(&campaigns, |campaigns| {
                let row = |c: &Campaign| {
                    vec![
                        c.id.to_string(),
                        c.name.clone(),
                        c.status.to_string(),
                        c.sequence.steps().len().to_string(),
                    ]
                };
                table(
                    &["campaign", "name", "status", "steps"],
                    campaigns.iter().map(row),
                )
            })
        }
    }
}

fn print(
    global: &Global,
    one: &One,
    outcome: Changed<Versioned<Campaign>>,
) -> Result<(), CliError> {
    let (tenant, id) = (&one.tenant, &one.id);
    let missing = format!("tenant {tenant} has no campaign {id}");
    let state = |stands: &Versioned<Campaign>| stands.value.status.to_string();
    let campaign = outcome::changed(outcome, &format!("campaign {id}"), &missing, state)?;
    global.format().print(&campaign.value, |c| {
        format!("campaign {} is {}", c.id, c.status)
    })
}
