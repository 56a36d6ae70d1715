//! Tells a person what is going on, and measures how long each stage took.
//! It draws on a terminal only; a pipe or a log gets one line for each stage that took a while, as a terminal does.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// Stages below this are not worth a line.
const WORTH_A_LINE: Duration = Duration::from_secs(1);

/// How long one stage took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// The stage in the words shown.
    pub name: &'static str,
    /// Wall clock, in milliseconds.
    pub took_ms: u128,
}

/// A running account of stages; several may run at once.
#[derive(Debug)]
pub struct Progress {
    told: bool,
    shown: bool,
    finished: Mutex<Vec<Stage>>,
}

impl Progress {
    /// Told on stderr unless `quiet`, and drawn there while it goes on if that is a terminal.
    #[must_use]
    pub fn new(quiet: bool) -> Self {
        Self {
            told: !quiet,
            shown: !quiet && std::io::stderr().is_terminal(),
            finished: Mutex::new(Vec::new()),
        }
    }

    /// Starts a stage; it ends when the returned value is dropped.
    #[must_use]
    pub fn stage(&self, name: &'static str) -> RunningStage<'_> {
        let bar = if self.shown {
            let bar = ProgressBar::new_spinner();
            bar.set_style(spinner());
            bar.set_message(name);
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        } else {
            ProgressBar::hidden()
        };
        RunningStage {
            progress: self,
            name,
            started: Instant::now(),
            bar,
        }
    }

    /// The stages that have ended, in that order.
    #[must_use]
    pub fn stages(&self) -> Vec<Stage> {
        self.finished
            .lock()
            .map(|stages| stages.clone())
            .unwrap_or_default()
    }
}

/// A stage that has not ended.
#[derive(Debug)]
pub struct RunningStage<'a> {
    progress: &'a Progress,
    name: &'static str,
    started: Instant,
    bar: ProgressBar,
}

impl RunningStage<'_> {
    /// Shows a detail beside the stage's name, such as what is being compiled.
    pub fn detail(&self, text: &str) {
        self.bar
            .set_message(format!("{}: {}", self.name, text.trim()));
    }
}

impl Drop for RunningStage<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        let took = self.started.elapsed();
        if self.progress.told && took >= WORTH_A_LINE {
            // Whoever closed stderr does not want to know.
            let _ = writeln!(std::io::stderr(), "{:>5} s  {}", took.as_secs(), self.name);
        }
        if let Ok(mut stages) = self.progress.finished.lock() {
            stages.push(Stage {
                name: self.name,
                took_ms: took.as_millis(),
            });
        }
    }
}

fn spinner() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {elapsed:>4} {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_listed_in_the_order_they_end() {
        let progress = Progress::new(true);
        let outer = progress.stage("outer");
        drop(progress.stage("inner"));
        drop(outer);
        let names: Vec<_> = progress.stages().into_iter().map(|s| s.name).collect();
        assert_eq!(names, ["inner", "outer"]);
    }
}
