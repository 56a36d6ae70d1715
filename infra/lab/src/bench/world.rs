//! What the functions meet while they are measured: a tenant with a running campaign and the leads of the sample
//! events, one touch due. Written through the product's own store, at the time of the samples.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use touchline_domain::{
    calendar::DayKind,
    channel::Channel,
    ids::{CampaignId, LeadId, TenantId},
    sending::{
        campaign::Campaign,
        consent::{Basis, Consent},
        journey::Journey,
        lead::Lead,
        register::{WashResult, WashStatus},
        sequence::{Fallback, Sequence, Step},
        touch::Touch,
    },
};
use touchline_engine::{
    desk::{Documents, Versioned},
    ports::Journeys as _,
};
use touchline_lambda_harness::{AwsStub, Program};
use touchline_runtime::aws::Aws;
use touchline_store::{Names, Store, names};

use crate::demo::setup;
use touchline_stack::local;

/// A Friday in Sydney, 11:05: every window of the samples is open.
const NOW: &str = "2026-11-20T00:05:00Z";
/// The tenant of the sample events.
const TENANT: &str = "acme";
/// The leads of the sample events, each with an address and a number of its own.
const LEADS: [(&str, &str, &str); 2] = [
    (
        "lead_4m7q2x9k1c8v5b3n6d0f7g2h1j",
        "ana@redgum.example",
        "+61491570156",
    ),
    (
        "lead_9t3w6y1z4r8e2q5s7k0m3n6p8v",
        "ben@redgum.example",
        "+61491570157",
    ),
];
/// The touch that the sample delivery event is about.
const TOUCH: &str = "touch_2b5n8m1k4j7h0g3f6d9s2q5w8e";
/// Where the sample webhook came in; its signature covers this.
const PUBLIC_URL: &str = "https://10ca1a91.execute-api.ap-southeast-2.amazonaws.com";
/// What the sample webhook is signed with.
const SAMPLE_TOKEN: &str = "sample-auth-token";
const SECRETS_PREFIX: &str = "bench";
/// Providers with a secret; the e-mail links are sealed with the last one.
const SECRETS: [&str; 4] = ["resend", "twilio", "apollo", "unsubscribe"];
/// Providers that the settings name.
const PROVIDERS: [&str; 8] = [
    "resend",
    "ses",
    "clicksend",
    "twilio",
    "unipile",
    "apollo",
    "dncr",
    "anthropic",
];

/// The time of the world.
///
/// # Errors
/// Never; the time is checked as any other is.
pub fn now() -> anyhow::Result<DateTime<Utc>> {
    Ok(NOW.parse()?)
}

/// The name behind a setting.
#[must_use]
pub fn name_of(setting: &str) -> String {
    setting.to_lowercase().replace('_', "-")
}

/// The store that writes into the stubs.
pub async fn store(aws: &AwsStub) -> Store {
    let config = local::connect_to(&aws.url(), local::REGION).await;
    let names = Names::from_lookup(|setting| Some(name_of(setting)));
    Store::new(&Aws::at_endpoint(config), names)
}

/// A function's program with the settings that lead to the stubs; its files are in `folder`.
///
/// # Errors
/// When the clock's file can't be written.
pub fn program(
    aws: &AwsStub,
    function: &str,
    path: &Path,
    folder: &Path,
) -> anyhow::Result<Program> {
    let clock = folder.join("clock");
    std::fs::write(&clock, (now()? - Utc::now()).num_seconds().to_string())?;
    let url = aws.url();
    let mut env: Vec<(String, String)> = local::credentials(&url, local::REGION)
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    let mut set = |name: &str, value: String| env.push((name.to_owned(), value));
    for setting in names::all() {
        let queue = setting.starts_with("QUEUE_");
        let name = name_of(setting);
        set(setting, if queue { format!("{url}/{name}") } else { name });
    }
    for provider in PROVIDERS {
        let setting = format!("{}_URL", provider.to_uppercase());
        set(&setting, aws.provider_url(provider));
    }
    set("STAGE", "local".to_owned());
    set("PUBLIC_URL", PUBLIC_URL.to_owned());
    set("SECRETS_PREFIX", SECRETS_PREFIX.to_owned());
    set("CLOCK_FILE", clock.display().to_string());
    Ok(Program {
        path: path.to_owned(),
        env,
        log: folder.join(format!("{function}.log")),
    })
}

/// The tenant with its personas, resources and campaign.
///
/// # Errors
/// When the stubs refuse a write.
pub async fn put_tenant(aws: &AwsStub, store: &Store) -> anyhow::Result<(TenantId, CampaignId)> {
    for provider in SECRETS {
        let secret = json!({
            "api_key": "0123456789abcdef0123456789abcdef",
            "account": "bench",
            "webhook_secret": SAMPLE_TOKEN,
        });
        aws.put_secret(&format!("{SECRETS_PREFIX}/{provider}"), secret.to_string());
    }
    // The register numbers its accounts.
    let register = json!({ "api_key": "0123456789abcdef", "account": "1000001" });
    aws.put_secret(&format!("{SECRETS_PREFIX}/dncr"), register.to_string());
    let [mut plan, _] = setup::plans(0, 0)?;
    plan.tenant = TENANT.parse()?;
    setup::create(store, &plan, now()? - TimeDelta::days(1)).await?;
    Ok((plan.tenant, plan.campaign))
}

