//! Malformed lead lists: a file that is none fails with a code; a row that is none is in the rejects with its value.

use anyhow::{Context as _, ensure};
use aws_sdk_s3::primitives::ByteStream;
use touchline_domain::{events::Provider, ids::UploadId};
use touchline_e2e::{bed::Bed, cast::Cast, reckoning::PATIENCE, wait};
use touchline_engine::import::run::ImportPorts as _;
use touchline_engine::import::run::{Progress, Status};
use touchline_stack::setup::Setup;
use touchline_store::files::FileKey;

/// One good row among all that people do to a list.
const MALFORMED: &str = "\
First Name,Last Name,Email,Mobile,Company,Country
Ann,One,ann.one@lists.example,,Good Co,Australia
Bob,Two,bob at nowhere,n/a,Bad Co,Australia
Cat,Three,,,No Contact Co,Australia
First Name,Last Name,Email,Mobile,Company,Country
Dan,Four,dan@lists.example
\"Eve,Five,eve@lists.example,,Open Quote Co,Australia
";

/// Codes of rows, with a part of the value that each names.
const REJECTS: [(&str, &str); 4] = [
    ("invalid_email", "bob at nowhere"),
    ("no_contact", "No Contact Co"),
    ("repeated_header", "First Name"),
    ("unclosed_quote", "Eve"),
];

pub async fn end_with_codes_and_rejects(bed: &Bed) -> anyhow::Result<String> {
    let cast = Cast::make(bed, crate::leads("lists", Provider::Resend, 0)).await?;
    for (upload, bytes, code) in [
        ("empty", &b""[..], "empty_file"),
        ("blank", b"\r\n\r\n  \r\n", "empty_file"),
        ("workbook", b"PK\x03\x04\x14\x00\x06\x00", "not_text"),
    ] {
        let progress = imported(bed, &cast, upload, bytes).await?;
        let failed = Status::Failed { code: code.into() };
        ensure!(progress.status == failed, "{upload}: {:?}", progress.status);
    }
    let progress = imported(bed, &cast, "malformed", MALFORMED.as_bytes()).await?;
    let counts = &progress.counts;
    ensure!(progress.status == Status::Done, "{:?}", progress.status);
    ensure!(
        (counts.created, counts.merged, counts.rejected) == (2, 0, 4),
        "{counts:?}"
    );
    let rejects = FileKey::rejects(&cast.tenant, &progress.upload, 1);
    let rejects = object(bed, &rejects).await?;
    for (code, value) in REJECTS {
        let named = rejects
            .lines()
            .any(|line| line.contains(code) && line.contains(value));
        ensure!(
            named,
            "{code} with '{value}' is not in the rejects:\n{rejects}"
        );
    }
    bed.audited(&cast).await?;
    Ok(format!(
        "3 files failed, {} of {} rows rejected",
        counts.rejected, counts.rows
    ))
}

/// Uploads a list and waits until its import has ended.
async fn imported(bed: &Bed, cast: &Cast, upload: &str, list: &[u8]) -> anyhow::Result<Progress> {
    let id: UploadId = upload.parse()?;
    let file = ByteStream::from(list.to_vec());
    Setup::new(&bed.records.store, "e2e")
        .list(&cast.tenant, &id, "list.csv", file)
        .await?;
    wait::until(&format!("{upload} is imported"), PATIENCE, || async {
        let progress = bed.records.store.progress(&cast.tenant, &id).await?;
        Ok(progress.filter(|progress| progress.status != Status::Running))
    })
    .await
}

async fn object(bed: &Bed, key: &FileKey) -> anyhow::Result<String> {
    let object = bed.records.s3.get_object().bucket(&bed.records.bucket);
    let object = object
        .key(key.as_str())
        .send()
        .await
        .with_context(|| format!("reading {key}"))?;
    Ok(String::from_utf8(object.body.collect().await?.to_vec())?)
}
