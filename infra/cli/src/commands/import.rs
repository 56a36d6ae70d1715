//! `touchline import`: uploads a lead list and follows it until every row is a lead, merged, or rejected with its reason.

use std::{path::PathBuf, time::Duration};

use aws_sdk_s3::primitives::ByteStream;
use clap::Args;
use touchline_domain::ids::{TenantId, UploadId};
use touchline_engine::import::run::ImportPorts as _;
use touchline_engine::{
    desk::uploads::{self, List, Uploaded},
    import::run::{Progress as ImportProgress, Status},
};
use touchline_store::files::FileKey;

use touchline_stack::{
    args::Global, error::CliError, outcome, output::table, progress::Progress, records::Records,
    target::Target,
};

use crate::who::Who;

/// Between two looks at the progress.
const LOOK: Duration = Duration::from_millis(300);

/// What to import.
#[derive(Clone, Debug, Args)]
pub struct ImportArgs {
    /// For which tenant.
    pub tenant: TenantId,
    /// The CSV file.
    pub file: PathBuf,
    /// The upload's id; made from the file's name and the time if not given. The same id again creates nothing new.
    #[arg(long)]
    pub upload: Option<UploadId>,
    /// Who uploads it.
    #[command(flatten)]
    pub who: Who,
}

/// Uploads and follows.
///
/// # Errors
/// The file cannot be read, the tenant does not exist, the file is no list.
pub async fn run(global: &Global, args: &ImportArgs) -> Result<(), CliError> {
    let target = Target::open(&global.stack, global.aws).await?;
    let records = Records::open(&target).await?;
    let name = args
        .file
        .file_name()
        .and_then(|n| n.to_str())
        .unwrap_or("leads.csv");
    let upload = match &args.upload {
        Some(upload) => upload.clone(),
        None => format!("upload-{}", target.now()?.timestamp_millis())
            .parse()
            .map_err(|error: touchline_domain::ids::IdError| CliError::usage(error.to_string()))?,
    };
    let body = ByteStream::from_path(&args.file)
        .await
        .map_err(|error| CliError::usage(format!("file {}: {error}", args.file.display())))?;
    let list = List {
        tenant: args.tenant.clone(),
        upload: upload.clone(),
        name: name.to_owned(),
    };
    let (store, by) = (&records.store, args.who.actor());
    match uploads::upload(&store.tenants, &store.files, &by, list, body).await? {
        Uploaded::Uploaded(_) => {}
        Uploaded::NotCsv => {
            return Err(CliError::usage(format!(
                "file {}: only .csv files are imported",
                args.file.display()
            )));
        }
        Uploaded::NoSuchTenant => return Err(outcome::no_tenant(&args.tenant)),
    }
    let done = follow(&records, &args.tenant, &upload, global.json).await?;
    global.format().print(&done, human)?;
    match &done.status {
        Status::Failed { code } => Err(CliError::Failed(anyhow::anyhow!(
            "{name} is no list: {code}"
        ))),
        Status::Done | Status::Running => Ok(()),
    }
}

async fn follow(
    records: &Records,
    tenant: &TenantId,
    upload: &UploadId,
    quiet: bool,
) -> Result<ImportProgress, CliError> {
    let progress = Progress::new(quiet);
    let stage = progress.stage("importing");
    loop {
        if let Some(state) = records.store.progress(tenant, upload).await? {
            stage.detail(&format!("{} rows", state.counts.rows));
            if state.status != Status::Running {
                return Ok(state);
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn human(done: &ImportProgress) -> String {
    let counts = &done.counts;
    let mut text = table(
        &["upload", "rows", "created", "merged", "rejected"],
        [vec![
            done.upload.to_string(),
            counts.rows.to_string(),
            counts.created.to_string(),
            counts.merged.to_string(),
            counts.rejected.to_string(),
        ]],
    );
    let rejects = (1..=done.reject_parts)
        .map(|part| FileKey::rejects(&done.tenant, &done.upload, part).to_string())
        .collect::<Vec<_>>();
    if !rejects.is_empty() {
        text.push_str("\nrejected rows with their reasons: ");
        text.push_str(&rejects.join(", "));
    }
    text
}
