"""The emulator's own DynamoDB reads the text of an expression once, and copies items by their types.

It splits and checks a condition again for every item that it looks at, and copies with `copy.deepcopy`. Whatever is not well formed
goes the emulator's own way, for its errors.
"""

import copy
import types
from functools import lru_cache

from ministack.services import dynamodb

# Different texts that are kept; the product has some hundred.
KEPT = 4096
ATOMS = {str, int, float, bool, bytes, type(None)}


def apply():
    """Replaces the reader of expressions, the check of a condition, and the copies of items."""
    tokenize, evaluate = dynamodb._tokenize, dynamodb._evaluate_condition
    kept = lru_cache(KEPT)(lambda text: tuple(tokenize(text)))

    @lru_cache(KEPT)
    def checked(text, slot):
        """The parts of a well-formed condition and its pairs of bounds, else None."""
        parts = tokenize(text)
        if (
            dynamodb._check_redundant_parens(parts, slot)
            or dynamodb._check_reserved_keyword_usage(parts)
            or dynamodb._condition_syntax_error(text, slot)
        ):
            return None
        return parts, tuple(bounds(parts))

    def evaluate_once(text, item, values, names, slot="ConditionExpression"):
        known = checked(text, slot) if isinstance(text, str) and text.strip() else None
        if known is None:
            return evaluate(text, item, values, names, slot)
        parts, pairs = known
        try:
            if not any(dynamodb._between_bounds_error(values.get(low), values.get(high)) for low, high in pairs):
                return dynamodb._ExprEval(parts, item, values, names).evaluate()
        except Exception:  # The emulator turns each into an answer of its own.
            pass
        return evaluate(text, item, values, names, slot)

    dynamodb._tokenize = lambda text: list(kept(text))
    dynamodb._evaluate_condition = evaluate_once
    dynamodb.copy = types.SimpleNamespace(deepcopy=copied)


def bounds(parts):
    """The references of each BETWEEN whose bounds are both values."""
    for at in range(len(parts) - 4):
        word, low, conjunction, high = parts[at : at + 4]
        if (
            (word[0], word[1].upper()) == ("IDENT", "BETWEEN")
            and (conjunction[0], conjunction[1].upper()) == ("IDENT", "AND")
            and low[0] == high[0] == "VALUE_REF"
        ):
            yield low[1], high[1]


def copied(value):
    """A deep copy; of what JSON can hold, of which items are made, a quick one."""
    kind = type(value)
    if kind is dict:
        return {name: copied(inner) for name, inner in value.items()}
    if kind is list:
        return [copied(inner) for inner in value]
    return value if kind in ATOMS else copy.deepcopy(value)
