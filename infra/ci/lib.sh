# Sourced by each check: the checkout as working folder, and the pinned Python tools where a check needs them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Prints where cargo builds, whatever decides that.
target_dir() {
    cargo metadata --no-deps --format-version 1 |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])'
}

# Puts a tool for cargo on the path: `use_cargo_tool NAME VERSION [FLAGS]`. Cargo builds it unless it is there.
use_cargo_tool() {
    local tools
    tools="$(target_dir)/local/cargo-tools"
    CARGO_TARGET_DIR="$tools/build" cargo install "$1" --version "$2" --locked --quiet "${@:3}" --root "$tools"
    rm -rf "$tools/build"
    export PATH="$tools/bin:$PATH"
}

# Puts the tools of requirements-ci.txt on the path, installing them when they are missing or of other versions.
use_python_tools() {
    local pinned=infra/local/requirements-ci.txt venv
    venv="$(target_dir)/local/venv-ci"
    python3 infra/local/environment.py "$venv" "$pinned"
    export PATH="$venv/bin:$PATH" SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=ap-southeast-2
}
