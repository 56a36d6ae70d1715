//! All aggregates of a stack behind one value, built once for each process. It answers the engine's ports: those of one
//! aggregate by delegation, those that need several in [`crate::paths`].

use ambassador::Delegate;
use chrono::{DateTime, Utc};
use touchline_domain::{
    contact::{AddressHash, E164},
    events::Provider,
    ids::{CampaignId, LeadId, ResourceId, TenantId, TouchId},
    sending::{
        journey::Journey,
        lead::Lead,
        suppression::{Superseded, Suppression},
        touch::{Signal, Touch},
    },
};
use touchline_engine::ports::{
    AddressFacts, Breakers, Capacity, Context, Facts, Journeys, PortError, Reservation, Reserved,
    Saved, Suppressions, ambassador_impl_Breakers, ambassador_impl_Capacity, ambassador_impl_Facts,
    ambassador_impl_Journeys, ambassador_impl_Suppressions,
};
use touchline_runtime::{aws::Aws, clock::Clock, settings::name};

use crate::{
    context::CampaignFacts,
    files::Files,
    inbox::Inbox,
    leads::Leads,
    ledger::Ledger,
    names::Names,
    pool::Pool,
    queues::{Queue, to},
    register::Register,
    tenants::Tenants,
    usage::Usage,
};

/// The store.
#[derive(Debug, Delegate)]
#[delegate(Breakers, target = "ledger")]
#[delegate(Capacity, target = "usage")]
#[delegate(Facts, target = "facts")]
#[delegate(Journeys, target = "leads")]
#[delegate(Suppressions, target = "register")]
pub struct Store {
    /// Leads, journeys, touches, the due index.
    pub leads: Leads,
    /// Tenants, campaigns, personas, switches, uploads.
    pub tenants: Tenants,
    /// Capacity.
    pub usage: Usage,
    /// Resources.
    pub pool: Pool,
    /// The register's answers and suppression.
    pub register: Register,
    /// Conversations and tasks.
    pub inbox: Inbox,
    /// Watermarks, breakers, checkpoints, what was paid for.
    pub ledger: Ledger,
    /// Files.
    pub files: Files,
    /// Campaigns' contexts and addresses' facts.
    pub facts: CampaignFacts,
    names: Names,
    sqs: aws_sdk_sqs::Client,
}

impl Store {
    /// The store of a stack with these names, with the system's clock.
    #[must_use]
    pub fn new(aws: &Aws, names: Names) -> Self {
        Self::with_clock(aws, names, Clock::real())
    }

    /// The store of a stack with these names.
    #[must_use]
    pub fn with_clock(aws: &Aws, names: Names, clock: Clock) -> Self {
        let db = aws.dynamodb();
        let given = |setting| names.find(setting);
        let tenants = Tenants::new(db.clone(), given(name::TENANTS_TABLE));
        let pool = Pool::new(db.clone(), given(name::POOL_TABLE));
        let register = Register::new(db.clone(), given(name::REGISTER_TABLE));
        Self {
            facts: CampaignFacts::new(tenants.clone(), pool.clone(), register.clone(), clock),
            leads: Leads::new(db.clone(), given(name::LEADS_TABLE)),
            usage: Usage::new(db.clone(), given(name::TENANTS_TABLE)),
            tenants,
            pool,
            register,
            inbox: Inbox::new(db.clone(), given(name::INBOX_TABLE)),
            ledger: Ledger::new(db, given(name::LEDGER_TABLE)),
            files: Files::new(aws.s3(), given(name::BUCKET)),
            sqs: aws.sqs(),
            names,
        }
    }

    /// A queue. Which one is a type, so that a program shows where it sends to.
    pub(crate) fn queue<T: to::Target>(&self, target: T) -> Result<Queue, PortError> {
        let url = self.names.get(target.setting())?;
        Ok(Queue::new(self.sqs.clone(), &url))
    }
}
