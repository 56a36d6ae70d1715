//! What `enqueue` needs. `template.yaml` is written from it.

use touchline_wiring::needs::{Action::*, Table::*, *};

pub const NEEDS: Needs = Needs {
    name: "enqueue",
    does: "Moves what is due to its channel queue, every minute (SEND-4); a shard that takes long in an invocation of its own.",
    timeout_secs: 50,
    triggers: &[Trigger::Schedule("EveryMinute", "rate(1 minute)")],
    // The next minute does what this one did not.
    retries: Retries::Again {
        times: 0,
        within_secs: 60,
    },
    tables: &[(LeadsDue, &[Query]), (Ledger, &[Get, Put, Update])],
    sends: &[
        Queue::Touches(Channel::Email),
        Queue::Touches(Channel::Sms),
        Queue::Touches(Channel::Voice),
        Queue::Touches(Channel::Linkedin),
        Queue::Touches(Channel::Mail),
    ],
    invokes_itself: true,
    ..Needs::NOTHING
};
