//! The emulator: a pinned Python package in the environment that the local stack uses too, under the build folder.
//! It reads its standard input and ends when that closes, so it can not outlive the tests, however they end.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, OnceLock},
    thread,
};

/// Its region; ours.
pub const REGION: &str = "ap-southeast-2";

/// What it prints when it takes requests.
const READY: &str = "Running on http";

const LAUNCH: &str = "
import os, shutil, sys, threading
def end_with_the_tests():
    sys.stdin.buffer.read()
    shutil.rmtree(os.environ['STATE_DIR'], ignore_errors=True)
    os._exit(0)
threading.Thread(target=end_with_the_tests, daemon=True).start()
from ministack.app import main
main()
";

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
    let python = environment().join("bin/python");
    let state = tmp().join(format!("store-emulator-{}", std::process::id()));
    fs::create_dir_all(&state).unwrap();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let endpoint = format!("http://127.0.0.1:{port}");
    let mut process = Command::new(python)
        .args(["-c", LAUNCH])
        .current_dir(&state)
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
    let mut said = String::new();
    let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
    let ready = lines.by_ref().map_while(Result::ok).any(|line| {
        said.push_str(&line);
        said.push('\n');
        line.contains(READY)
    });
    assert!(ready, "the emulator did not come up:\n{said}");
    // A full pipe would stop it.
    thread::spawn(move || lines.for_each(drop));
    Emulator {
        endpoint,
        _process: Mutex::new(process),
    }
}

/// The Python environment, made when there is none or when the pinned versions changed.
fn environment() -> PathBuf {
    let local = tmp().parent().unwrap().join("local");
    fs::create_dir_all(&local).unwrap();
    let venv = local.join("venv");
    let marker = venv.join("made-of.txt");
    let pinned = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/local/requirements.txt");
    let lock = File::options()
        .create(true)
        .append(true)
        .open(local.join("venv.lock"))
        .unwrap();
    lock.lock().unwrap();
    let made_of = fs::read_to_string(&marker).unwrap_or_default();
    let wanted = fs::read_to_string(&pinned).unwrap_or_else(|_| made_of.clone());
    assert!(
        !wanted.is_empty(),
        "{} names the emulator to install",
        pinned.display()
    );
    if made_of != wanted {
        let _ = fs::remove_dir_all(&venv);
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv));
        let pip = [
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "-q",
            "-r",
        ];
        run(Command::new(venv.join("bin/python")).args(pip).arg(&pinned));
        fs::write(&marker, wanted).unwrap();
    }
    venv
}

fn run(command: &mut Command) {
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?}: {status}");
}

fn tmp() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}
