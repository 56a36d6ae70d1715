//! What a dead message is about, told without its words: the kind of job, whose it is, and why it could not be read.
//! Addresses, texts and tokens are never shown; of a body that is no job of its queue nothing is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use touchline_engine::job::{EnrichJob, EventJob, TouchJob, WashJob};
use touchline_store::files::ImportFile;

/// The kind of a body that nobody can make out.
const UNREADABLE: &str = "unreadable";
/// What jobs call themselves in the field `v`.
const KINDS: [&str; 4] = ["touch-1", "enrich-1", "event-1", "wash-1"];

/// What a dead message is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Contents {
    /// The job's kind and version, `failed invocation`, or `unreadable`.
    pub kind: String,
    /// Whose it is: tenant, lead, touch, upload, provider, function.
    pub about: BTreeMap<&'static str, String>,
    /// Why it is here, where the message itself tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Contents {
    fn of(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            ..Self::default()
        }
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.about.insert(name, value.to_string());
        self
    }
}

/// Reads a body as a job of `queue`, a short name such as `email`.
#[must_use]
pub fn describe(queue: &str, body: &str) -> Contents {
    match queue {
        "enrich" => read(body, enrich),
        "delivery" | "replies" => read(body, event),
        "wash" => read(body, wash),
        super::EVENTS => read(body, invocation),
        _ => read(body, touch),
    }
}

fn read<J: DeserializeOwned>(body: &str, known: impl FnOnce(J) -> Contents) -> Contents {
    match serde_json::from_str(body) {
        Ok(job) => known(job),
        Err(error) => {
            let what = if error.is_data() {
                "not a job of this queue"
            } else {
                "not JSON"
            };
            let (line, column) = (error.line(), error.column());
            Contents {
                reason: Some(format!("{what}, at line {line} column {column}")),
                ..Contents::of(kind_of(body))
            }
        }
    }
}

/// The kind that a body gives itself, if it is one of ours.
fn kind_of(body: &str) -> &'static str {
    let value: Value = serde_json::from_str(body).unwrap_or_default();
    let known = KINDS.into_iter().find(|kind| value["v"] == *kind);
    known.unwrap_or(UNREADABLE)
}

fn touch(TouchJob::V1 { tenant, lead, .. }: TouchJob) -> Contents {
    Contents::of("touch-1")
        .with("tenant", tenant)
        .with("lead", lead)
}

fn enrich(job: EnrichJob) -> Contents {
    let EnrichJob::V1 {
        tenant,
        upload,
        leads,
    } = job;
    Contents::of("enrich-1")
        .with("tenant", tenant)
        .with("upload", upload)
        .with("leads", leads.len())
}

fn wash(WashJob::V1 { numbers }: WashJob) -> Contents {
    Contents::of("wash-1").with("numbers", numbers.len())
}

fn event(job: EventJob) -> Contents {
    let (tenant, event) = match job {
        EventJob::V1 { tenant, event, .. } => (tenant, event),
        EventJob::LeftV1 { tenant, lead, .. } => {
            return Contents::of("left-1")
                .with("tenant", tenant)
                .with("lead", lead);
        }
    };
    let mut contents = Contents::of("event-1").with("provider", event.provider.as_str());
    if let Some(tenant) = tenant {
        contents = contents.with("tenant", tenant);
    }
    if let Some(reference) = &event.reference {
        contents = contents
            .with("lead", &reference.lead)
            .with("touch", &reference.touch);
    }
    let kind = serde_json::to_value(&event.kind).unwrap_or_default();
    match kind["type"].as_str() {
        Some(name) => contents.with("event", name),
        None => contents,
    }
}

/// What Lambda writes of an asynchronous invocation that failed after its retries.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invocation {
    request_context: RequestContext,
    /// The event that the function was invoked with.
    pub request_payload: Value,
    #[serde(default)]
    response_payload: Value,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext {
    function_arn: String,
    #[serde(default)]
    condition: Option<String>,
}

