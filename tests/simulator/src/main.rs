//! The simulator as a process: prints one JSON line when it listens, stops on SIGTERM or Ctrl-C.

use std::{io::Write, path::PathBuf};

use clap::Parser;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use touchline_simulator::{Config, Rates, start};

/// Plays the providers on a local port.
#[derive(Parser, Debug)]
struct Args {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Where webhooks are posted, without `/hooks`.
    #[arg(long)]
    hook_base: String,
    /// What Twilio signs in place of the hook base.
    #[arg(long)]
    public_url: Option<String>,
    /// What decides everything that leads and providers do.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// File with the offset of virtual time, in seconds.
    #[arg(long, env = "CLOCK_FILE")]
    clock_file: Option<PathBuf>,
    /// File that keeps the state over a restart.
    #[arg(long)]
    state_file: Option<PathBuf>,
    /// Post what is due every so many milliseconds.
    #[arg(long)]
    pump_ms: Option<u64>,
    /// Mail tells only what operators are to subscribe to: not what was sent, opened or clicked.
    #[arg(long)]
    fewer_webhooks: bool,
    /// Rates as JSON, for example `{"reply":0.5}`.
    #[arg(long)]
    rates: Option<String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let rates = match &args.rates {
        Some(text) => serde_json::from_str(text)?,
        None => Rates::default(),
    };
    let handle = start(Config {
        port: args.port,
        hook_base: args.hook_base,
        public_url: args.public_url,
        seed: args.seed,
        clock_file: args.clock_file,
        state_file: args.state_file,
        pump_ms: args.pump_ms,
        fewer_webhooks: args.fewer_webhooks,
        rates,
        ..Config::default()
    })
    .await?;
    let ready = json!({"ready": true, "base_url": handle.base_url(), "seed": args.seed});
    writeln!(std::io::stdout(), "{ready}")?;
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminated.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    handle.stop()
}
