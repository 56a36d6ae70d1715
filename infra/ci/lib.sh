# Sourced by each check: the checkout as working folder, and the pinned Python tools where a check needs them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Prints where cargo builds, whatever decides that.
target_dir() {
    cargo metadata --no-deps --format-version 1 |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])'
}

# Puts the tools of requirements-ci.txt on the path, installing them when they are missing or of other versions.
use_python_tools() {
    local pinned=infra/local/requirements-ci.txt venv
    venv="$(target_dir)/local/venv-ci"
    python3 infra/local/environment.py "$venv" "$pinned"
    export PATH="$venv/bin:$PATH" SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=ap-southeast-2
}
