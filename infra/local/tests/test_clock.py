"""Queues follow the clock file."""

import asyncio
import os
import threading
import time
import unittest
from pathlib import Path

from ministack.core.concurrency import esm_wake
from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import sqs

from emulator import clock
from tests import SCRATCH


class StackTime(unittest.TestCase):
    def setUp(self):
        self.file = Path(SCRATCH.name) / "clock"
        self.file.unlink(missing_ok=True)
        self.addCleanup(setattr, sqs, "time", sqs.time)

    def move(self, ahead):
        """As the command does it: the file is replaced whole."""
        following = self.file.with_suffix(".next")
        following.write_text(str(ahead))
        following.rename(self.file)

    def test_without_a_file_the_time_is_the_machines(self):
        self.assertLess(abs(clock.StackTime(str(self.file)).time() - time.time()), 60)

    def test_a_moved_clock_is_seen_by_the_next_who_asks(self):
        stack = clock.StackTime(str(self.file))
        for ahead in (3600, 86400):
            self.move(ahead)
            self.assertLess(abs(stack.time() - time.time() - ahead), 60)

    def test_who_waits_for_messages_is_woken_when_the_time_moves(self):
        stack = clock.StackTime(str(self.file))
        threading.Thread(target=stack.follow, daemon=True).start()
        esm_wake.clear()
        self.move(60)
        self.assertTrue(esm_wake.wait(10))

    def test_a_message_that_is_held_back_can_be_taken_when_its_time_has_come(self):
        os.environ["CLOCK_FILE"] = str(self.file)
        self.addCleanup(os.environ.pop, "CLOCK_FILE")
        clock.apply()
        set_request_account_id("test")
        set_request_region(None)
        url = sqs._act_create_queue({"QueueName": "held"}, "")["QueueUrl"]
        sqs._act_send_message({"MessageBody": "later", "DelaySeconds": 120}, url)
        receive = lambda: asyncio.run(sqs._act_receive_message({}, url)).get("Messages", [])
        self.assertEqual(receive(), [])
        self.move(121)
        self.assertEqual([message["Body"] for message in receive()], ["later"])
