//! AI voice calls. No sender is built.

use touchline_domain::sending::resource::ResourceKind;

use super::{Rules, phone};

pub(super) const RULES: Rules = Rules {
    built: false,
    queue: "QUEUE_VOICE",
    sent_by: Some(ResourceKind::PhoneNumber),
    keeps_sender: false,
    per_minute: None,
    batch: None,
    confirms_opt_out: false,
    has_members: false,
    reaches: |lead| lead.phone.is_some() && !lead.entity,
    address: phone::address,
    parse: phone::parse,
    ours: phone::ours,
};
