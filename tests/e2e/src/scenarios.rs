//! Runs named scenarios one after the other on one stack, goes on when one fails, and fails in the end with every
//! failure by name.

#![allow(
    clippy::print_stdout,
    reason = "what each scenario came to is for whoever reads the test"
)]

use std::{future::Future, time::Instant};

use anyhow::bail;

/// What became of the scenarios so far.
#[derive(Debug, Default)]
pub struct Scenarios {
    failed: Vec<String>,
}

impl Scenarios {
    /// Runs one; its report is printed.
    pub async fn run<F>(&mut self, name: &str, scenario: F)
    where
        F: Future<Output = anyhow::Result<String>>,
    {
        let began = Instant::now();
        let (verdict, text) = match scenario.await {
            Ok(report) => ("ok", report),
            Err(error) => {
                let text = format!("{error:#}");
                self.failed.push(format!("{name}: {text}"));
                ("FAILED", text)
            }
        };
        println!(
            "{verdict:>6} {:>5.1} s  {name}: {text}",
            began.elapsed().as_secs_f64()
        );
    }

    /// The end of all scenarios.
    ///
    /// # Errors
    /// Some failed.
    pub fn finish(self) -> anyhow::Result<()> {
        if self.failed.is_empty() {
            return Ok(());
        }
        bail!("{} failed:\n{}", self.failed.len(), self.failed.join("\n"))
    }
}
