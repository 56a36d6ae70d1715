//! The life of a local stack, on the real emulator, with a template that has one of each thing `up` touches.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;
use touchline_stack::invoke;
use touchline_stack::local::{self, LocalError, LocalStack, StackPaths, StackState, UpOptions};
use touchline_stack::progress::Progress;
use touchline_stack::target::Target;
use touchline_stack::workspace::Workspace;

/// A checkout of its own, so that a test may break its template; gone with the test, as is its stack's folder.
struct Checkout {
    workspace: Workspace,
    options: UpOptions,
}

impl Checkout {
    fn new(name: &str) -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let root = scratch.join(format!("{name}-{}", std::process::id()));
        copy(&here.join("tests/fixtures/stack"), &root);
        copy(&here.join("../local"), &root.join("infra/local"));
        let workspace = Workspace {
            root,
            target: scratch.parent().unwrap().to_owned(),
        };
        let options = UpOptions {
            name: format!("{name}-{}", std::process::id()),
            port: None,
            auth: true,
            provider_url: Some("http://127.0.0.1:9".into()),
            ..UpOptions::default()
        };
        Self { workspace, options }
    }

    fn paths(&self) -> StackPaths {
        StackPaths::new(&self.workspace, &self.options.name).unwrap()
    }

    fn template(&self) -> PathBuf {
        self.workspace.template()
    }

    /// The stack, and whether anything was deployed to get there.
    async fn up(&self) -> Result<(LocalStack, bool), LocalError> {
        let progress = Progress::new(true);
        let stack = local::up(&self.workspace, &self.options, &progress).await?;
        let deployed = progress
            .stages()
            .iter()
            .any(|s| s.name == "deploying the template");
        Ok((stack, deployed))
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        let paths = self.paths();
        let _ = fs::remove_dir_all(paths.dir());
        let _ = fs::remove_file(paths.lock());
        let _ = fs::remove_dir_all(&self.workspace.root);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

async fn answer(state: &StackState) -> serde_json::Value {
    let target = Target::of_local(state.clone()).await;
    invoke::call(&target, "probe", &json!({ "hello": "stack" }))
        .await
        .unwrap()
}

async fn assert_filled(stack: &LocalStack) {
    let config = local::connect(stack.state()).await;
    let target = Target::of_local(stack.state().clone()).await;
    let outputs = target.outputs().await.unwrap();
    let ttl = aws_sdk_dynamodb::Client::new(&config)
        .describe_time_to_live()
        .table_name(outputs.get("LedgerTableName").unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(
        ttl.time_to_live_description().unwrap().attribute_name(),
        Some("ttl")
    );
    let secret = aws_sdk_secretsmanager::Client::new(&config)
        .get_secret_value()
        .secret_id(format!("touchline/{}/resend", target.name()))
        .send()
        .await
        .unwrap();
    let value: serde_json::Value = serde_json::from_str(secret.secret_string().unwrap()).unwrap();
    assert_eq!(value, local::secret_value("resend"));
}

#[tokio::test]
async fn a_stack_comes_up_is_used_again_is_mended_and_leaves_nothing_behind() {
    let checkout = Checkout::new("life");

    let (stack, deployed) = checkout.up().await.unwrap();
    assert!(deployed);
    assert_filled(&stack).await;
    stack
        .clock()
        .advance(Duration::from_secs(3 * 86_400), chrono::Utc::now())
        .unwrap();
    let expected = json!({ "event": { "hello": "stack" }, "stage": "local", "ahead": 259_200 });
    assert_eq!(answer(stack.state()).await, expected);
    let first = stack.leave_running();

    let (stack, deployed) = checkout.up().await.unwrap();
    assert!(!deployed, "nothing had changed");
    assert_eq!(stack.state(), &first);
    let second = stack.leave_running();

    second.emulator.as_ref().unwrap().stop();
    let (stack, deployed) = checkout.up().await.unwrap();
    assert!(
        deployed,
        "the emulator forgets what was deployed when it dies"
    );
    assert_ne!(stack.state().emulator, second.emulator);
    assert_eq!(answer(stack.state()).await, expected);

    let third = stack.state().clone();
    drop(stack);
    assert!(!third.emulator.unwrap().is_alive());
    assert!(!local::answers(&third.endpoint).await);
    assert_eq!(StackState::load(&checkout.paths().state()).unwrap(), None);
    assert!(!local::down(&checkout.paths()).await.unwrap());
}

#[tokio::test]
async fn a_template_that_can_not_be_deployed_is_explained_and_leaves_nothing_running() {
    let checkout = Checkout::new("broken");
    let broken = fs::read_to_string(checkout.template())
        .unwrap()
        .replace("AWS::DynamoDB::Table", "AWS::DynamoDB::Cable");
    fs::write(checkout.template(), broken).unwrap();

    let error = checkout.up().await.unwrap_err();

    assert!(
        error.to_string().contains("AWS::DynamoDB::Cable"),
        "{error}"
    );
    let state = StackState::load(&checkout.paths().state())
        .unwrap()
        .unwrap();
    assert!(!state.emulator.unwrap().is_alive());
}

#[tokio::test]
async fn a_function_that_no_package_builds_stops_it_before_anything_starts() {
    let checkout = Checkout::new("missing");
    let broken = fs::read_to_string(checkout.template())
        .unwrap()
        .replace("functions/probe", "functions/absent");
    fs::write(checkout.template(), broken).unwrap();

    let error = checkout.up().await.unwrap_err();

    assert!(error.to_string().contains("absent"), "{error}");
    assert_eq!(StackState::load(&checkout.paths().state()).unwrap(), None);
}
