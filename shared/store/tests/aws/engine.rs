//! What plays DynamoDB.

use std::{sync::OnceLock, thread};

use touchline_runtime::clock::Clock;

use crate::emulator;

/// The region of all tables; ours.
pub const REGION: &str = "ap-southeast-2";

/// One of the two that every test of tables has to agree with.
#[derive(Clone, Copy, Debug)]
pub enum Engine {
    /// The one of the local stack, in this process: quick, without IAM.
    Rust,
    /// The AWS emulator's own, which the end-to-end tests run on.
    Emulator,
}

impl Engine {
    /// Its address. The first call starts it.
    pub fn endpoint(self) -> &'static str {
        static RUST: OnceLock<String> = OnceLock::new();
        match self {
            Self::Rust => RUST.get_or_init(host),
            Self::Emulator => emulator::endpoint(),
        }
    }
}

/// Serves DynamoDB for as long as this process lasts, in a runtime of its own: that of a test ends with the test.
fn host() -> String {
    let (tell, told) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = touchline_dynamodb::listen(0).unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            let served =
                touchline_dynamodb::serve(listener, Clock::real(), std::future::pending()).await;
            served.unwrap();
        });
    });
    format!("http://{}", told.recv().unwrap())
}