/// Everything that the sample events name. The steps of the campaign are on `channel`, and the first is due.
///
/// # Errors
/// When the stubs refuse a write.
pub async fn put_samples(aws: &AwsStub, store: &Store, channel: Channel) -> anyhow::Result<()> {
    let (tenant, campaign) = put_tenant(aws, store).await?;
    let now = now()?;
    let running = Documents::<Campaign>::read(&store.tenants, &tenant, &campaign).await?;
    let Versioned { version, value } = running.context("the campaign is not there")?;
    let on_channel = Campaign {
        sequence: Sequence::new(DayKind::Calendar, steps(channel))?,
        ..value
    };
    store
        .tenants
        .write(&tenant, &campaign, &on_channel, Some(version))
        .await?;
    for (id, email, phone) in LEADS {
        let lead = lead(&tenant, id, email, phone, now)?;
        let wash = WashResult {
            status: WashStatus::Clear,
            washed_at: now - TimeDelta::days(1),
        };
        if let Some(number) = &lead.phone {
            store.register.save_wash(number, wash).await?;
        }
        put_lead(store, lead, &campaign, channel, now).await?;
    }
    Ok(())
}

async fn put_lead(
    store: &Store,
    lead: Lead,
    campaign: &CampaignId,
    channel: Channel,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    touchline_engine::import::LeadWriter::put_profiles(store, &[&lead]).await?;
    let mut journey = Journey::new(lead.tenant.clone(), lead.id.clone());
    let due = now - TimeDelta::minutes(4);
    journey.enrol(campaign.clone(), now - TimeDelta::days(1), due, channel);
    journey.version = 1;
    store.save(&journey, 0).await?;
    store.put_touch(&touch(&lead, campaign, now)?).await?;
    Ok(())
}

/// One due now and one later, so that the first one's end puts the lead back into the index.
fn steps(channel: Channel) -> Vec<Step> {
    [0, 3]
        .map(|day| Step {
            day,
            channel,
            fallback: Fallback::Skip,
        })
        .into()
}

fn lead(
    tenant: &TenantId,
    id: &str,
    email: &str,
    phone: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Lead> {
    let id: LeadId = id.parse()?;
    let lead: Lead = serde_json::from_value(json!({
        "id": id,
        "tenant": tenant,
        "first_name": "Ana",
        "last_name": "Silva",
        "email": email,
        "phone": phone,
        "phone_takes_sms": true,
        "company": "Redgum Plumbing",
        "title": "Managing Director",
        "city": "Sydney",
        "country": "AU",
        "timezone": "Australia/Sydney",
        "als": 80,
        "created_at": now - TimeDelta::days(2),
        "upload": "2026-11-20-spring",
    }))?;
    Ok(Lead {
        consent: Some(Consent {
            given_on: (now - TimeDelta::days(2)).date_naive(),
            basis: Basis::Inferred,
        }),
        ..lead
    })
}

/// A touch that was sent an hour ago.
fn touch(lead: &Lead, campaign: &CampaignId, now: DateTime<Utc>) -> anyhow::Result<Touch> {
    Ok(serde_json::from_value(json!({
        "id": TOUCH,
        "tenant": lead.tenant,
        "lead": lead.id,
        "campaign": campaign,
        "step": "0",
        "purpose": "step",
        "channel": "email",
        "outcome": "sent",
        "at": now - TimeDelta::hours(1),
        "resource": "acme-ana-1",
        "provider": "resend",
        "provider_message_id": "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794",
        "cost": 400,
    }))?)
}

/// The longest that any function of the template may take.
pub const LIMIT: Duration = Duration::from_secs(900);

#[cfg(test)]
mod tests {
    use touchline_engine::{channel::serves, ports::Facts as _};

    use super::*;

    #[tokio::test]
    async fn the_samples_are_set_up_by_an_operators_acts_on_the_channel_that_is_measured() {
        let aws = AwsStub::start().await.unwrap();
        let store = store(&aws).await;
        put_samples(&aws, &store, Channel::Sms).await.unwrap();
        let tenant = TENANT.parse().unwrap();
        let [campaign] = &store.tenants.campaigns(&tenant).await.unwrap()[..] else {
            panic!("the tenant has one campaign");
        };
        assert!(
            campaign
                .sequence
                .steps()
                .iter()
                .all(|s| s.channel == Channel::Sms)
        );
        let context = store.context(&tenant, &campaign.id).await.unwrap().unwrap();
        assert!(context.resources.iter().any(|r| serves(r, Channel::Sms)));
        assert_eq!(context.personas.len(), 2);
    }
}
