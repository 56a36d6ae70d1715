//! LinkedIn connection requests and messages. No sender is built; replies are read.

use touchline_domain::{
    contact::{Address, LinkedInId},
    sending::resource::ResourceKind,
};

use super::Rules;

pub(super) const RULES: Rules = Rules {
    built: false,
    queue: "QUEUE_LINKEDIN",
    sent_by: Some(ResourceKind::LinkedinSeat),
    keeps_sender: false,
    per_minute: None,
    batch: None,
    confirms_opt_out: false,
    has_members: true,
    reaches: |lead| lead.linkedin.is_some() && !lead.entity,
    address: |lead| parse(lead.linkedin.as_deref()?),
    parse,
    ours: str::to_owned,
};

fn parse(text: &str) -> Option<Address> {
    text.parse::<LinkedInId>().ok().map(Address::Linkedin)
}