impl Invocation {
    /// The function's deployed name: the seventh part of its ARN; a version may follow.
    #[must_use]
    pub fn function(&self) -> Option<&str> {
        self.request_context.function_arn.split(':').nth(6)
    }
}

fn invocation(failed: Invocation) -> Contents {
    let mut contents = Contents::of("failed invocation");
    if let Some(function) = failed.function() {
        contents = contents.with("function", function);
    }
    let key = failed.request_payload.pointer("/Records/0/s3/object/key");
    // The file's own name is not shown.
    if let Some(Ok(file)) = key.and_then(Value::as_str).map(ImportFile::parse) {
        contents = contents
            .with("tenant", file.tenant)
            .with("upload", file.upload);
    }
    // The error's message may name a value; its type does not.
    let kind = failed.response_payload["errorType"].as_str();
    let why: Vec<&str> = [failed.request_context.condition.as_deref(), kind]
        .into_iter()
        .flatten()
        .collect();
    contents.reason = (!why.is_empty()).then(|| why.join(": "));
    contents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_shown_by_its_ids() {
        let body = r#"{"v":"touch-1","tenant":"acme","lead":"lead_0123456789abcdefghjkmnpqrs",
            "due_at":"2026-11-23T22:30:00Z"}"#;
        let contents = describe("email", body);
        assert_eq!(contents.kind, "touch-1");
        assert_eq!(contents.about["tenant"], "acme");
        assert_eq!(contents.about["lead"], "lead_0123456789abcdefghjkmnpqrs");
        assert_eq!(contents.reason, None);
    }

    #[test]
    fn words_and_addresses_are_never_shown() {
        let reply = r#"{"v":"event-1","tenant":"acme","raw_key":"k","received_at":"2026-11-23T22:30:00Z",
            "event":{"event_id":"e1","provider":"twilio","at":"2026-11-23T22:30:00Z","kind":{"type":"reply",
            "channel":"sms","from":"+61400000001","to":"+61480012345","text":"call my secret line"}}}"#;
        let wash = r#"{"v":"wash-1","numbers":["+61400000001"]}"#;
        let broken = r#"{"tenant": "call me on +61400000001"}"#;
        for (queue, body) in [("replies", reply), ("wash", wash), ("email", broken)] {
            let shown = serde_json::to_string(&describe(queue, body)).unwrap();
            assert!(
                !shown.contains("61400000001") && !shown.contains("secret"),
                "{shown}"
            );
        }
        assert_eq!(describe("replies", reply).about["event"], "reply");
        assert_eq!(describe("wash", wash).about["numbers"], "1");
    }

    #[test]
    fn a_body_that_is_no_job_of_its_queue_says_where_it_is_wrong() {
        let contents = describe("email", "{");
        assert_eq!(contents.kind, UNREADABLE);
        assert_eq!(
            contents.reason.as_deref(),
            Some("not JSON, at line 1 column 1")
        );
        let stray = describe("email", r#"{"v":"wash-1","numbers":[]}"#);
        assert_eq!(stray.kind, "wash-1");
        assert!(stray.reason.unwrap().starts_with("not a job of this queue"));
    }

    #[test]
    fn a_failed_import_is_shown_by_tenant_and_upload() {
        let body = r#"{"version":"1.0","requestContext":{"functionArn":
            "arn:aws:lambda:ap-southeast-2:1:function:touchline-import-leads:$LATEST","condition":"RetriesExhausted"},
            "requestPayload":{"Records":[{"s3":{"object":{"key":"team_acme/imports/spring-1/Jane+Doe.csv"}}}]},
            "responsePayload":{"errorType":"Retryable","errorMessage":"jane@doe.example"}}"#;
        let contents = describe("events", body);
        assert_eq!(contents.about["function"], "touchline-import-leads");
        assert_eq!(contents.about["upload"], "spring-1");
        assert_eq!(
            contents.reason.as_deref(),
            Some("RetriesExhausted: Retryable")
        );
    }
}
