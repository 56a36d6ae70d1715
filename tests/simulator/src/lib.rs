//! The providers, played by one process on a local port: their APIs, their signed webhooks, and leads who answer.
//!
//! It shares no code with what it tests: requests are read and webhooks signed from the providers' own
//! documentation, so that a misreading on one side does not hide one on the other.
//! What happens is a function of the seed, the address and the number of the message, not of timing.
//!
//! | path | what it does |
//! |---|---|
//! | `/resend /ses /twilio /clicksend /unipile /apollo /dncr` | the providers' own paths below each |
//! | `GET /_sim/ledger?since=` | accepted calls after that number; `duplicate_of` marks a touch that came twice |
//! | `GET /_sim/stats` | counters: accepted, replays, duplicates, faults, webhooks, replies by intent |
//! | `GET /_sim/pending` | how many events are still to come, and when the next is due |
//! | `GET /_sim/replies` | delivered answers of leads, with the intent that they were written for |
//! | `POST /_sim/pump` | posts all that is due, answers when it is done |
//! | `POST /_sim/faults` | adds a [`FaultRule`]: `{provider, fault, count?, rate?, match?}` |
//! | `POST /_sim/inbound` | `{provider, from, to, text, subject?, headers?, count?}`: a message from a lead, due now |
//! | `POST /_sim/member` | `{provider_id, public_id}`: a member of LinkedIn and both their names |
//! | `POST /_sim/relation` | `{account, person}`: a member who is connected to a seat now |
//! | `POST /_sim/redeliver` | `{last}`: posts the last webhooks again, with the same ids |
//! | `POST /_sim/config` | `{seed?, hook_base?, public_url?, rates?, secrets?, silent?, advance_seconds?}`; webhooks of `silent` providers are lost |
//! | `POST /_sim/reset` | forgets everything but the settings |

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod api;
pub mod catcher;
mod clock;
mod config;
mod control;
mod draw;
mod fault;
mod hooks;
mod leads;
mod ledger;
mod pump;
mod server;
mod sim;
mod wire;

pub use config::{Config, Rates};
pub use fault::{Fault, FaultRule};
pub use ledger::Entry;
pub use pump::Pumped;
pub use server::{Handle, start};
pub use wire::Wire;
