//! An audit as people read it.

use touchline_engine::audit::Audit;

use crate::output;

/// The table of one tenant's checks.
#[must_use]
pub fn table(audit: &Audit) -> String {
    let rows = audit.checks.iter().map(|check| {
        let verdict = if check.holds() {
            "holds".to_owned()
        } else {
            format!("{} contradict", check.failed)
        };
        vec![check.claim.to_owned(), check.looked_at.to_string(), verdict]
    });
    let mut text = output::table(&[audit.tenant.as_str(), "records", ""], rows);
    for check in audit.checks.iter().filter(|check| !check.holds()) {
        text.push_str(&format!("\n{}:", check.claim));
        for contradiction in &check.contradictions {
            text.push_str(&format!("\n  {contradiction}"));
        }
    }
    text
}
