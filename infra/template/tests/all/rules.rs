//! What linters do not know: what must hold for every queue, function, role and alarm.

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};
use touchline_domain::events::Provider;
use touchline_template::functions;
use touchline_wiring::needs::{Needs, Queue, Trigger};

use crate::{parsed::resources, programs::root};

/// SQS asks for six times the function's timeout, so that a slow batch is not delivered a second time.
const VISIBILITY_TIMEOUTS: u64 = 6;

/// The queues that invoke a function, as declared.
fn consumed(needs: &Needs) -> impl Iterator<Item = Queue> {
    let triggers = needs.triggers.iter();
    triggers.filter_map(|trigger| match trigger {
        Trigger::Queue { queue, .. } => Some(*queue),
        _ => None,
    })
}

#[test]
fn every_queue_has_a_dead_letter_queue_after_five_receives_send_3() {
    let queues = resources("AWS::SQS::Queue");
    for (name, queue) in &queues {
        if name.ends_with("Dlq") {
            continue;
        }
        let dead = name.replace("Queue", "Dlq");
        let expected = json!({
            "deadLetterTargetArn": { "!GetAtt": format!("{dead}.Arn") },
            "maxReceiveCount": 5,
        });
        assert_eq!(queue["Properties"]["RedrivePolicy"], expected, "{name}");
        assert!(queues.contains_key(&dead), "{dead}");
    }
}

#[test]
fn every_dead_letter_queue_has_an_alarm() {
    let alarms = resources("AWS::CloudWatch::Alarm");
    let queues = resources("AWS::SQS::Queue");
    let dead: Vec<_> = queues.keys().filter(|name| name.ends_with("Dlq")).collect();
    assert!(!dead.is_empty());
    for name in dead {
        let alarm = &alarms[&format!("{name}Alarm")]["Properties"];
        let value = json!({ "!GetAtt": format!("{name}.QueueName") });
        assert_eq!(alarm["Dimensions"][0]["Value"], value, "{name}");
        assert_eq!(alarm["Threshold"], 0, "{name}");
    }
}

#[test]
fn every_consumer_reports_partial_failures_and_has_time_for_six_tries() {
    let queues = resources("AWS::SQS::Queue");
    let mut consumers = 0;
    for (name, function) in resources("AWS::Serverless::Function") {
        let properties = &function["Properties"];
        for event in properties["Events"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(_, event)| event)
        {
            if event["Type"] != "SQS" {
                continue;
            }
            consumers += 1;
            let event = &event["Properties"];
            assert_eq!(
                event["FunctionResponseTypes"],
                json!(["ReportBatchItemFailures"]),
                "{name}"
            );
            let queue = event["Queue"]["!GetAtt"]
                .as_str()
                .unwrap()
                .strip_suffix(".Arn")
                .unwrap();
            let visibility = queues[queue]["Properties"]["VisibilityTimeout"]
                .as_u64()
                .unwrap();
            let needed = VISIBILITY_TIMEOUTS * properties["Timeout"].as_u64().unwrap();
            assert!(visibility >= needed, "{name}");
        }
    }
    assert_eq!(
        consumers,
        functions::ALL
            .iter()
            .flat_map(|needs| consumed(needs))
            .count()
    );
}

#[test]
fn a_queue_has_one_consumer_at_most() {
    let all: Vec<Queue> = functions::ALL
        .iter()
        .flat_map(|needs| consumed(needs))
        .collect();
    let distinct: BTreeSet<Queue> = all.iter().copied().collect();
    assert_eq!(all.len(), distinct.len(), "{all:?}");
}

