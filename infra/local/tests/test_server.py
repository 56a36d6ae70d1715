"""The other HTTP server answers as the emulator's own does: status, headers and body."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
import unittest
from pathlib import Path

from tests import REGION, SCRATCH

LOCAL = Path(__file__).parent.parent
START = "import sys; sys.path.insert(0, {local!r}); {change}; from ministack.app import main; sys.argv = ['emulator']; main()"
START_SECONDS = 30
# Made anew for each request, as a header or in an XML body.
OWN = {"date", "x-amzn-requestid", "x-amz-request-id", "x-amz-id-2", "last-modified"}
OWN_XML = re.compile(rb"<(RequestId|HostId|LastModified)>[^<]+<")


def signed(service):
    scope = f"test/20261130/{REGION}/{service}/aws4_request"
    return {
        "authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
        "x-amz-date": "20261130T000000Z",
    }


def rpc(target, **body):
    kind = {"x-amz-target": target, "content-type": "application/x-amz-json-1.0"}
    return "POST", "/", {**signed("dynamodb"), **kind}, json.dumps(body)


def s3(method, path, body=None, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return method, path, {**signed("s3"), **named}, body


PLACE = f'<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>'
REQUESTS = [
    ("GET", "/_ministack/nowhere", {}, None),
    rpc("DynamoDB_20120810.GetItem", TableName="none", Key={"pk": {"S": "a"}}),
    rpc("DynamoDB_20120810.Nothing"),
    ("POST", "/", {**signed("sqs"), "content-type": "application/x-www-form-urlencoded"}, "Action=CreateQueue&QueueName=q&Version=2012-11-05"),
    s3("PUT", "/bucket", PLACE),
    s3("PUT", "/bucket/a%20key/with+signs", "0123456789" * 20_000, content_type="text/plain"),
    s3("PUT", "/bucket/expected", "body", expect="100-continue"),
    s3("PUT", "/bucket/chunked", iter([b"in ", b"pieces"])),
    s3("GET", "/bucket/a%20key/with+signs", range="bytes=5-14"),
    s3("GET", "/bucket/a%20key/with+signs", range="bytes=900000-"),
    s3("HEAD", "/bucket/chunked"),
    s3("GET", "/bucket/chunked"),
    s3("GET", "/bucket/none"),
    s3("GET", "/bucket?list-type=2&prefix=a%20"),
    s3("DELETE", "/bucket/chunked"),
    ("GET", "/_aws/execute-api/10ca1a91/$default/hooks/x?a=1&a=2", {}, None),
    ("OPTIONS", "/bucket/key", {"origin": "http://a.example", "access-control-request-method": "GET"}, None),
]


class Emulator:
    """One emulator, with or without its own server."""

    def __init__(self, name, change):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        scratch = Path(SCRATCH.name) / name
        scratch.mkdir()
        places = {place: str(scratch) for place in ("HOME", "TMPDIR", "STATE_DIR", "S3_DATA_DIR")}
        environment = {**os.environ, **places, "GATEWAY_PORT": str(self.port), "BIND_HOST": "127.0.0.1"}
        code = START.format(local=str(LOCAL), change=change)
        self.process = subprocess.Popen([sys.executable, "-c", code], env=environment, cwd=scratch)
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the emulator {name} does not come up")
            time.sleep(0.05)

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except OSError:
            return False
        return True

    def ask(self, requests):
        """The answers, all over one connection while it lasts."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        for method, path, headers, body in requests:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            kept = sorted((name.lower(), value) for name, value in answer.getheaders() if name.lower() not in OWN)
            body = OWN_XML.sub(b"", answer.read()).replace(str(self.port).encode(), b"PORT")
            yield answer.status, answer.reason, kept, body
        connection.close()

    def end(self):
        self.process.terminate()
        return self.process.wait(30)


class Server(unittest.TestCase):
    def test_every_kind_of_request_is_answered_as_before(self):
        stock = Emulator("stock", "pass")
        self.addCleanup(stock.end)
        changed = Emulator("changed", "from emulator import server; server.apply()")
        self.addCleanup(changed.end)
        # A body in pieces is read once.
        bodies = [dict(enumerate(body)) if hasattr(body, "__next__") else body for *_, body in REQUESTS]
        again = lambda body: iter(body.values()) if isinstance(body, dict) else body
        asked = lambda: [(*request[:3], again(body)) for request, body in zip(REQUESTS, bodies)]
        for request, before, after in zip(REQUESTS, stock.ask(asked()), changed.ask(asked()), strict=True):
            with self.subTest(request=request[:2]):
                self.assertEqual(after, before)
        self.assertEqual(changed.end(), 0)
