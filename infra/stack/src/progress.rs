//! Tells a person what is going on, and measures how long each stage took.
//!
//! On a terminal a running stage is drawn, and a tool with a progress of its own may take the terminal over for a while.
//! A pipe or a log gets a line when a stage starts, one when it ends, and a sign of life in between.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

/// Between two signs of life of a stage in a log.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// Between two frames of a spinner.
const FRAME: Duration = Duration::from_millis(120);

/// How long one stage took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// The stage in the words shown.
    pub name: String,
    /// Wall clock, in milliseconds.
    pub took_ms: u128,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Not,
    InLines,
    Drawn,
}

/// A running account of stages; several may run at once.
#[derive(Debug)]
pub struct Progress {
    shown: Shown,
    bars: MultiProgress,
    finished: Mutex<Vec<Stage>>,
}

impl Progress {
    /// Told on stderr unless `quiet`: drawn if that is a terminal, else line by line.
    #[must_use]
    pub fn new(quiet: bool) -> Self {
        let shown = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => Shown::Not,
            (false, true) => Shown::Drawn,
            (false, false) => Shown::InLines,
        };
        let target = match shown {
            Shown::Drawn => ProgressDrawTarget::stderr(),
            Shown::Not | Shown::InLines => ProgressDrawTarget::hidden(),
        };
        Self {
            shown,
            bars: MultiProgress::with_draw_target(target),
            finished: Mutex::default(),
        }
    }

    /// Starts a stage; it ends when the returned value is dropped.
    #[must_use]
    pub fn stage(&self, name: impl Into<String>) -> RunningStage<'_> {
        let name = name.into();
        let bar = match self.shown {
            Shown::Drawn => {
                let bar = ProgressBar::new_spinner().with_style(spinner());
                let bar = self.bars.add(bar.with_message(name.clone()));
                bar.enable_steady_tick(FRAME);
                bar
            }
            Shown::Not | Shown::InLines => ProgressBar::hidden(),
        };
        if self.shown == Shown::InLines {
            say(&running(&name));
        }
        let started = Instant::now();
        RunningStage {
            progress: self,
            name,
            started,
            bar,
            told: Mutex::new(started),
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
    name: String,
    started: Instant,
    bar: ProgressBar,
    told: Mutex<Instant>,
}

impl RunningStage<'_> {
    /// Shows a detail beside the stage's name, such as the day that is being played.
    pub fn detail(&self, text: &str) {
        let text = format!("{}: {}", self.name, text.trim());
        if self.progress.shown == Shown::InLines && self.is_silent_for_long() {
            say(&running(&text));
        }
        self.bar.set_message(text);
    }

    /// Leaves the terminal to a tool that draws its own progress, until the returned value is dropped. Nothing where
    /// stages are not drawn: the tool's output is to be read then, and given to [`RunningStage::detail`].
    #[must_use]
    pub fn hand_over(&self) -> Option<HandedOver<'_>> {
        let bars = &self.progress.bars;
        (self.progress.shown == Shown::Drawn).then(|| {
            // A terminal that can't be cleared shows one stale line.
            let _ = bars.clear();
            bars.set_draw_target(ProgressDrawTarget::hidden());
            say(&running(&self.name));
            HandedOver { bars }
        })
    }

    fn is_silent_for_long(&self) -> bool {
        let Ok(mut told) = self.told.lock() else {
            return false;
        };
        let long = told.elapsed() >= SIGN_OF_LIFE;
        if long {
            *told = Instant::now();
        }
        long
    }
}

impl Drop for RunningStage<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        let took = self.started.elapsed();
        let line = format!("{:>7.1} s  {}", took.as_secs_f64(), self.name);
        match self.progress.shown {
            Shown::Not => {}
            Shown::InLines => say(&line),
            // Another stage may have handed the terminal over: whatever stands in this line is drawn again below it.
            Shown::Drawn => self
                .progress
                .bars
                .suspend(|| say(&format!("\r\x1b[K{line}"))),
        }
        if let Ok(mut stages) = self.progress.finished.lock() {
            stages.push(Stage {
                name: std::mem::take(&mut self.name),
                took_ms: took.as_millis(),
            });
        }
    }
}

/// The terminal belongs to a tool that draws its own progress.
#[derive(Debug)]
pub struct HandedOver<'a> {
    bars: &'a MultiProgress,
}

impl Drop for HandedOver<'_> {
    fn drop(&mut self) {
        self.bars.set_draw_target(ProgressDrawTarget::stderr());
    }
}

/// The line of a stage that goes on; it is aligned with those that say how long one took.
fn running(text: &str) -> String {
    format!("{:>9}  {text} ...", "")
}

// Whoever closed stderr does not want to know.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn spinner() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {elapsed:>7}  {wide_msg}")
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

    #[test]
    fn where_nothing_is_drawn_no_tool_gets_the_terminal() {
        let progress = Progress::new(true);
        assert!(progress.stage("building").hand_over().is_none());
    }
}
