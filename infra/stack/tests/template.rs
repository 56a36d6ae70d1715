//! Rules of the template that linters do not know: what must hold for every queue, function and alarm.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

/// SQS asks for six times the function's timeout, so that a slow batch is not delivered a second time.
const VISIBILITY_TIMEOUTS: u32 = 6;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A resource of the template, as text.
struct Resource {
    name: String,
    body: String,
}

impl Resource {
    fn is(&self, kind: &str) -> bool {
        self.body
            .lines()
            .any(|line| line == format!("    Type: {kind}"))
    }

    /// The text after `key:`, at any depth; the first one.
    fn value(&self, key: &str) -> Option<&str> {
        let of_line = |line: &'_ str| {
            line.trim()
                .strip_prefix(key)
                .is_some_and(|rest| rest.starts_with(':'))
        };
        let line = self.body.lines().find(|line| of_line(line))?;
        Some(line.trim()[key.len() + 1..].trim())
    }

    fn number(&self, key: &str) -> u32 {
        self.value(key).unwrap().parse().unwrap()
    }
}

fn resources() -> Vec<Resource> {
    let text = fs::read_to_string(root().join("template.yaml")).unwrap();
    let (_, after) = text.split_once("\nResources:\n").unwrap();
    let (resources, _) = after.split_once("\nOutputs:\n").unwrap();
    let mut found: Vec<Resource> = Vec::new();
    for line in resources.lines() {
        let begins = line.starts_with("  ") && !line.starts_with("   ") && line.ends_with(':');
        if begins && !line.trim().starts_with('#') {
            let name = line.trim().trim_end_matches(':').to_owned();
            found.push(Resource {
                name,
                body: String::new(),
            });
        } else if let Some(resource) = found.last_mut() {
            resource.body.push_str(line);
            resource.body.push('\n');
        }
    }
    found
}

fn named<'a>(resources: &'a [Resource], name: &str) -> &'a Resource {
    resources
        .iter()
        .find(|r| r.name == name)
        .unwrap_or_else(|| panic!("no resource {name}"))
}

fn of<'a>(resources: &'a [Resource], kind: &str) -> Vec<&'a Resource> {
    let found: Vec<_> = resources.iter().filter(|r| r.is(kind)).collect();
    assert!(!found.is_empty(), "no {kind}");
    found
}

#[test]
fn every_queue_has_a_dead_letter_queue_after_five_receives_send_3() {
    let resources = resources();
    for queue in of(&resources, "AWS::SQS::Queue") {
        if queue.name.ends_with("Dlq") {
            continue;
        }
        let dead = queue.name.replace("Queue", "Dlq");
        let expected = format!("{{ deadLetterTargetArn: !GetAtt {dead}.Arn, maxReceiveCount: 5 }}");
        assert_eq!(
            queue.value("RedrivePolicy"),
            Some(expected.as_str()),
            "{}",
            queue.name
        );
        named(&resources, &dead);
    }
}

#[test]
fn every_dead_letter_queue_has_an_alarm() {
    let resources = resources();
    for queue in of(&resources, "AWS::SQS::Queue") {
        if queue.name.ends_with("Dlq") {
            let alarm = named(&resources, &format!("{}Alarm", queue.name));
            assert!(
                alarm
                    .body
                    .contains(&format!("!GetAtt {}.QueueName", queue.name))
            );
        }
    }
}

#[test]
fn every_consumer_reports_partial_failures_and_has_time_for_six_tries() {
    let resources = resources();
    let mut consumers = 0;
    for function in of(&resources, "AWS::Serverless::Function") {
        let Some(queue) = function.value("Queue") else {
            continue;
        };
        assert_eq!(queue, "", "the event is named Queue");
        consumers += 1;
        assert_eq!(
            function.value("FunctionResponseTypes"),
            Some("[ReportBatchItemFailures]"),
            "{}",
            function.name
        );
        let arn = function
            .body
            .lines()
            .find_map(|l| l.trim().strip_prefix("Queue: !GetAtt "))
            .unwrap();
        let queue = named(&resources, arn.trim_end_matches(".Arn"));
        let needed = VISIBILITY_TIMEOUTS * function.number("Timeout");
        assert!(
            queue.number("VisibilityTimeout") >= needed,
            "{}",
            function.name
        );
    }
    assert_eq!(consumers, 6);
}

#[test]
fn every_function_has_its_own_role_log_alarms_and_sample_event() {
    let resources = resources();
    for function in of(&resources, "AWS::Serverless::Function") {
        let name = function.name.strip_suffix("Function").unwrap();
        let role = format!("!GetAtt {name}Role.Arn");
        assert_eq!(function.value("Role"), Some(role.as_str()));
        assert!(named(&resources, &format!("{name}Role")).is("AWS::IAM::Role"));
        let log = named(&resources, &format!("{name}Log"));
        assert_eq!(log.value("RetentionInDays"), Some("!Ref LogRetentionDays"));
        for alarm in ["ErrorsAlarm", "ThrottlesAlarm"] {
            assert!(named(&resources, &format!("{name}{alarm}")).is("AWS::CloudWatch::Alarm"));
        }
        let package = function
            .value("CodeUri")
            .unwrap()
            .strip_prefix("functions/")
            .unwrap();
        let event = fs::read(root().join("events").join(format!("{package}.json"))).unwrap();
        assert!(
            serde_json::from_slice::<serde_json::Value>(&event)
                .unwrap()
                .is_object()
        );
    }
}

#[test]
fn no_role_may_do_everything_or_everything_to_something() {
    let resources = resources();
    for role in of(&resources, "AWS::IAM::Role") {
        assert!(!role.body.contains("ManagedPolicyArns"), "{}", role.name);
        assert!(!role.body.contains("Resource: \"*\""), "{}", role.name);
        for line in role.body.lines() {
            assert!(
                !line.contains(":*,") && !line.trim_end().ends_with(":*"),
                "{}: {line}",
                role.name
            );
        }
    }
}

#[test]
fn metric_math_is_left_out_where_the_emulator_refuses_it() {
    for alarm in of(&resources(), "AWS::CloudWatch::Alarm") {
        if alarm.body.contains("      Metrics:") {
            assert_eq!(alarm.value("Condition"), Some("IsAws"), "{}", alarm.name);
        }
    }
}

#[test]
fn tables_and_bucket_outlive_the_stack() {
    let resources = resources();
    for kind in ["AWS::DynamoDB::Table", "AWS::S3::Bucket"] {
        for kept in of(&resources, kind) {
            assert_eq!(
                kept.value("DeletionPolicy"),
                Some("Retain"),
                "{}",
                kept.name
            );
            assert_eq!(
                kept.value("UpdateReplacePolicy"),
                Some("Retain"),
                "{}",
                kept.name
            );
        }
    }
}

#[test]
fn only_a_lead_list_starts_an_import() {
    let resources = resources();
    let import = named(&resources, "ImportLeadsFunction");
    assert!(import.body.contains("{ Name: prefix, Value: team_ }"));
    assert!(import.body.contains("{ Name: suffix, Value: .csv }"));
}
