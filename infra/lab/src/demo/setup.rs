//! The two tenants of the demonstration: one with an Apollo export, Resend and Twilio, one with a LinkedIn export, Amazon
//! SES and ClickSend. Both have what their tier includes, warmed up.

use chrono::{DateTime, Days, Utc};
use touchline_domain::{
    calendar::Zone,
    country::Country,
    events::Provider,
    ids::{CampaignId, TenantId, UploadId},
    message::{Branding, Persona},
    sending::{
        campaign::{Campaign, CampaignStatus},
        consent::Basis,
        resource::ResourceKind,
        tenant::{Tenant, Tier},
    },
};
use touchline_engine::desk::pool::{NewResource, Owner};
use touchline_stack::setup::Setup;
use touchline_store::Store;

use super::lists;

/// A tenant of the demonstration.
pub struct Plan {
    /// Its id.
    pub tenant: TenantId,
    /// Its name.
    pub name: &'static str,
    /// Its campaign.
    pub campaign: CampaignId,
    /// Its upload.
    pub upload: UploadId,
    /// The name of its file.
    pub file: &'static str,
    /// The file.
    pub list: Vec<u8>,
    email: Provider,
    sms: Provider,
    number: &'static str,
}

/// The two plans, with lists of `rows` rows.
///
/// # Errors
/// Never; ids are checked as all ids are.
pub fn plans(rows: usize, seed: u64) -> anyhow::Result<[Plan; 2]> {
    Ok([
        Plan {
            tenant: "harbour".parse()?,
            name: "Harbour Growth",
            campaign: "spring".parse()?,
            upload: "apollo-1".parse()?,
            file: "apollo-contacts-export.csv",
            list: lists::apollo_export(rows, seed),
            email: Provider::Resend,
            sms: Provider::Twilio,
            number: "+61480012345",
        },
        Plan {
            tenant: "redgum".parse()?,
            name: "Redgum Partners",
            campaign: "network".parse()?,
            upload: "linkedin-1".parse()?,
            file: "Connections.csv",
            list: lists::linkedin_export(rows, seed.wrapping_add(1)),
            email: Provider::Ses,
            sms: Provider::Clicksend,
            number: "+61480054321",
        },
    ])
}

/// Sets a tenant up with its personas, resources and running campaign.
///
/// # Errors
/// The stack cannot be written to.
pub async fn create(store: &Store, plan: &Plan, now: DateTime<Utc>) -> anyhow::Result<()> {
    let zone: Zone = "Australia/Sydney".parse()?;
    let setup = Setup::new(store, "demo");
    let (id, name) = (plan.tenant.clone(), plan.name.to_owned());
    let tenant = Tenant {
        attested_consent: Some(Basis::Inferred),
        ..Tenant::new(id, name, Country::AU, zone)
    };
    let branding: Branding = serde_json::from_value(serde_json::json!({
        "company": plan.name,
        "website": format!("https://{}.example", plan.tenant),
        "postal_address": "1 Example Street, Sydney NSW 2000",
    }))?;
    setup.tenant(tenant, Some(branding)).await?;
    for (id, first, last, title) in [
        ("ana", "Ana", "Ruiz", "Partnerships"),
        ("ben", "Ben", "Osei", "Client Development"),
    ] {
        let persona: Persona = serde_json::from_value(serde_json::json!({
            "id": id,
            "first_name": first,
            "last_name": last,
            "title": title,
            "email_prefix": id,
            "calendar_link": format!("https://cal.{}.example/{id}", plan.tenant),
        }))?;
        setup.persona(&plan.tenant, persona).await?;
    }
    for resource in resources(plan, zone, now)? {
        setup.resource(resource, now).await?;
    }
    let name = format!("{} first outreach", plan.name);
    let campaign = Campaign {
        status: CampaignStatus::Active,
        ..Campaign::new(plan.tenant.clone(), plan.campaign.clone(), name, now)
    };
    setup.campaign(campaign).await
}

/// What the tier includes (TEN-4): domains with two mailboxes each, a phone number; warmed up since a month and more.
fn resources(plan: &Plan, zone: Zone, now: DateTime<Utc>) -> anyhow::Result<Vec<NewResource>> {
    let allowance = Tier::Ignition.allowance();
    let warm = zone.local(now).date() - Days::new(45);
    let base = |id: String, kind, address: String, provider| -> anyhow::Result<NewResource> {
        Ok(NewResource {
            id: id.parse()?,
            kind,
            address,
            domain: None,
            provider,
            zone,
            warm_up_started: warm,
            owner: Some(Owner {
                tenant: plan.tenant.clone(),
                persona: None,
            }),
        })
    };
    let mut all = Vec::new();
    for n in 1..=allowance.domains {
        let domain = format!("{}-mail{n}.example", plan.tenant);
        let id = format!("{}-domain-{n}", plan.tenant);
        all.push(base(
            id.clone(),
            ResourceKind::EmailDomain,
            domain.clone(),
            plan.email,
        )?);
        for persona in ["ana", "ben"] {
            let address = format!("{persona}@{domain}");
            let mut mailbox = base(
                format!("{}-{persona}-{n}", plan.tenant),
                ResourceKind::Mailbox,
                address,
                plan.email,
            )?;
            mailbox.owner = Some(Owner {
                tenant: plan.tenant.clone(),
                persona: Some(persona.parse()?),
            });
            mailbox.domain = Some(id.parse()?);
            all.push(mailbox);
        }
    }
    all.push(base(
        format!("{}-number-1", plan.tenant),
        ResourceKind::PhoneNumber,
        plan.number.to_owned(),
        plan.sms,
    )?);
    Ok(all)
}
