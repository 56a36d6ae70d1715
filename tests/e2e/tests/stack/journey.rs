//! The whole journey on the real template: two lists in S3, leads, enrolments, touches, webhooks, replies, and an audit
//! that finds nothing. And what strangers get from the public endpoint.

use anyhow::{Context as _, ensure};
use touchline_domain::sending::Reason;
use touchline_e2e::{bed::Bed, scenarios::Scenarios};
use touchline_engine::desk::tenants::TenantList as _;
use touchline_engine::ports::{Journeys as _, Saved};
use touchline_lab::demo::{self, Options};
use touchline_stack::{
    gather, invoke, local, progress::Progress, target::Target, workspace::Workspace,
};

/// HOOK-2: one byte more than what is taken.
const TOO_LARGE: usize = 256 * 1024 + 1;

pub async fn run(bed: &Bed, all: &mut Scenarios) {
    all.run("strangers", strangers_get_a_coded_refusal(bed.api()))
        .await;
    let day = two_lists_are_played_for_a_day_and_the_audit_is_clean(bed);
    all.run("a day of two lists", day).await;
    all.run("samples", every_function_takes_its_sample(&bed.target))
        .await;
    all.run("the day's end", nobody_of_the_day_is_written_to_again(bed))
        .await;
}

/// SPEC 13: a stranger's request is answered with a coded 4xx, whatever it holds.
async fn strangers_get_a_coded_refusal(api: &str) -> anyhow::Result<String> {
    let http = reqwest::Client::new();
    let post = |path: &str, body: Vec<u8>| http.post(format!("{api}{path}")).body(body).send();
    let cases = [
        ("/hooks/nobody", b"{}".to_vec(), 404, "not_found"),
        ("/hooks/resend", b"{}".to_vec(), 401, "missing_signature"),
        (
            "/hooks/twilio",
            b"MessageSid=SM1".to_vec(),
            401,
            "missing_signature",
        ),
        (
            "/hooks/clicksend/guess",
            b"{}".to_vec(),
            401,
            "bad_signature",
        ),
        (
            "/hooks/resend",
            vec![b'x'; TOO_LARGE],
            413,
            "body_too_large",
        ),
    ];
    for (path, body, status, code) in cases {
        let answer = post(path, body).await?;
        let answered = answer.status().as_u16();
        ensure!(answered == status, "{path}: {answered}");
        let document: serde_json::Value = answer.json().await?;
        ensure!(document["code"] == code, "{path}: {document}");
    }
    let forged = http.post(format!("{api}/u/forged")).send().await?;
    ensure!(
        forged.status().as_u16() == 404,
        "R27: a forged unsubscribe link changes nothing"
    );
    Ok("each is refused with its code".to_owned())
}

/// What `aws lambda invoke --payload file://events/....json` does, for every function of the stack.
async fn every_function_takes_its_sample(target: &Target) -> anyhow::Result<String> {
    let workspace = Workspace::find().await?;
    let template = std::fs::read_to_string(workspace.template())?;
    let functions = local::functions(&template);
    for function in &functions {
        let path = workspace.sample_event(function);
        let text = std::fs::read_to_string(&path);
        let text = text.with_context(|| format!("{function} has no {}", path.display()))?;
        let event: serde_json::Value = serde_json::from_str(&text)?;
        let answer = invoke::call(target, function, &event).await?;
        let failed = answer["batchItemFailures"].as_array().map_or(0, Vec::len);
        ensure!(failed == 0, "{function} puts its sample back: {answer}");
    }
    Ok(format!("{} functions take theirs", functions.len()))
}

async fn two_lists_are_played_for_a_day_and_the_audit_is_clean(
    bed: &Bed,
) -> anyhow::Result<String> {
    let options = Options {
        rows: 40,
        days: 1,
        seed: 7,
    };
    let report = demo::run(&bed.target, options, &Progress::new(true)).await?;
    let mut told = Vec::new();
    for tenant in &report.tenants {
        for check in &tenant.audit.checks {
            ensure!(
                check.holds(),
                "{}: {}: {:?}",
                tenant.tenant,
                check.claim,
                check.contradictions
            );
        }
        ensure!(
            tenant.rows == tenant.leads_created + tenant.merged + tenant.rejected,
            "HUB-3: {} rows",
            tenant.rows
        );
        let sent = tenant.touches.values();
        let sent: usize = sent.filter_map(|outcomes| outcomes.get("sent")).sum();
        ensure!(sent > 0, "{} sent nothing", tenant.tenant);
        told.push(format!("{}: {sent} sent", tenant.tenant));
    }
    Ok(told.join(", "))
}

/// Stops every lead of the day and forgets what the simulator had in mind for them, so that those who share the stack
/// are not disturbed.
async fn nobody_of_the_day_is_written_to_again(bed: &Bed) -> anyhow::Result<String> {
    let mut stopped = 0;
    for tenant in bed.records.store.tenants.ids().await? {
        let evidence = gather::evidence(&bed.target, &bed.records, &tenant, None).await?;
        for record in evidence.leads {
            let mut journey = record.journey;
            let before = journey.version;
            journey.stop(Reason::Killed);
            journey.version = before + 1;
            let saved = bed.records.store.save(&journey, before).await?;
            ensure!(
                saved == Saved::Written,
                "somebody else wrote {}",
                journey.lead
            );
            stopped += 1;
        }
    }
    bed.simulator.forget().await?;
    Ok(format!("{stopped} journeys stopped"))
}
