//! Kill switches (GATE-1, SEQ-5). They act on touches that are queued already, within a minute.

use std::future::Future;

use chrono::{DateTime, Utc};
use serde::Serialize;
use touchline_domain::sending::switch::{SwitchRecord, SwitchScope};

use super::{Actor, Change};
use crate::ports::PortError;

/// Where switches are kept. Each is a record of its own, so that two people turn different ones at once.
pub trait SwitchBoard: Sync {
    /// Turns a switch on unless it is on; answers the record of whoever turned it on before.
    fn turn_on(
        &self,
        scope: &SwitchScope,
        record: &SwitchRecord,
    ) -> impl Future<Output = Result<Option<SwitchRecord>, PortError>> + Send;

    /// Turns a switch off; answers its record, if it was on.
    fn turn_off(
        &self,
        scope: &SwitchScope,
    ) -> impl Future<Output = Result<Option<SwitchRecord>, PortError>> + Send;
}

/// A switch as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Switch {
    /// What it stops.
    pub scope: SwitchScope,
    /// Who turned it on and why; absent while it is off.
    pub on: Option<SwitchRecord>,
}

/// The answer to turning a switch on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paused {
    /// It is on now.
    Paused(Change<Switch>),
    /// Somebody turned it on before; their record stays.
    Already(SwitchRecord),
}

/// The answer to turning a switch off.
#[expect(
    clippy::large_enum_variant,
    reason = "an answer is made once and read at once"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resumed {
    /// It is off now.
    Resumed(Change<Switch>),
    /// It was not on.
    WasNotPaused,
}

/// Turns a switch on, for a reason that is kept with it.
///
/// # Errors
/// A port is not available.
pub async fn pause<P: SwitchBoard>(
    switches: &P,
    by: &Actor,
    scope: &SwitchScope,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Paused, PortError> {
    let record = SwitchRecord {
        at: now,
        actor: by.name.clone(),
        reason: reason.to_owned(),
    };
    if let Some(before) = switches.turn_on(scope, &record).await? {
        return Ok(Paused::Already(before));
    }
    Ok(Paused::Paused(turned(by, scope, None, Some(record))))
}

/// Turns a switch off.
///
/// # Errors
/// A port is not available.
pub async fn resume<P: SwitchBoard>(
    switches: &P,
    by: &Actor,
    scope: &SwitchScope,
) -> Result<Resumed, PortError> {
    Ok(match switches.turn_off(scope).await? {
        Some(before) => Resumed::Resumed(turned(by, scope, Some(before), None)),
        None => Resumed::WasNotPaused,
    })
}

fn turned(
    by: &Actor,
    scope: &SwitchScope,
    before: Option<SwitchRecord>,
    after: Option<SwitchRecord>,
) -> Change<Switch> {
    let switch = |on| Switch {
        scope: scope.clone(),
        on,
    };
    Change {
        by: by.clone(),
        before: Some(switch(before)),
        after: switch(after),
    }
}
