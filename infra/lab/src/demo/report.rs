//! What the demonstration shows in the end: for each tenant rows, leads, touches, replies, suppressions, states and cost.

use std::collections::BTreeMap;

use serde::Serialize;
use touchline_domain::{
    ids::TenantId,
    money::Micros,
    sending::{Reason, touch::Outcome},
};
use touchline_engine::audit::{Audit, Evidence};

use touchline_stack::output::table;

/// Counts by name.
type Counts = BTreeMap<String, usize>;

/// One tenant's figures.
#[derive(Debug, Serialize)]
pub struct TenantReport {
    /// Whose.
    pub tenant: TenantId,
    /// Rows read.
    pub rows: u64,
    /// Leads created.
    pub leads_created: u64,
    /// Rows merged.
    pub merged: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Leads stored.
    pub leads: usize,
    /// Touches by channel and outcome, with the reason where it was not sent.
    pub touches: BTreeMap<String, Counts>,
    /// Steps that took their fallback, by why.
    pub fallbacks: Counts,
    /// Replies by intent.
    pub replies: Counts,
    /// Leads that opted out.
    pub opted_out: usize,
    /// Leads with a suppressed address.
    pub suppressed: usize,
    /// Enrolments by state and reason.
    pub enrolments: Counts,
    /// What the touches cost, in USD.
    pub cost_usd: String,
    /// The audit.
    pub audit: Audit,
}

/// Counts what there is.
#[must_use]
pub fn report(evidence: &Evidence, replies: Counts, audit: Audit) -> TenantReport {
    let sum =
        |f: fn(&touchline_engine::audit::UploadCount) -> u64| evidence.uploads.iter().map(f).sum();
    let mut touches: BTreeMap<String, Counts> = BTreeMap::new();
    let (mut fallbacks, mut enrolments) = (Counts::new(), Counts::new());
    let mut cost = Micros::ZERO;
    for touch in evidence.leads.iter().flat_map(|record| &record.touches) {
        let outcome = match touch.reason {
            Some(reason) if touch.outcome != Outcome::Sent => format!("{} {reason}", touch.outcome),
            _ => touch.outcome.to_string(),
        };
        *touches
            .entry(touch.channel.to_string())
            .or_default()
            .entry(outcome)
            .or_default() += 1;
        if let Some(reason) = touch.fallback_because {
            *fallbacks.entry(reason.to_string()).or_default() += 1;
        }
        cost += touch.cost;
    }
    for enrolment in evidence
        .leads
        .iter()
        .flat_map(|record| &record.journey.enrolments)
    {
        use touchline_domain::sending::journey::EnrolmentState::{Paused, Stopped};
        let state = match &enrolment.state {
            Stopped { reason } | Paused { reason, .. } => {
                format!("{} {reason}", enrolment.state.name())
            }
            other => other.name().to_owned(),
        };
        *enrolments.entry(state).or_default() += 1;
    }
    let suppressed_for = |wanted: Option<Reason>| {
        let hit = |record: &&touchline_engine::audit::LeadRecord| {
            record
                .suppressions
                .iter()
                .any(|(_, s)| wanted.is_none_or(|reason| s.reason == reason))
        };
        evidence.leads.iter().filter(hit).count()
    };
    TenantReport {
        tenant: evidence.tenant.id.clone(),
        rows: sum(|u| u.rows),
        leads_created: sum(|u| u.created),
        merged: sum(|u| u.merged),
        rejected: sum(|u| u.rejected),
        leads: evidence.leads.len(),
        touches,
        fallbacks,
        replies,
        opted_out: suppressed_for(Some(Reason::OptedOut)),
        suppressed: suppressed_for(None),
        enrolments,
        cost_usd: cost.to_string(),
        audit,
    }
}

impl TenantReport {
    /// The table for people.
    #[must_use]
    pub fn to_table(&self) -> String {
        let mut rows = vec![
            vec!["rows read".into(), self.rows.to_string()],
            vec!["leads created".into(), self.leads_created.to_string()],
            vec!["rows merged".into(), self.merged.to_string()],
            vec!["rows rejected".into(), self.rejected.to_string()],
        ];
        for (channel, outcomes) in &self.touches {
            rows.push(vec![format!("touches by {channel}"), listed(outcomes)]);
        }
        rows.push(vec!["fallbacks taken".into(), listed(&self.fallbacks)]);
        rows.push(vec!["replies".into(), listed(&self.replies)]);
        rows.push(vec!["opted out".into(), self.opted_out.to_string()]);
        rows.push(vec!["suppressed".into(), self.suppressed.to_string()]);
        rows.push(vec!["enrolments".into(), listed(&self.enrolments)]);
        rows.push(vec!["cost of touches, USD".into(), self.cost_usd.clone()]);
        let verdict = if self.audit.is_clean() {
            "clean"
        } else {
            "NOT CLEAN"
        };
        rows.push(vec!["audit".into(), verdict.into()]);
        table(&[self.tenant.as_str(), ""], rows)
    }
}

fn listed(counts: &Counts) -> String {
    if counts.is_empty() {
        return "none".into();
    }
    let mut sorted: Vec<(&String, &usize)> = counts.iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    sorted
        .iter()
        .map(|(name, count)| format!("{count} {name}"))
        .collect::<Vec<_>>()
        .join("\n")
}
