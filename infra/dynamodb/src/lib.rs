//! DynamoDB on loopback, for the local stack and for tests: `dynoxide`, which keeps its tables in `SQLite` in memory and answers
//! forty times as fast as the AWS emulator does. Items expire by the stack's clock.
//!
//! It knows no IAM and no `TransactionConflict`: requests are carried out one after the other. Tests that need either
//! run against the AWS emulator.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod expiry;
mod time;

use std::future::Future;
use std::net::Ipv4Addr;
use std::sync::Arc;

use anyhow::Context as _;
use dynoxide::{Database, server};
use tokio::net::{TcpListener, TcpSocket};
use touchline_runtime::clock::Clock;

use self::time::StackTime;

/// Clients that wait to be accepted.
const BACKLOG: u32 = 1024;

/// Listens on this port of loopback; 0 takes a free one.
///
/// # Errors
/// The port is taken.
pub fn listen(port: u16) -> anyhow::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    // Connections have it from their listener. Without it the end of a long answer waits for the client's acknowledgement.
    socket.set_nodelay(true)?;
    let address = (Ipv4Addr::LOCALHOST, port).into();
    let bound = socket.bind(address);
    bound.with_context(|| format!("listening on {address}"))?;
    Ok(socket.listen(BACKLOG)?)
}

/// Serves a database without tables until `stopped`.
///
/// # Errors
/// No database can be made in memory, or the listener breaks.
pub async fn serve(
    listener: TcpListener,
    clock: Clock,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let database = Database::memory_with_clock(Arc::new(StackTime(clock)))?;
    let sweeps = tokio::spawn(expiry::sweep_for_ever(database.clone()));
    let served = server::serve_with_shutdown(listener, database, stopped).await;
    sweeps.abort();
    served.map_err(anyhow::Error::msg)
}
