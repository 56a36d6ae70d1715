"""The one call that waits answers what a look at each queue would, and only when nothing moves."""

import asyncio
import json
import threading
import unittest

from ministack import app as gateway
from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import lambda_svc, sqs

from emulator import idle

STOCK = gateway.app, lambda_svc._poll_sqs


class Idle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        idle.apply()
        set_request_account_id("test")
        set_request_region(None)

    @classmethod
    def tearDownClass(cls):
        gateway.app, lambda_svc._poll_sqs = STOCK

    def setUp(self):
        self.patience = idle.PATIENCE_SECONDS
        self.addCleanup(setattr, idle, "PATIENCE_SECONDS", self.patience)

    def queue(self, *messages):
        """A queue of this test's own with messages, each held back for so many seconds."""
        url = sqs._act_create_queue({"QueueName": self._testMethodName[-60:]}, "")["QueueUrl"]
        for delay in messages:
            sqs._act_send_message({"MessageBody": "{}", "DelaySeconds": delay}, url)
        return url, url.rsplit("/", 1)[1]

    def ask(self, *names):
        sent = []

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "path": idle.PATH, "query_string": ",".join(names).encode()}
        asyncio.run(gateway.app(scope, None, send))
        self.assertEqual(sent[0]["status"], 200)
        return json.loads(sent[1]["body"])

    def stock(self, url):
        """What SQS itself tells of a queue: messages that can be taken, and all of them."""
        attributes = sqs._act_get_queue_attributes({"AttributeNames": ["All"]}, url)["Attributes"]
        counts = ["", "NotVisible", "Delayed"]
        visible, hidden, delayed = (int(attributes[f"ApproximateNumberOfMessages{count}"]) for count in counts)
        return visible, visible + hidden + delayed

    def test_empty_queues_are_idle(self):
        _, name = self.queue()
        self.assertEqual(self.ask(name), {"running": 0, "visible": 0, "held": {}, "later_secs": None})

    def test_messages_that_were_put_back_are_told(self):
        url, name = self.queue(900, 60)
        answer = self.ask(name)
        self.assertTrue(0 < answer.pop("later_secs") <= 60)
        self.assertEqual(answer, {"running": 0, "visible": 0, "held": {name: 2}})
        self.assertEqual((answer["visible"], answer["held"][name]), self.stock(url))

    def test_a_message_that_can_be_taken_is_waited_for_and_told_when_patience_ends(self):
        idle.PATIENCE_SECONDS = 0
        url, name = self.queue(0, 60)
        answer = self.ask(name)
        self.assertTrue(0 < answer.pop("later_secs") <= 60)
        self.assertEqual(answer, {"running": 0, "visible": 1, "held": {name: 2}})
        self.assertEqual((answer["visible"], answer["held"][name]), self.stock(url))

    def test_nobody_is_told_before_a_batch_is_struck_off(self):
        url, name = self.queue(0)
        handle = sqs._receive_messages_for_esm(url, 10)[0]["receipt_handle"]
        ends, answered = threading.Event(), []

        def batch():
            ends.wait()
            sqs._delete_messages_for_esm(url, {handle})

        lambda_svc._dispatch_esm_batch("a mapping", batch)
        asking = threading.Thread(target=lambda: answered.append(self.ask(name)))
        asking.start()
        self.assertIsNone(idle.still(lambda_svc._poll_sqs, [url]), "its messages are hidden, but not put back")
        ends.set()
        asking.join()
        self.assertEqual(answered, [{"running": 0, "visible": 0, "held": {}, "later_secs": None}])

    def test_while_the_poller_looks_nothing_counts_as_still(self):
        url, _ = self.queue()
        looks = idle.Looks(lambda: self.assertIsNone(idle.still(looks, [url])))
        looks()
        self.assertIsNotNone(idle.still(looks, [url]))

    def test_every_other_path_is_the_emulators(self):
        asked = []

        async def inner(scope, receive, send):
            asked.append(scope["path"])

        before, gateway.app = gateway.app, inner
        self.addCleanup(setattr, gateway, "app", before)
        polls, lambda_svc._poll_sqs = lambda_svc._poll_sqs, lambda: False
        self.addCleanup(setattr, lambda_svc, "_poll_sqs", polls)
        idle.apply()
        asyncio.run(gateway.app({"type": "http", "path": "/_ministack/health"}, None, None))
        self.assertEqual(asked, ["/_ministack/health"])
