//! Runs a function: reads its settings, builds what it needs once, and hands each event to its handler. A function's
//! `main` names its declaration and its handler, and nothing else.

mod event;
mod http;
mod queue;
mod sender;

use chrono::{DateTime, Utc};
use touchline_engine::ports::PortError;
use touchline_runtime::{
    announcements::Announcements, aws::Aws, clock::Clock, logging, settings::Settings,
};
use touchline_store::{Store, bus::Bus};

pub use self::{
    event::{Nothing, Occasion, on_queue_and_schedule, on_schedule, on_upload},
    http::on_http,
    queue::on_queue,
    sender::sender,
};
use crate::{config::Config, needs::Needs, providers::Providers};

/// Why a function did not start, or stopped.
pub type Error = lambda_runtime::Error;

/// A function that has started.
#[derive(Debug)]
pub struct Function {
    /// What it declared.
    pub needs: &'static Needs,
    /// What it was given.
    pub config: Config,
    /// AWS.
    pub aws: Aws,
    /// The clock.
    pub clock: Clock,
    /// Tables, files and queues.
    pub store: Store,
    /// Services outside our stack.
    pub providers: Providers,
    /// What it has to tell the others at the end of the invocation.
    pub announcements: Announcements,
    bus: Option<Bus>,
}

impl Function {
    /// Reads the settings and builds the clients; calls nothing.
    ///
    /// # Errors
    /// A setting is missing or wrong: the function does not start, and names it (SPEC 13).
    pub async fn start(needs: &'static Needs) -> Result<Self, Error> {
        logging::init();
        let config = Config::read(needs, Settings::from_env())?;
        let aws = Aws::load().await;
        Ok(Self::of(needs, config, aws)?)
    }

    fn of(needs: &'static Needs, config: Config, aws: Aws) -> Result<Self, PortError> {
        let (names, clock) = (config.names(), config.clock.clone());
        let bus = needs.announces.then(|| Bus::of(&aws, &names)).transpose()?;
        Ok(Self {
            providers: Providers::new(&aws, &config)?,
            store: Store::with_clock(&aws, names, clock.clone()),
            announcements: Announcements::default(),
            needs,
            config,
            aws,
            clock,
            bus,
        })
    }

    /// Announces what the invocation noted.
    async fn end(&self, now: DateTime<Utc>) {
        if let Some(bus) = &self.bus {
            self.announcements.send(bus, now).await;
        }
    }
}

/// Runs a function on the one thread that Lambda gives it.
fn block_on(function: impl Future<Output = Result<(), Error>>) -> Result<(), Error> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(function)
}
