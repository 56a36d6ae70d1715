//! A stack that is up, with everything that a test works on: its records, queues, simulator and time.
//! Time only moves when a test moves it, and schedules only fire when a test fires them.

use anyhow::Context as _;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use serde_json::Value;
use touchline_domain::{
    calendar::{Region, Zone, is_working_day},
    country::Country,
    region::State,
};
use touchline_stack::{
    invoke,
    local::{self, LocalStack, UpOptions},
    progress::Progress,
    records::Records,
    target::Target,
    workspace::Workspace,
};

use crate::{queues::Queues, simulator::Simulator};

/// Inside the window of an e-mail (09:00-11:00) and of a text message, both in Sydney, where all leads are.
const START: (u32, u32) = (9, 15);
/// Where all leads are.
pub const STATE: &str = "NSW";

/// A stack that is up. It goes down when this is dropped.
pub struct Bed {
    stack: LocalStack,
    /// What commands work on.
    pub target: Target,
    /// Tables, bucket and queue addresses.
    pub records: Records,
    /// The providers.
    pub simulator: Simulator,
    /// The queues.
    pub queues: Queues,
}

impl Bed {
    /// A fresh stack with IAM enforced, whose providers never fail and whose leads never answer by themselves.
    ///
    /// # Errors
    /// It does not come up.
    pub async fn up(name: &str) -> anyhow::Result<Self> {
        let workspace = Workspace::find().await?;
        let options = UpOptions {
            name: name.to_owned(),
            fresh: true,
            auth: true,
            schedules: false,
            seed: 7,
            ..UpOptions::default()
        };
        let stack = local::up(&workspace, &options, &Progress::new(true)).await?;
        let target = Target::of_local(stack.state().clone()).await;
        let records = Records::open(&target).await?;
        let simulator = Simulator::of(&target)?;
        simulator.quiet().await?;
        Ok(Self {
            queues: Queues::of(&target, &records),
            stack,
            target,
            records,
            simulator,
        })
    }

    /// Where webhooks and unsubscribe links go, without a final slash.
    #[must_use]
    pub fn api(&self) -> &str {
        &self.stack.state().api_url
    }

    /// The stack's time.
    ///
    /// # Errors
    /// The clock file is damaged.
    pub fn now(&self) -> anyhow::Result<DateTime<Utc>> {
        Ok(self.stack.clock().now(Utc::now())?)
    }

    /// Moves the stack's time on.
    ///
    /// # Errors
    /// The clock file cannot be written.
    pub fn advance(&self, span: TimeDelta) -> anyhow::Result<DateTime<Utc>> {
        Ok(self.stack.clock().advance(span.to_std()?, Utc::now())?)
    }

    /// Moves the stack's time to 09:15 in Sydney of the next day on which the leads can be written to.
    ///
    /// # Errors
    /// The clock file cannot be written.
    pub fn next_morning(&self) -> anyhow::Result<DateTime<Utc>> {
        let now = self.now()?;
        let state = State::parse(Some(Country::AU), STATE).context("a state")?;
        let time = NaiveTime::from_hms_opt(START.0, START.1, 0).unwrap_or_default();
        let sydney: Zone = "Australia/Sydney".parse()?;
        let mut day = sydney.local(now).date();
        loop {
            day = day.succ_opt().context("the calendar ends")?;
            if is_working_day(&[Region::State(state)], day) {
                let at = sydney.to_utc(day.and_time(time));
                return Ok(self.stack.clock().set(at, Utc::now())?);
            }
        }
    }

    /// Runs the minute's schedule once, as EventBridge would.
    ///
    /// # Errors
    /// `enqueue` fails.
    pub async fn tick(&self) -> anyhow::Result<Value> {
        let event = invoke::scheduled_event(&self.target.function("enqueue"), self.now()?);
        invoke::call(&self.target, "enqueue", &event).await
    }
}
