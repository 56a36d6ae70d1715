//! The reckoning at the end of a scenario: the audit of the tables, and the simulator's ledger against them. Zero
//! duplicates, zero lost, zero limit breaches, or an error that names the contradiction.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{bail, ensure};
use touchline_domain::sending::{
    journey::{EnrolmentState, Journey},
    touch::Outcome,
};
use touchline_engine::{
    audit::{self, Evidence},
    ports::Journeys as _,
};
use touchline_stack::gather::{self, Ledger};

use crate::{bed::Bed, cast::Cast, wait};

/// A sender gives a call up after 8 s; on a busy machine everything takes its time.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How many touches ended how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<&'static str, usize>);

impl Tally {
    /// Touches that ended so.
    #[must_use]
    pub fn of(&self, outcome: Outcome) -> usize {
        self.0.get(outcome.into()).copied().unwrap_or(0)
    }

    /// All touches.
    #[must_use]
    pub fn total(&self) -> usize {
        self.0.values().sum()
    }

    fn count(evidence: &Evidence) -> Self {
        let mut tally = Self::default();
        for touch in evidence.leads.iter().flat_map(|lead| &lead.touches) {
            *tally.0.entry(touch.outcome.into()).or_default() += 1;
        }
        tally
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts: Vec<String> = self
            .0
            .iter()
            .map(|(name, n)| format!("{n} {name}"))
            .collect();
        f.write_str(&parts.join(", "))
    }
}

impl Bed {
    /// The journeys of all leads, as they are now.
    ///
    /// # Errors
    /// A lead cannot be read.
    pub async fn journeys(&self, cast: &Cast) -> anyhow::Result<Vec<Journey>> {
        let reads = cast
            .ids()
            .map(|lead| self.records.store.load(&cast.tenant, lead));
        let found = futures::future::try_join_all(reads).await?;
        Ok(found
            .into_iter()
            .flatten()
            .map(|(_, journey)| journey)
            .collect())
    }

    /// Waits until `right` holds of every lead's journey.
    ///
    /// # Errors
    /// It does not within a minute.
    pub async fn all(
        &self,
        cast: &Cast,
        what: &str,
        right: impl Fn(&Journey) -> bool,
    ) -> anyhow::Result<()> {
        let what = format!("{what} for every lead of {}", cast.tenant);
        wait::until(&what, PATIENCE, || async {
            let journeys = self.journeys(cast).await?;
            Ok(journeys.iter().all(&right).then_some(()))
        })
        .await
    }

    /// Waits until every lead's one step has ended, and no touch is being sent.
    ///
    /// # Errors
    /// It has not within a minute.
    pub async fn ended(&self, cast: &Cast) -> anyhow::Result<()> {
        self.all(cast, "the step has ended", has_ended).await
    }

    /// Waits until nothing of any lead is due now or being sent: each ended, or was put off.
    ///
    /// # Errors
    /// Something still is after a minute.
    pub async fn settled(&self, cast: &Cast) -> anyhow::Result<()> {
        let now = self.now()?;
        self.all(cast, "nothing is due", |journey| {
            let due = journey.next_due();
            journey.claim.is_none() && due.is_none_or(|(at, ..)| at > now)
        })
        .await
    }

    /// Waits until no touch is being sent.
    ///
    /// # Errors
    /// One still is after a minute.
    pub async fn unclaimed(&self, cast: &Cast) -> anyhow::Result<()> {
        self.all(cast, "no touch is claimed", |journey| {
            journey.claim.is_none()
        })
        .await
    }

    /// How the touches ended so far.
    ///
    /// # Errors
    /// A lead cannot be read.
    pub async fn tally(&self, cast: &Cast) -> anyhow::Result<Tally> {
        Ok(Tally::count(&self.evidence(cast).await?))
    }

    /// [`Self::audited`], and one touch for each lead: none is lost.
    ///
    /// # Errors
    /// Something contradicts.
    pub async fn reckon(&self, cast: &Cast) -> anyhow::Result<Tally> {
        let tally = self.audited(cast).await?;
        ensure!(
            tally.total() == cast.leads.len(),
            "{} touches of {} leads: {tally}",
            tally.total(),
            cast.leads.len()
        );
        Ok(tally)
    }

    /// Every claim of the audit, and no call accepted twice. Answers how the touches ended.
    ///
    /// # Errors
    /// Something contradicts.
    pub async fn audited(&self, cast: &Cast) -> anyhow::Result<Tally> {
        let evidence = self.evidence(cast).await?;
        for check in audit::audit(&evidence).checks {
            if !check.holds() {
                bail!("{}: {}", check.claim, check.contradictions.join("; "));
            }
        }
        let entries = self.simulator.ledger(&cast.tenant).await?;
        let twice = entries.iter().filter(|entry| entry.duplicate_of.is_some());
        ensure!(twice.count() == 0, "a provider accepted a touch twice");
        Ok(Tally::count(&evidence))
    }

    async fn evidence(&self, cast: &Cast) -> anyhow::Result<Evidence> {
        let ledger = Ledger::read(&self.target).await?;
        gather::evidence(&self.target, &self.records, &cast.tenant, ledger.as_ref())
            .await
            .map_err(|error| anyhow::anyhow!(error.one_line()))
    }
}

/// Whether a lead's one step is through.
#[must_use]
pub fn has_ended(journey: &Journey) -> bool {
    journey.claim.is_none()
        && journey
            .enrolments
            .iter()
            .all(|enrolment| match enrolment.state {
                EnrolmentState::Completed | EnrolmentState::Stopped { .. } => true,
                EnrolmentState::Active | EnrolmentState::Paused { .. } => enrolment.step > 0,
            })
}
