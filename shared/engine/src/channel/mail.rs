//! Printed post. No sender is built, and no postal address of a lead is kept.

use super::Rules;

pub(super) const RULES: Rules = Rules {
    built: false,
    queue: "QUEUE_MAIL",
    sent_by: None,
    keeps_sender: false,
    per_minute: None,
    batch: None,
    confirms_opt_out: false,
    has_members: false,
    reaches: |_| false,
    address: |_| None,
    parse: |_| None,
    ours: str::to_owned,
};
