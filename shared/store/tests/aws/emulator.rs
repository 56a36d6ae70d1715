//! The emulator: a pinned Python package in the environment that the local stack uses too, under the build folder.
//! It reads its standard input and ends when that closes, so it cannot outlive the tests, however they end.

use std::{
    fs,
    io::Read as _,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, OnceLock},
    thread,
    time::{Duration, Instant},
};

use crate::engine::REGION;

/// Runs in the folder of the launcher.
const LAUNCH: &str = "
import os, shutil, sys, threading
def end_with_the_tests():
    sys.stdin.buffer.read()
    shutil.rmtree(os.environ['STATE_DIR'], ignore_errors=True)
    os._exit(0)
threading.Thread(target=end_with_the_tests, daemon=True).start()
from emulator import start
start()
";
/// A loaded machine takes seconds to start Python.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);

struct Emulator {
    endpoint: String,
    /// Holds its standard input open.
    _process: Mutex<Child>,
}

static EMULATOR: OnceLock<Emulator> = OnceLock::new();

/// The address of the one emulator, started at the first call.
pub fn endpoint() -> &'static str {
    &EMULATOR.get_or_init(start).endpoint
}

fn start() -> Emulator {
    let local = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/local");
    let python = environment(&local).join("bin/python");
    let state = tmp().join(format!("store-emulator-{}", std::process::id()));
    fs::create_dir_all(&state).unwrap();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let endpoint = format!("http://127.0.0.1:{port}");
    let mut process = Command::new(python)
        .args(["-B", "-c", LAUNCH])
        .current_dir(local)
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .envs(["HOME", "TMPDIR", "STATE_DIR", "S3_DATA_DIR"].map(|name| (name, &state)))
        .env("GATEWAY_PORT", port.to_string())
        .env("BIND_HOST", "127.0.0.1")
        .envs(["MINISTACK_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"].map(|name| (name, REGION)))
        .envs(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(|name| (name, "test")))
        .env("AWS_ENDPOINT_URL", &endpoint)
        .env("SFTP_ENABLED", "0")
        .env("IOT_MTLS_ENABLED", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A full pipe would stop it.
    let mut stderr = process.stderr.take().unwrap();
    let said = thread::spawn(move || {
        let mut said = String::new();
        let _ = stderr.read_to_string(&mut said);
        said
    });
    let deadline = Instant::now() + PATIENCE;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if process.try_wait().unwrap().is_some() {
            panic!("the emulator did not come up:\n{}", said.join().unwrap());
        }
        assert!(
            Instant::now() < deadline,
            "the emulator is not up after {PATIENCE:?}"
        );
        thread::sleep(LOOK);
    }
    Emulator {
        endpoint,
        _process: Mutex::new(process),
    }
}

/// The Python environment, made when there is none or when the pinned versions changed.
fn environment(local: &Path) -> PathBuf {
    let venv = tmp().parent().unwrap().join("local/venv");
    let status = Command::new("python3")
        .arg(local.join("environment.py"))
        .arg(&venv)
        .arg(local.join("requirements.txt"))
        .status()
        .unwrap();
    assert!(status.success(), "the Python environment: {status}");
    venv
}

fn tmp() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}
