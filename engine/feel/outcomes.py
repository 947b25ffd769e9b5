"""What an expression can come to, as far as its text shows it."""

from collections.abc import Iterator

from engine.errors import FeelError
from engine.feel.parser import parse_expression
from engine.feel.syntax import Condition, Constant, Node


def texts_of(source: str) -> tuple[str, ...]:
    """The texts that stand in the expression as its outcome, in order: both of a condition's. What
    is computed, or cannot be read, is none of them."""
    try:
        return tuple(_texts(parse_expression(source, ())))
    except FeelError:
        return ()


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node, Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, Condition):
        yield from _texts(node.then)
        yield from _texts(node.otherwise)
