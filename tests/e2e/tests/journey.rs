//! The whole journey on the real template: two lists in S3, leads, enrolments, touches, webhooks, replies, and an audit
//! that finds nothing. And what strangers get from the public endpoint.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use touchline_lab::demo::{self, Options};
use touchline_stack::{
    invoke,
    local::{self, LocalStack, UpOptions},
    progress::Progress,
    target::Target,
    workspace::Workspace,
};

/// HOOK-2: one byte more than what is taken.
const TOO_LARGE: usize = 256 * 1024 + 1;

async fn stack() -> LocalStack {
    let workspace = Workspace::find().await.expect("the checkout");
    let options = UpOptions {
        name: "e2e".into(),
        fresh: true,
        auth: true,
        schedules: false,
        seed: 7,
        ..UpOptions::default()
    };
    local::up(&workspace, &options, &Progress::new(true))
        .await
        .expect("the stack comes up")
}

/// HOOK-2: a stranger's request is answered with a coded 4xx, whatever it holds.
async fn strangers_get_a_coded_refusal(api: &str) {
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
        let answer = post(path, body).await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{path}");
        let document: serde_json::Value = answer.json().await.expect("JSON");
        assert_eq!(document["code"], code, "{path}");
    }
    let forged = http
        .post(format!("{api}/u/forged"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        forged.status().as_u16(),
        404,
        "R27: a forged unsubscribe link changes nothing"
    );
}

/// What `aws lambda invoke --payload file://events/....json` does, for every function of the stack.
async fn every_function_takes_its_sample(target: &Target) {
    let workspace = Workspace::find().await.expect("the checkout");
    let template = std::fs::read_to_string(workspace.template()).expect("the template");
    for function in local::functions(&template) {
        let path = workspace.sample_event(function);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| {
            panic!(
                "{function} has no sample event at {}: {error}",
                path.display()
            )
        });
        let event: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let answer = invoke::call(target, function, &event)
            .await
            .unwrap_or_else(|error| panic!("{function} refuses its sample: {error:#}"));
        let failed = answer["batchItemFailures"].as_array().map_or(0, Vec::len);
        assert_eq!(failed, 0, "{function} puts its sample back: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_lists_are_played_for_a_day_and_the_audit_is_clean() {
    let stack = stack().await;
    let target = Target::of_local(stack.state().clone()).await;
    strangers_get_a_coded_refusal(&stack.state().api_url).await;
    let options = Options {
        rows: 40,
        days: 1,
        seed: 7,
    };
    let report = demo::run(&target, options, &Progress::new(true))
        .await
        .expect("the day is played");
    for tenant in &report.tenants {
        for check in &tenant.audit.checks {
            assert!(
                check.holds(),
                "{}: {}: {:?}",
                tenant.tenant,
                check.claim,
                check.contradictions
            );
        }
        assert_eq!(
            tenant.rows,
            tenant.leads_created + tenant.merged + tenant.rejected,
            "HUB-3"
        );
        let sent: usize = tenant
            .touches
            .values()
            .filter_map(|outcomes| outcomes.get("sent"))
            .sum();
        assert!(
            sent > 0,
            "{} sent nothing: {:?}",
            tenant.tenant,
            tenant.touches
        );
    }
    every_function_takes_its_sample(&target).await;
}
