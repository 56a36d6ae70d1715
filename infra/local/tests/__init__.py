"""Each change of the emulator against the emulator's own answer. `infra/ci/emulator` runs them."""

import os
import tempfile

SCRATCH = tempfile.TemporaryDirectory(prefix="touchline-emulator-")
REGION = "ap-southeast-2"
ACCOUNT = "000000000000"

# Read when the emulator is imported.
os.environ.update(
    {name: SCRATCH.name for name in ("TMPDIR", "STATE_DIR", "S3_DATA_DIR")},
    MINISTACK_REGION=REGION,
    SFTP_ENABLED="0",
    IOT_MTLS_ENABLED="0",
    LOG_LEVEL="CRITICAL",
)
