//! DynamoDB as a process of the local stack: serves until it is asked to end.

use std::path::PathBuf;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use touchline_runtime::clock::Clock;

/// DynamoDB on a port of loopback, in memory.
#[derive(Parser, Debug)]
struct Args {
    /// Port to listen on.
    #[arg(long)]
    port: u16,
    /// File with the seconds by which the stack is ahead of the machine; items expire by the stack's time.
    #[arg(long)]
    clock_file: PathBuf,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let listener = touchline_dynamodb::listen(args.port)?;
    let clock = Clock::with_offset_file(args.clock_file);
    let mut terminated = signal(SignalKind::terminate())?;
    let stopped = async move {
        terminated.recv().await;
    };
    // A client that keeps a request open does not keep the process.
    tokio::select! {
        served = touchline_dynamodb::serve(listener, clock, std::future::pending()) => served,
        () = stopped => Ok(()),
    }
}
