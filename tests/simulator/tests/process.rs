//! The simulator as a process: it says when it is ready, keeps its state over a restart, and stops when told.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

struct Process {
    child: Child,
    base: String,
}

impl Process {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_provider-simulator"))
            .args(["--hook-base", "http://127.0.0.1:9", "--seed", "5"])
            .args(["--rates", r#"{"server_error":0,"rate_limit":0,"bad_gateway":0,"time_out":0,"drop_after_accept":0}"#])
            .arg("--state-file")
            .arg(folder.join("state.json"))
            .arg("--clock-file")
            .arg(folder.join("clock"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(ready["ready"], true);
        let base = ready["base_url"].as_str().unwrap().to_owned();
        Self { child, base }
    }

    async fn look(&self, path: &str) -> Value {
        let url = format!("{}/_sim/{path}", self.base);
        reqwest::get(url).await.unwrap().json().await.unwrap()
    }

    fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Process {
    /// A failed assertion leaves no process behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn send(base: &str) {
    let mail = json!({"from": "a@b.co", "to": ["bo@example.com"], "subject": "hi", "text": "hi"});
    let url = format!("{base}/resend/emails");
    let request = reqwest::Client::new()
        .post(url)
        .bearer_auth("key")
        .json(&mail);
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn it_keeps_what_it_accepted_over_a_restart_and_reads_the_clock_file() {
    let folder = std::env::temp_dir().join(format!("touchline-simulator-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let process = Process::start(&folder);
    send(&process.base).await;
    let before = process.look("ledger").await;
    let due = process.look("pending").await["pending"].as_u64().unwrap();
    assert_eq!(before.as_array().unwrap().len(), 1);
    assert!(due >= 2, "{due}");
    process.stop();
    std::fs::write(folder.join("clock"), "86400\n").unwrap();
    let process = Process::start(&folder);
    assert_eq!(process.look("ledger").await, before);
    let pending = process.look("pending").await;
    assert_eq!(pending["pending"], due);
    assert!(pending["virtual_time"].as_str() > pending["next_due"].as_str());
    process.stop();
    std::fs::remove_dir_all(&folder).unwrap();
}
