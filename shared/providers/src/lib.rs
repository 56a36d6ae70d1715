//! The outside world: one module per provider with its client, and the verification and parsing of webhooks.
//!
//! A client makes exactly one call and names its outcome; it never retries and never decides a rule.
//! Nothing here reads the clock, the environment or a random source.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod anthropic;
pub mod apollo;
pub mod clicksend;
pub mod dncr;
pub mod http;
pub mod lists;
mod price;
mod redact;
pub mod resend;
pub mod sender;
pub mod ses;
pub mod status_code;
pub mod twilio;
pub mod unipile;
pub mod webhook;

pub use sender::{EmailSender, SmsSender};
