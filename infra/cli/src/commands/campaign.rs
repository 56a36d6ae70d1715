//! `touchline campaign`: create, start, pause and list campaigns. The user chooses whom to reach; the system chooses how
//! (SEQ-1).

use clap::{Args, Subcommand};
use touchline_domain::{
    ids::{CampaignId, TenantId},
    sending::{
        campaign::{Campaign, CampaignStatus, default_templates},
        sequence::Sequence,
    },
};

use touchline_stack::{
    args::Global, error::CliError, output::table, records::Records, target::Target,
};

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
    },
    /// Start a campaign, or go on with a paused one.
    Start {
        /// The tenant.
        tenant: TenantId,
        /// The campaign.
        id: CampaignId,
    },
    /// Pause a campaign; touches that are queued already are put off.
    Pause {
        /// The tenant.
        tenant: TenantId,
        /// The campaign.
        id: CampaignId,
    },
    /// List a tenant's campaigns.
    List {
        /// The tenant.
        tenant: TenantId,
    },
}

/// Runs the command.
///
/// # Errors
/// There is no such tenant or campaign, or a value is wrong.
pub async fn run(global: &Global, args: &CampaignArgs) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    match &args.what {
        What::Create {
            tenant,
            id,
            name,
            start,
            sequence,
        } => {
            records.tenant(tenant).await?;
            let sequence = match sequence {
                Some(json) => serde_json::from_str::<Sequence>(json)
                    .map_err(|error| CliError::usage(format!("--sequence: {error}")))?,
                None => Sequence::default(),
            };
            let campaign = Campaign {
                id: id.clone(),
                tenant: tenant.clone(),
                name: name.clone(),
                status: if *start {
                    CampaignStatus::Active
                } else {
                    CampaignStatus::Draft
                },
                starts_at: target.now()?,
                sequence,
                templates: default_templates(),
                budget: None,
            };
            records
                .store
                .put_campaign(&campaign)
                .await
                .map_err(anyhow::Error::new)?;
            global.format().print(&campaign, |c| {
                format!("created campaign {} ({})", c.id, c.status)
            })
        }
        What::Start { tenant, id } => {
            change(global, &records, tenant, id, CampaignStatus::Active).await
        }
        What::Pause { tenant, id } => {
            change(global, &records, tenant, id, CampaignStatus::Paused).await
        }
        What::List { tenant } => {
            let campaigns = records
                .store
                .campaigns(tenant)
                .await
                .map_err(anyhow::Error::new)?;
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

async fn change(
    global: &Global,
    records: &Records,
    tenant: &TenantId,
    id: &CampaignId,
    status: CampaignStatus,
) -> Result<(), CliError> {
    let campaigns = records
        .store
        .campaigns(tenant)
        .await
        .map_err(anyhow::Error::new)?;
    let mut campaign = campaigns
        .into_iter()
        .find(|campaign| campaign.id == *id)
        .ok_or_else(|| CliError::usage(format!("tenant {tenant} has no campaign {id}")))?;
    campaign.status = status;
    records
        .store
        .put_campaign(&campaign)
        .await
        .map_err(anyhow::Error::new)?;
    global
        .format()
        .print(&campaign, |c| format!("campaign {} is {}", c.id, c.status))
}
