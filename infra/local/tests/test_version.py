"""The changes belong to the version that is installed."""

import contextlib
import io
import unittest
from importlib.metadata import version
from pathlib import Path

import emulator


class Version(unittest.TestCase):
    def test_the_pinned_version_is_the_one_that_the_changes_were_written_for(self):
        pinned = (Path(__file__).parent.parent / "requirements.txt").read_text()
        self.assertIn(f"ministack[full]=={emulator.VERSION}\n", pinned)
        self.assertEqual(version("ministack"), emulator.VERSION)

    def test_another_version_starts_unchanged_and_says_so(self):
        from ministack.services import dynamodb

        before, said = dynamodb._evaluate_condition, io.StringIO()
        with contextlib.redirect_stderr(said):
            emulator.change("1.5.34")
        self.assertIn("starts unchanged", said.getvalue())
        self.assertIs(dynamodb._evaluate_condition, before)
