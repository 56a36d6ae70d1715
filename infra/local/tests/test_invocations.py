"""An invocation answers and logs as the emulator's own does."""

import io
import sys
import unittest
import zipfile

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from emulator import invocations
from tests import ACCOUNT, REGION

# A custom runtime that prints as many lines as the event asks for, then answers; 0 lines are none.
BOOTSTRAP = """#!{python} -u
import http.client, json, os, sys
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    asked = api.getresponse()
    event = json.loads(asked.read())
    if event.get("dies"):
        print("the last words")
        sys.exit(3)
    for line in range(event["lines"]):
        print(f"line {{line}} of {{event['lines']}}")
    call = "/2018-06-01/runtime/invocation/" + asked.headers["Lambda-Runtime-Aws-Request-Id"]
    api.request("POST", call + "/response", json.dumps({{"printed": event["lines"]}}))
    api.getresponse().read()
"""
EVENTS = [{"lines": count} for count in (0, 1, 3, 2000, 0, 1)] + [{"dies": True}, {"lines": 2}]
CHANGED = [
    (lambda_runtime.ProvidedWorker, "_pump_output"),
    (lambda_runtime.ProvidedWorker, "_drain_stderr_bounded"),
    (lambda_runtime, "queue"),
    (lambda_svc, "_ESM_IDLE_WAKE_GAP_SECONDS"),
]


def code():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        bootstrap = zipfile.ZipInfo("bootstrap")
        bootstrap.external_attr = 0o755 << 16
        files.writestr(bootstrap, BOOTSTRAP.format(python=sys.executable))
    return archive.getvalue()


def invoked(events):
    """What a function answers to each event, and logs."""
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:prints"
    config = {"FunctionName": "prints", "FunctionArn": arn, "Runtime": "provided.al2023", "Handler": "bootstrap", "Timeout": 30}
    worker = lambda_runtime.ProvidedWorker("prints", config, code())
    try:
        results = [worker.invoke(event, f"request-{n}") for n, event in enumerate(events)]
    finally:
        worker._teardown()
    answers = [(result["status"], result.get("result", result.get("error"))) for result in results]
    return answers, [result["log"] for result in results]


class Invocations(unittest.TestCase):
    def setUp(self):
        for place, name in CHANGED:
            self.addCleanup(setattr, place, name, getattr(place, name))

    def test_answers_are_those_of_before_and_each_has_the_lines_that_were_printed_for_it(self):
        before, all_lines = invoked(EVENTS)
        invocations.apply()
        answers, logs = invoked(EVENTS)
        self.assertEqual(answers, before)
        # On a busy machine the emulator's own wait ends too early, and lines stand in the next invocation's log.
        self.assertEqual("\n".join(filter(None, logs)), "\n".join(filter(None, all_lines)))
        self.assertEqual([len(log.splitlines()) for log in logs], [0, 1, 3, 2000, 0, 1, 1, 2])

    def test_of_too_many_lines_the_newest_are_kept(self):
        invocations.apply()
        most = lambda_runtime._PROVIDED_LOG_MAX_LINES
        _, [log] = invoked([{"lines": most + 7}])
        lines = log.splitlines()
        self.assertEqual((len(lines), lines[0]), (most, f"line 7 of {most + 7}"))
