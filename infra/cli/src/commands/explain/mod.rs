//! `touchline explain`: asks the rules, without a stack. Questions come as JSON lines on standard input, answers go as
//! JSON lines to standard output, one for each, keeping its `id`.

mod answers;
mod csv;
mod lead;
mod lines;
mod webhook;

use std::{
    io::{BufReader, BufWriter, Read as _},
    path::PathBuf,
};

use clap::{Args, Subcommand};

use touchline_stack::{args::Global, error::CliError};

const EXAMPLES: &str = "\
Questions are read from standard input, one JSON document a line; each gets one line with its id. Only lead needs \
a stack.

Examples:
  echo '{\"id\":1,\"channel\":\"sms\",\"text\":\"pls stop texting me\"}' | touchline explain classify
  echo '{\"id\":1,\"raw\":\"(02) 9374 4000\",\"region\":\"AU\"}' | touchline explain phone
  touchline explain csv leads.csv
  touchline explain lead acme ana@redgum.example";

/// What to explain.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExplainArgs {
    /// The kind of question.
    #[command(subcommand)]
    pub what: What,
}

/// The kinds of questions.
#[expect(
    clippy::doc_markdown,
    reason = "the text is the help of a terminal command, where backticks would show"
)]
#[derive(Clone, Debug, Subcommand)]
pub enum What {
    /// What a reply means: {id, channel, text} -> {id, intent, confidence, opt_out, evidence, extracted}.
    Classify,
    /// What a phone number is: {id, raw, region} -> {id, valid, e164, country, kind}.
    Phone,
    /// What a text message costs: {id, text} -> {id, encoding, units, segments}.
    Sms,
    /// When somebody may be contacted: {id, channel, at, country, state, postcode, phone, timezone} ->
    /// {id, zones, open, reason, next_open}.
    Window,
    /// Whether a webhook is genuine and what it says: {id, provider, secret, method, url, headers, body, now} ->
    /// {id, valid, reason, event}. In place of secret, two "secrets" during a rotation, or for ses the PEM "certificate".
    Webhook,
    /// What the gate decides: its input as one JSON document -> its decision.
    Gate,
    /// How a lead list would be read: encoding, delimiter, header, mapping, rejects.
    Csv {
        /// The file.
        file: PathBuf,
        /// Also the accepted leads, in file order.
        #[arg(long)]
        rows: bool,
        /// The country of numbers without one.
        #[arg(long, value_name = "CC")]
        region: Option<touchline_domain::country::Country>,
    },
    /// Why a lead of a running stack was contacted, or not: every decision with its reason.
    Lead {
        /// The tenant.
        tenant: touchline_domain::ids::TenantId,
        /// The lead's id, or its e-mail address or phone number.
        lead: String,
    },
}

/// Explains.
///
/// # Errors
/// [`CliError`]: a file that cannot be read, a document that is not what it has to be.
pub async fn run(global: &Global, args: &ExplainArgs) -> Result<(), CliError> {
    let answer = match &args.what {
        What::Classify => answers::classify,
        What::Phone => answers::phone,
        What::Sms => answers::sms,
        What::Window => answers::window,
        What::Webhook => webhook::webhook,
        What::Gate => return gate(),
        What::Csv { file, rows, region } => return csv::run(global, file, *rows, *region),
        What::Lead { tenant, lead } => return lead::run(global, tenant, lead).await,
    };
    let input = BufReader::new(std::io::stdin().lock());
    lines::answer_all(input, BufWriter::new(std::io::stdout().lock()), answer)
}

fn gate() -> Result<(), CliError> {
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text)?;
    let input = serde_json::from_str(&text).map_err(|error| {
        CliError::usage(format!(
            "the gate's input is not what it has to be: {error}"
        ))
    })?;
    touchline_stack::output::Format::Json.print(&answers::decide(&input), |_| String::new())
}
