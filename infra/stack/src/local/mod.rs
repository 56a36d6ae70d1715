//! The local stack: the real template on an AWS emulator, with a simulator in place of the providers.
//! Everything runs on loopback and ends with its owner; no process that this did not start is ever touched.

mod aws;
mod build;
mod deploy;
mod dynamodb;
mod emulator;
mod error;
mod lock;
mod package;
mod paths;
mod ports;
mod process;
mod run;
mod secrets;
mod simulator;
mod stack;
mod state;
mod template;
mod up;
mod venv;
mod wait;

pub use aws::{REGION, client as aws_client, connect, connect_to, credentials};
pub use build::{Programs, build};
pub use emulator::answers;
pub use error::{LocalError, chain};
pub use paths::{DEFAULT_STACK, StackPaths};
pub use process::ProcessId;
pub use secrets::value as secret_value;
pub use stack::{LocalStack, down};
pub use state::StackState;
pub use template::functions;
pub use up::{UpOptions, up};
pub use venv::Venv;
