//! Malformed webhooks: nonsense from the provider itself is refused and kept; a stranger's is refused and leaves nothing
//! behind (HOOK-2).

use anyhow::{Context as _, ensure};
use chrono::TimeDelta;
use touchline_e2e::{
    bed::Bed,
    hooks::{Answer, post, resend_signature},
    queues::Queue,
};

/// What Resend could send by mistake: no JSON, not an object, a field of another type, no fields.
const NONSENSE: [&str; 4] = [
    "\u{0}\u{1} not json",
    "[1, 2, 3]",
    r#"{"type": 7, "data": null}"#,
    r#"{"type": "email.delivered", "created_at": "soon", "data": {}}"#,
];

pub async fn are_refused_and_kept(bed: &Bed) -> anyhow::Result<String> {
    let now = bed.now()?;
    let kept_before = kept(bed).await?;
    for nonsense in NONSENSE {
        let headers = resend_signature(nonsense.as_bytes(), now)?;
        let answer = post(bed, "/hooks/resend", &headers, nonsense.into()).await?;
        refused(&answer, 400, nonsense)?;
    }
    let kept_now = kept(bed).await?;
    ensure!(
        kept_now == kept_before + NONSENSE.len(),
        "{kept_now} of {} are kept",
        NONSENSE.len()
    );

    let genuine = br#"{"type": "email.sent", "data": {}}"#;
    let mut forged = resend_signature(genuine, now)?;
    forged[2].1.replace_range(3..7, "AAAA");
    let stale = resend_signature(genuine, now - TimeDelta::minutes(6))?;
    for (what, path, headers, status) in [
        ("a forged signature", "/hooks/resend", &forged[..], 401),
        ("a stale signature", "/hooks/resend", &stale, 401),
        ("no signature", "/hooks/resend", &[], 401),
        ("a guessed token", "/hooks/clicksend/guess", &[], 401),
        ("an unknown provider", "/hooks/nobody", &forged, 404),
    ] {
        let answer = post(bed, path, headers, genuine.to_vec()).await?;
        refused(&answer, status, what)?;
    }
    ensure!(
        kept(bed).await? == kept_now,
        "a stranger's request was kept"
    );
    for queue in [Queue::Delivery, Queue::Replies] {
        let waiting = bed.queues.count(queue).await? + bed.queues.dead(queue).await?;
        ensure!(waiting == 0, "{} holds {waiting}", queue.as_str());
    }
    Ok(format!(
        "{} refused and kept, 5 strangers refused",
        NONSENSE.len()
    ))
}

fn refused(answer: &Answer, status: u16, what: &str) -> anyhow::Result<()> {
    ensure!(
        answer.status == status && !answer.code.is_empty(),
        "{what:?}: {answer:?}"
    );
    Ok(())
}

/// How many requests of Resend are kept that belong to no tenant.
async fn kept(bed: &Bed) -> anyhow::Result<usize> {
    let listed = bed
        .records
        .s3
        .list_objects_v2()
        .bucket(&bed.records.bucket)
        .prefix("webhooks/resend/")
        .send()
        .await
        .context("listing what is kept")?;
    Ok(listed.contents().len())
}
