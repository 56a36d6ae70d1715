//! One lead of one tenant in memory, behind the ports of the reply path.

mod ports;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use chrono::{DateTime, Utc};
use touchline_domain::{
    channel::Channel,
    country::Country,
    events::{EventKind, InboundMessage, Provider, ProviderEvent},
    ids::{LeadId, TenantId},
    inbox::{InboxMessage, Task},
    money::Micros,
    replies::Intent,
    sending::{
        campaign::{Campaign, CampaignStatus, default_templates},
        journey::Journey,
        lead::Lead,
        sequence::Sequence,
        suppression::Suppression,
        switch::Switches,
        tenant::{Subscription, Tenant, Tier},
    },
};
use touchline_engine::{
    ports::{Context, PortError},
    reply::{
        self, Bodies, Handled, Reading,
        find::NoMembers,
        refine::{NoReader, Reader, Verdict},
    },
};

const EMAIL: &str = "ana@redgum.example";

/// The moment at which every reply comes: a Monday morning in Sydney.
pub fn now() -> DateTime<Utc> {
    "2026-11-22T23:00:00Z".parse().unwrap()
}

/// What is kept.
#[derive(Default)]
struct Kept {
    journey: Option<Journey>,
    messages: Vec<InboxMessage>,
    tasks: Vec<Task>,
    suppressions: Vec<Suppression>,
}

/// The world.
pub struct World {
    lead: Lead,
    context: Arc<Context>,
    kept: Mutex<Kept>,
}

impl World {
    /// A lead in a campaign, to whom nothing was sent yet.
    pub fn new() -> Self {
        let context = context();
        let lead = lead(&context.tenant.id);
        let mut journey = Journey::new(lead.tenant.clone(), lead.id.clone());
        journey.enrol(context.campaign.id.clone(), now(), now(), Channel::Email);
        Self {
            lead,
            context: Arc::new(context),
            kept: Mutex::new(Kept {
                journey: Some(journey),
                ..Kept::default()
            }),
        }
    }

    /// Handles a reply by the rules alone.
    pub async fn reply(&self, id: &str, text: &str) {
        self.reply_with(id, text, &[]).await;
    }

    /// Handles a reply with these headers.
    pub async fn reply_with(&self, id: &str, text: &str, headers: &[(&str, &str)]) {
        self.handle(&NoReader, id, text, headers).await;
    }

    /// Handles a reply with a model at hand; as what it was read, and how surely.
    pub async fn read(&self, model: &Model, id: &str, text: &str) -> (Intent, u8) {
        self.handle(model, id, text, &[]).await
    }

    async fn handle<R: Reader>(
        &self,
        reader: &R,
        id: &str,
        text: &str,
        headers: &[(&str, &str)],
    ) -> (Intent, u8) {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let event = ProviderEvent {
            event_id: id.to_owned(),
            provider: Provider::Resend,
            at: now(),
            reference: None,
            provider_message_id: None,
            kind: EventKind::Reply(InboundMessage {
                channel: Some(Channel::Email),
                from: EMAIL.to_owned(),
                to: "ben@pool.example".to_owned(),
                text: text.to_owned(),
                headers: headers.iter().map(own).collect(),
                ..InboundMessage::default()
            }),
        };
        let reading = Reading {
            members: &NoMembers,
            bodies: &NoBodies,
            reader,
        };
        let tenant = &self.lead.tenant;
        let handled = reply::handle_with(self, &reading, Some(tenant), &event, "raw", now());
        match handled.await.unwrap() {
            Handled::Acted {
                intent, confidence, ..
            } => (intent, confidence),
            other => panic!("{other:?}"),
        }
    }

    /// The journey as it is.
    pub fn journey(&self) -> Journey {
        self.kept.lock().unwrap().journey.clone().unwrap()
    }

    /// The tasks so far.
    pub fn tasks(&self) -> Vec<Task> {
        self.kept.lock().unwrap().tasks.clone()
    }

    /// Whether the lead may not be contacted any more.
    pub fn is_suppressed(&self) -> bool {
        !self.kept.lock().unwrap().suppressions.is_empty()
    }

    /// The channel of the conversation.
    pub fn channel(&self) -> Channel {
        Channel::Email
    }

    /// Whose lead, and which.
    pub fn key(&self) -> (TenantId, LeadId) {
        (self.lead.tenant.clone(), self.lead.id.clone())
    }
}

/// A model that always says the same.
pub struct Model {
    verdict: Option<Verdict>,
    asked: AtomicUsize,
}

impl Model {
    /// It finds this intent, so surely.
    pub fn saying(intent: Intent, confidence: u8) -> Self {
        Self {
            verdict: Some(Verdict { intent, confidence }),
            asked: AtomicUsize::new(0),
        }
    }

    /// It never answers.
    pub fn silent() -> Self {
        Self {
            verdict: None,
            asked: AtomicUsize::new(0),
        }
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// What one answer costs.
    pub fn price_of_one(&self) -> Micros {
        Micros(30_000)
    }
}

impl Reader for Model {
    async fn price(&self) -> Option<Micros> {
        Some(self.price_of_one())
    }

    async fn read(&self, _: Channel, _: &str) -> Option<Verdict> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.verdict
    }
}

struct NoBodies;

impl Bodies for NoBodies {
    async fn fetch(&self, _: &ProviderEvent, _: &str) -> Result<InboundMessage, PortError> {
        panic!("every reply here has its text")
    }
}

fn context() -> Context {
    let tenant: TenantId = "acme".parse().unwrap();
    Context {
        campaign: Campaign {
            id: "spring".parse().unwrap(),
            tenant: tenant.clone(),
            name: "Spring".to_owned(),
            status: CampaignStatus::Active,
            starts_at: now(),
            sequence: Sequence::default(),
            templates: default_templates(),
            budget: None,
        },
        tenant: Tenant {
            id: tenant,
            name: "Acme".to_owned(),
            tier: Tier::Ignition,
            subscription: Subscription::Active,
            manual_mode: false,
            zone: "Australia/Sydney".parse().unwrap(),
            country: Country::AU,
            attested_consent: None,
            register_policy: Default::default(),
            monthly_budget: None,
        },
        branding: serde_json::from_value(serde_json::json!({
            "company": "Acme", "postal_address": "1 Example Street, Sydney NSW 2000",
        }))
        .unwrap(),
        personas: vec![
            serde_json::from_value(serde_json::json!({
                "id": "ben", "first_name": "Ben", "last_name": "Lee", "email_prefix": "ben",
            }))
            .unwrap(),
        ],
        resources: Vec::new(),
        switches: Switches::default(),
        budget_spent: false,
    }
}

fn lead(tenant: &TenantId) -> Lead {
    serde_json::from_value(serde_json::json!({
        "id": LeadId::derive(tenant, EMAIL),
        "tenant": tenant,
        "first_name": "Ana",
        "email": EMAIL,
        "country": "AU",
        "state": "AU-NSW",
        "als": 60,
        "created_at": now(),
    }))
    .unwrap()
}
