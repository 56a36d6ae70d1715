"""`GET /_touchline/idle?queue,queue` answers as soon as nothing moves in these queues, in place of a look at each of them again and again.

That is so when no function runs and none of their messages can be taken: either they are empty, or all that is left was put back
for later. The answer says what is left, and when the first of it can be taken: `{"visible": 0, "held": {"wash": 2}, "running": 0,
"later_secs": 118.2}`. After `PATIENCE_SECONDS` it comes even if something still moves, and says so by the numbers that are not 0.
"""

import asyncio
import json
import time

from ministack import app as gateway
from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import lambda_svc, sqs

PATH = "/_touchline/idle"
PATIENCE_SECONDS = 20
# Direct invocations end without a look at the queues; for them the state is read again after this.
LOOK_SECONDS = 0.002


def apply():
    """Counts the poller's looks at the queues, and answers the path before the emulator does."""
    looks = Looks(lambda_svc._poll_sqs)
    lambda_svc._poll_sqs = looks
    inner = gateway.app

    async def app(scope, receive, send):
        if scope["type"] == "http" and scope["path"] == PATH:
            await answer(looks, scope["query_string"].decode().split(","), send)
        else:
            await inner(scope, receive, send)

    gateway.app = app


class Looks:
    """The poller's look at the queues. Between taking messages and counting the invocation that got them there is a moment in which
    neither shows, so whoever asks has to know that no look was under way."""

    def __init__(self, look):
        self.look = look
        self.begun = 0
        self.ended = 0

    def __call__(self):
        self.begun += 1
        try:
            return self.look()
        finally:
            self.ended += 1


async def answer(looks, names, send):
    """Waits, then sends the state."""
    # The emulator keeps the queues of each account and region apart; the local stack has one of both.
    set_request_account_id("test")
    set_request_region(None)
    urls = [sqs._queue_url(name) for name in names if name]
    deadline = time.monotonic() + PATIENCE_SECONDS
    state = still(looks, urls)
    while state is None and time.monotonic() < deadline:
        await asyncio.sleep(LOOK_SECONDS)
        state = still(looks, urls)
    body = json.dumps(state or {"running": running(), **waiting(urls)}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def still(looks, urls):
    """The state, if nothing moves. What is read in this order cannot miss a message on its way: an invocation puts messages into the
    next queue before it ends, and none begins unless the poller looks."""
    looked = looks.begun
    if looks.ended != looked or running() > 0:
        return None
    left = waiting(urls)
    if left["visible"] > 0 or looks.begun != looked:
        return None
    return {"running": 0, **left}


def running():
    """Invocations, and batches of messages whose invocation has ended but which are still being struck off."""
    with lambda_svc._esm_inflight_lock:
        batches = sum(lambda_svc._esm_inflight.values())
    return max(batches, lambda_svc.executions_in_flight()[0])


def waiting(urls):
    """Messages that can be taken, by queue all that are there, and after how long the first of the others can be taken."""
    visible, held, later = 0, {}, None
    now = sqs.time.time()
    for url in urls:
        with sqs._queues_lock:
            messages = sqs._queues.get(url, {}).get("messages", ())
            due = [message["visible_at"] - now for message in messages]
        visible += sum(secs <= 0 for secs in due)
        later = min((secs for secs in (later, *due) if secs is not None and secs > 0), default=None)
        if due:
            held[url.rsplit("/", 1)[1]] = len(due)
    return {"visible": visible, "held": held, "later_secs": later}