#[test]
fn every_function_has_its_own_role_log_alarms_and_sample_event() {
    let roles = resources("AWS::IAM::Role");
    let logs = resources("AWS::Logs::LogGroup");
    let alarms = resources("AWS::CloudWatch::Alarm");
    let functions = resources("AWS::Serverless::Function");
    assert_eq!(
        roles.len(),
        functions.len(),
        "a role belongs to one function"
    );
    for (name, function) in functions {
        let name = name.strip_suffix("Function").unwrap();
        let properties = &function["Properties"];
        assert_eq!(
            properties["Role"],
            json!({ "!GetAtt": format!("{name}Role.Arn") })
        );
        assert!(roles.contains_key(&format!("{name}Role")));
        assert_eq!(
            properties["LoggingConfig"]["LogGroup"],
            json!({ "!Ref": format!("{name}Log") })
        );
        let log = &logs[&format!("{name}Log")]["Properties"];
        assert_eq!(
            log["RetentionInDays"],
            json!({ "!Ref": "LogRetentionDays" })
        );
        for alarm in ["ErrorsAlarm", "ThrottlesAlarm"] {
            assert!(alarms.contains_key(&format!("{name}{alarm}")));
        }
        let package = properties["CodeUri"].as_str().unwrap();
        let package = package.strip_prefix("functions/").unwrap();
        let event = fs::read(root().join("events").join(format!("{package}.json"))).unwrap();
        let event: Value = serde_json::from_slice(&event).unwrap();
        assert!(event.is_object(), "{package}");
    }
}

#[test]
fn no_role_may_do_everything_or_everything_to_something() {
    for (name, role) in resources("AWS::IAM::Role") {
        assert_eq!(
            role["Properties"]["ManagedPolicyArns"],
            Value::Null,
            "{name}"
        );
        for policy in role["Properties"]["Policies"].as_array().unwrap() {
            for statement in policy["PolicyDocument"]["Statement"].as_array().unwrap() {
                assert!(
                    statement["Action"].is_array() && statement["Resource"].is_array(),
                    "{name}"
                );
                let actions = statement["Action"].to_string();
                assert!(!actions.contains('*'), "{name}: {actions}");
                for resource in statement["Resource"].as_array().unwrap() {
                    let resource = resource.to_string();
                    assert!(
                        !resource.contains(":*\"") && resource != "\"*\"",
                        "{name}: {resource}"
                    );
                }
            }
        }
    }
}

#[test]
fn metric_math_is_left_out_where_the_emulator_refuses_it() {
    for (name, alarm) in resources("AWS::CloudWatch::Alarm") {
        if alarm["Properties"]["Metrics"].is_array() {
            assert_eq!(alarm["Condition"], "IsAws", "{name}");
        }
    }
}

#[test]
fn tables_and_bucket_outlive_the_stack() {
    for kind in ["AWS::DynamoDB::Table", "AWS::S3::Bucket"] {
        for (name, kept) in resources(kind) {
            assert_eq!(kept["DeletionPolicy"], "Retain", "{name}");
            assert_eq!(kept["UpdateReplacePolicy"], "Retain", "{name}");
        }
    }
}

#[test]
fn only_a_lead_list_starts_an_import() {
    let functions = resources("AWS::Serverless::Function");
    let import = &functions["ImportLeadsFunction"]["Properties"]["Events"]["Upload"];
    let rules = json!([
        { "Name": "prefix", "Value": "team_" },
        { "Name": "suffix", "Value": ".csv" },
    ]);
    assert_eq!(import["Properties"]["Filter"]["S3Key"]["Rules"], rules);
}

#[test]
fn the_intake_reads_the_secret_of_every_provider_that_signs_with_one() {
    use strum::IntoEnumIterator as _;

    let roles = resources("AWS::IAM::Role");
    let statements =
        &roles["WebhookIntakeRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"];
    let secrets = statements
        .as_array()
        .unwrap()
        .iter()
        .find(|statement| statement["Sid"] == "Secrets");
    let secrets = secrets.unwrap()["Resource"].to_string().to_lowercase();
    for provider in Provider::iter() {
        // SNS signs for SES with certificates, and the register sends no webhooks.
        let signs = !matches!(provider, Provider::Ses | Provider::Dncr);
        let reads = secrets.contains(&format!("\"{provider}secret.id\""));
        assert_eq!(reads, signs, "{provider}");
    }
}
