//! The stack a command works on: the local one, or one deployed to AWS with the caller's credentials.
//! AWS is never reached unless it was asked for by name.

use aws_config::{BehaviorVersion, SdkConfig};
use chrono::{DateTime, Utc};

use crate::clock::{ClockError, VirtualClock};
use crate::error::CliError;
use crate::local::{self, LocalError, StackPaths, StackState};
use crate::outputs::Outputs;
use crate::workspace::Workspace;

/// A stack can't be described: bring it up, or correct its name.
#[derive(Debug, thiserror::Error)]
#[error("stack {name} can't be described: {reason}")]
pub struct TargetError {
    /// The stack.
    pub name: String,
    /// The service's reason.
    pub reason: String,
}

/// Where the stack is.
#[derive(Debug, Clone)]
pub enum Place {
    /// On this machine.
    Local(Box<StackState>),
    /// In AWS.
    Aws,
}

/// A stack that commands work on.
#[derive(Debug, Clone)]
pub struct Target {
    name: String,
    place: Place,
    config: SdkConfig,
}

impl Target {
    /// The local stack `name`, or with `aws` the deployed one.
    ///
    /// # Errors
    /// [`LocalError::NotUp`] when there is no such local stack.
    pub async fn open(name: &str, aws: bool) -> Result<Self, CliError> {
        if aws {
            return Ok(Self {
                name: name.to_owned(),
                place: Place::Aws,
                config: aws_config::load_defaults(BehaviorVersion::latest()).await,
            });
        }
        let workspace = Workspace::find().await?;
        let paths = StackPaths::new(&workspace, name)?;
        let state = StackState::load(&paths.state())?;
        let state = state.ok_or_else(|| LocalError::NotUp(name.to_owned()))?;
        Ok(Self::of_local(state).await)
    }

    /// The local stack of this state.
    pub async fn of_local(state: StackState) -> Self {
        Self {
            name: state.name.clone(),
            config: local::connect(&state).await,
            place: Place::Local(Box::new(state)),
        }
    }

    /// The stack's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Clients made from this call the stack.
    #[must_use]
    pub fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// The deployed name of a function, as the template forms it.
    #[must_use]
    pub fn function(&self, name: &str) -> String {
        format!("{}-{name}", self.name)
    }

    /// The virtual clock.
    ///
    /// # Errors
    /// A usage error in AWS, where time is real.
    pub fn clock(&self) -> Result<VirtualClock, CliError> {
        match &self.place {
            Place::Local(state) => Ok(VirtualClock::at(&state.clock_file)),
            Place::Aws => Err(CliError::usage("a stack in AWS has no virtual clock")),
        }
    }

    /// The stack's time: virtual on the local stack, real in AWS.
    ///
    /// # Errors
    /// When the clock file is damaged.
    pub fn now(&self) -> Result<DateTime<Utc>, CliError> {
        match &self.place {
            Place::Local(state) => {
                let clock = VirtualClock::at(&state.clock_file);
                Ok(clock.now(Utc::now())?)
            }
            Place::Aws => Ok(Utc::now()),
        }
    }

    /// The template's outputs.
    ///
    /// # Errors
    /// [`TargetError`].
    pub async fn outputs(&self) -> Result<Outputs, TargetError> {
        let unreachable = |reason: String| TargetError {
            name: self.name.clone(),
            reason,
        };
        let client = aws_sdk_cloudformation::Client::new(&self.config);
        let found = client.describe_stacks().stack_name(&self.name).send().await;
        let found = found.map_err(|error| unreachable(local::chain(&error)))?;
        let stack = found.stacks().first();
        let stack = stack.ok_or_else(|| unreachable("it does not exist".into()))?;
        let pairs = stack.outputs().iter().filter_map(|output| {
            Some((
                output.output_key()?.to_owned(),
                output.output_value()?.to_owned(),
            ))
        });
        Ok(pairs.collect())
    }
}

impl From<ClockError> for CliError {
    fn from(error: ClockError) -> Self {
        LocalError::from(error).into()
    }
}
