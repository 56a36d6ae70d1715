//! Logs: one JSON object a line on standard output, with the fields of all open spans. Sets the level and nothing else;
//! what must not be logged (addresses, bodies, secrets) masks itself in its `Debug`.

use std::env;

use tracing::{Level, Span};

/// Lambda sets it from the function's `ApplicationLogLevel`.
const LEVEL: &str = "AWS_LAMBDA_LOG_LEVEL";

/// Starts logging. A second call changes nothing.
pub fn init() {
    let level = level_of(env::var(LEVEL).ok().as_deref());
    let started = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(true)
        .with_target(false)
        .with_max_level(level)
        .try_init();
    if started.is_err() {
        tracing::debug!("logging is on already");
    }
}

/// The level by Lambda's name for it; `INFO` for anything else.
fn level_of(name: Option<&str>) -> Level {
    match name.map(str::to_ascii_uppercase).as_deref() {
        Some("TRACE") => Level::TRACE,
        Some("DEBUG") => Level::DEBUG,
        Some("WARN") => Level::WARN,
        Some("ERROR" | "FATAL") => Level::ERROR,
        _ => Level::INFO,
    }
}

/// Records an id on the open span, where the span has declared the field: `tenant_id`, `lead_id`, `campaign_id`,
/// `touch_id`.
pub fn record(field: &'static str, id: impl std::fmt::Display) {
    Span::current().record(field, tracing::field::display(id));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lambda_names_of_levels_are_understood_and_others_mean_info() {
        assert_eq!(level_of(Some("debug")), Level::DEBUG);
        assert_eq!(level_of(Some("FATAL")), Level::ERROR);
        assert_eq!(level_of(Some("chatty")), Level::INFO);
        assert_eq!(level_of(None), Level::INFO);
    }
}
