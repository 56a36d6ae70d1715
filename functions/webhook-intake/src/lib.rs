//! Takes providers' webhooks and recipients' unsubscribes: verifies, keeps, queues, answers (HOOK-1, HOOK-2, R27).
//! No business logic, and no write for a caller who proved nothing.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod handler;
pub mod intake;
mod page;
mod route;
pub mod trust;
