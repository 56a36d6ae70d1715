"""Conditions, updates and copies answer as the emulator's own do, errors included."""

import copy
import itertools
import unittest
from collections import defaultdict

from ministack.services import dynamodb

from emulator import expressions

STOCK = dynamodb._evaluate_condition, dynamodb._tokenize, dynamodb.copy

ITEMS = [
    {},
    {"pk": {"S": "a"}, "n": {"N": "5"}},
    {"pk": {"S": "b"}, "n": {"N": "12"}, "m": {"M": {"k": {"L": [{"S": "x"}, {"N": "1"}]}}}, "ss": {"SS": ["a", "b"]}},
]
CONDITIONS = [
    "attribute_exists(pk)",
    "attribute_not_exists(pk) OR n < :n",
    "attribute_not_exists(#n)",
    "n = :n AND begins_with(pk, :s)",
    "NOT (n <> :n) AND pk IN (:s, :t)",
    "n BETWEEN :n AND :m",
    "n BETWEEN :m AND :n",
    "n BETWEEN :n AND :m AND pk BETWEEN :s AND :t",
    "contains(ss, :s) AND size(pk) >= :one",
    "m.k[0] = :x AND attribute_type(m, :M)",
    "m.k[1] > m.k[0]",
    "n = :absent",
    "n == :n",
    "((n = :n))",
    "status = :s",
    "n = ",
    "",
    "   ",
    "begins_with(n, :s",
    "#absent = :n",
]
NAMES = {"#n": "n"}
VALUES = {
    ":n": {"N": "5"},
    ":m": {"N": "9"},
    ":one": {"N": "1"},
    ":s": {"S": "a"},
    ":t": {"S": "b"},
    ":x": {"S": "x"},
    ":M": {"S": "M"},
}
SLOTS = ["ConditionExpression", "FilterExpression", "KeyConditionExpression"]


def said(call, *arguments):
    """What a call answers, or the text of its error."""
    try:
        return call(*arguments)
    except ValueError as error:
        return str(error)


class Expressions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        expressions.apply()

    @classmethod
    def tearDownClass(cls):
        dynamodb._evaluate_condition, dynamodb._tokenize, dynamodb.copy = STOCK

    def test_a_condition_answers_as_before_the_first_time_and_the_next(self):
        for condition, item, slot, _ in itertools.product(CONDITIONS, ITEMS, SLOTS, range(2)):
            with self.subTest(condition=condition, item=item, slot=slot):
                arguments = (condition, item, VALUES, NAMES, slot)
                self.assertEqual(said(dynamodb._evaluate_condition, *arguments), said(STOCK[0], *arguments))

    def test_the_parts_of_an_expression_can_be_taken_apart_without_harm_to_the_next(self):
        text = "SET a = :a, b = b + :b REMOVE c[2] ADD d :d"
        for _ in range(2):
            parts = dynamodb._tokenize(text)
            self.assertEqual(parts, STOCK[1](text))
            parts.clear()

    def test_an_update_answers_as_before_and_leaves_the_item_that_it_was_given(self):
        values = {":a": {"S": "new"}, ":one": {"N": "1"}, ":l": {"L": [{"S": "y"}]}}
        update = "SET pk = :a, m.k = list_append(m.k, :l), z = if_not_exists(z, :one) ADD n :one REMOVE ss"
        item = copy.deepcopy(ITEMS[2])
        changed = dynamodb._apply_update_expression(item, update, values, {})
        self.assertEqual(item, ITEMS[2])
        dynamodb.copy = STOCK[2]
        self.assertEqual(changed, dynamodb._apply_update_expression(item, update, values, {}))

    def test_a_copy_shares_nothing_that_can_change(self):
        items = defaultdict(dict, {"a": {"b": {"L": [{"S": "x"}]}}})
        found = expressions.copied({"items": items, "n": 1})
        self.assertEqual(found, {"items": items, "n": 1})
        found["items"]["a"]["b"]["L"].append({"S": "y"})
        found["items"]["new"]["b"] = {}
        self.assertEqual(items, {"a": {"b": {"L": [{"S": "x"}]}}})
