"""Reads FEEL (DMN 1.5, chapter 10) by recursive descent into the nodes of `engine.feel.syntax`."""

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Final, TypeVar

from engine.errors import FeelError
from engine.feel.lexer import MEMBER_NAMES, Lexer, Spellings, Token, is_plain, spell, tidy
from engine.feel.library import BUILT_INS
from engine.feel.syntax import (
    TYPES,
    Between,
    Binary,
    Call,
    Condition,
    Constant,
    ContextOf,
    Filter,
    For,
    InstanceOf,
    Iterator,
    Lambda,
    ListOf,
    Logic,
    Membership,
    Name,
    Negation,
    Node,
    Path,
    Quantified,
    RangeOf,
    Test,
    Tests,
    TypeName,
)
from engine.feel.temporal import read_literal

MAX_DEPTH = 40
MAX_CHAIN = 150
TESTED = "?"
T = TypeVar("T")

_TYPE: Final = re.compile("|".join(name.replace(" ", r"\s+") + r"(?!\w)" for name in TYPES))
_OTHER_TYPE: Final = re.compile(r"\w+(?:\.\w+)*")
_BEFORE_IN: Final = re.compile(r"\s*\bin\b")
_BEFORE_COLON: Final = re.compile(r":")
MOST_KEPT: Final = 2048
"""Expressions kept as they were parsed: the linter, the compiler, and the versions of a process
that share a model ask for the same ones."""
LONGEST_KEPT: Final = 500
_PARAMETER_END: Final = re.compile(r"[:,)]")
_NAMED_ARGUMENT: Final = re.compile(r"([^:,()\[\]{}<>\"]+?)\s*:")
_COMPARISONS: Final = ("=", "!=", "<", "<=", ">", ">=")
_ORDERS: Final = ("<", "<=", ">", ">=")
_CONSTANTS: Final = {"true": True, "false": False, "null": None}
_CONTINUES: Final = ("..", ".", "[", "(", "+", "-", "*", "/")
_BUILT_IN_SPELLINGS: Final[Spellings] = spell([*BUILT_INS, *MEMBER_NAMES])


def parse_expression(source: str, names: Collection[str]) -> Node:
    """`names` are all names with spaces or signs that may stand in the source. Raises
    `FeelError`."""
    told = frozenset(name for name in names if not is_plain(name))
    kept = _kept_expression if len(source) <= LONGEST_KEPT else _whole_expression
    return kept(source, told)


def _whole_expression(source: str, names: frozenset[str]) -> Node:
    return _parse(source, names, _Parser.whole_expression)


_kept_expression = lru_cache(maxsize=MOST_KEPT)(_whole_expression)


def parse_tests(source: str, names: Collection[str]) -> Tests:
    """A cell of a decision table. Raises `FeelError`."""
    return (
        Tests((), False)
        if source.strip() in ("", "-")
        else _parse(source, names, _Parser.whole_tests)
    )


def _parse(source: str, names: Collection[str], read: Callable[["_Parser"], T]) -> T:
    lexer = Lexer(source, names, _BUILT_IN_SPELLINGS)
    try:
        return read(_Parser(lexer))
    except RecursionError:
        lexer.fail("nested too deep; split it up")


class _Parser:
    def __init__(self, lexer: Lexer) -> None:
        self.lexer = lexer
        self._depth = 0
        self._range_ends = 0
        self._asks = False

    @property
    def token(self) -> Token:
        return self.lexer.token

    def whole_expression(self) -> Node:
        node = self.expression()
        self._end()
        return node

    def whole_tests(self) -> Tests:
        tests = self._negated_tests()
        if tests is not None:
            return Tests(tests, negated=True)
        found = self._tests()
        self._end()
        return Tests(found, negated=False)

    def _end(self) -> None:
        if self.token.kind != "end":
            self.lexer.fail(f"'{self.token.value}' was not expected")

    def _negated_tests(self) -> tuple[Test, ...] | None:
        """`not(tests)`, when that is the whole cell."""
        if self.token.kind != "name" or self.token.value != "not":
            return None
        return self._attempt(self._whole_negation)

    def _whole_negation(self) -> tuple[Test, ...]:
        self.lexer.advance()
        tests = self._test_list()
        self._end()
        return tests

    def _test_list(self) -> tuple[Test, ...]:
        self.lexer.expect("(")
        tests = self._tests()
        self.lexer.expect(")")
        return tests

    def _attempt(self, read: Callable[[], T]) -> T | None:
        """What `read` gives, or None with everything as before where it fails."""
        before = (self.lexer.mark(), self._depth, self._range_ends, self._asks)
        try:
            return read()
        except FeelError:
            token, self._depth, self._range_ends, self._asks = before
            self.lexer.reset(token)
            return None

    # Expressions, from the loosest binding to the tightest

    def expression(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self.lexer.fail(f"nested more than {MAX_DEPTH} deep; split it up")
        try:
            if self.token.kind == "keyword":
                read = _KEYWORD_FORMS.get(self.token.value)
                if read is not None:
                    return read(self)
            return self._disjunction()
        finally:
            self._depth -= 1

    def read_condition(self) -> Node:
        self.lexer.advance()
        condition = self.expression()
        self.lexer.expect("then")
        then = self.expression()
        self.lexer.expect("else")
        return Condition(condition, then, self.expression())

    def _iterators(self) -> tuple[Iterator, ...]:
        found = []
        while True:
            self.lexer.advance()
            name = self.lexer.name_until(_BEFORE_IN)
            self.lexer.learn(name)
            self.lexer.expect("in")
            source, end = self.expression(), None
            if self.token.is_operator(".."):
                self.lexer.advance()
                end = self.expression()
            found.append(Iterator(name, source, end))
            if not self.token.is_operator(","):
                return tuple(found)

    def read_for(self) -> Node:
        iterators = self._iterators()
        self.lexer.expect("return")
        return For(iterators, self.expression())

    def read_quantified(self) -> Node:
        found = self.token.value == "some"
        iterators = self._iterators()
        self.lexer.expect("satisfies")
        return Quantified(iterators, self.expression(), found)

    def read_lambda(self) -> Node:
        self.lexer.advance()
        self.lexer.expect("(")
        parameters = []
        while not self.token.is_operator(")"):
            name = self.lexer.name_until(_PARAMETER_END)
            self.lexer.learn(name)
            parameters.append(name)
            if self.token.is_operator(":"):
                self.lexer.advance()
                self._type()
            self._separator(")")
        self.lexer.advance()
        if self.token.is_keyword("external"):
            self.lexer.advance()
            self.expression()
            return Lambda(tuple(parameters), None)
        return Lambda(tuple(parameters), self.expression())

    def _separator(self, closing: str) -> None:
        if self.token.is_operator(","):
            self.lexer.advance()
        elif not self.token.is_operator(closing):
            self.lexer.fail(f"',' or '{closing}' was expected")

    def _disjunction(self) -> Node:
        return self._logic("or", self._conjunction)

    def _conjunction(self) -> Node:
        return self._logic("and", self._comparison)

    def _logic(self, word: str, operand: Callable[[], Node]) -> Node:
        operands = [operand()]
        while self.token.is_keyword(word):
            self.lexer.advance()
            operands.append(operand())
        return operands[0] if len(operands) == 1 else Logic(word, tuple(operands))

    def _comparison(self) -> Node:
        node = self._sum()
        for _ in range(MAX_CHAIN):
            if self.token.is_operator(*_COMPARISONS):
                operator = self.lexer.advance().value
                node = Binary(operator, node, self._sum())
            elif self.token.is_keyword("between"):
                self.lexer.advance()
                low = self._sum()
                self.lexer.expect("and")
                node = Between(node, low, self._sum())
            elif self.token.is_keyword("in"):
                self.lexer.advance()
                node = Membership(node, self._membership_tests())
            else:
                return node
        return self.lexer.fail(f"more than {MAX_CHAIN} comparisons in a row; split it up")

    def _membership_tests(self) -> tuple[Test, ...]:
        if self.token.is_operator("("):
            tests = self._attempt(self._closed_test_list)
            if tests is not None:
                return tests
        return (self._test(self._sum),)

    def _closed_test_list(self) -> tuple[Test, ...]:
        tests = self._test_list()
        if self.token.is_operator(*_CONTINUES):
            self.lexer.fail("the parenthesis is part of an expression")
        return tests

    def _tests(self) -> tuple[Test, ...]:
        tests = [self._test(self.expression)]
        while self.token.is_operator(","):
            self.lexer.advance()
            tests.append(self._test(self.expression))
        return tuple(tests)

    def _test(self, operand: Callable[[], Node]) -> Test:
        if self.token.is_operator(*_COMPARISONS):
            operator = self.lexer.advance().value
            return Test(operator, self._sum(), asks=False)
        before, self._asks = self._asks, False
        node = operand()
        asks = self._asks
        self._asks = asks or before
        return Test(None, node, asks)

    def _sum(self) -> Node:
        return self._chain(("+", "-"), self._product)

    def _product(self) -> Node:
        return self._chain(("*", "/"), self._power)

    def _power(self) -> Node:
        return self._chain(("**",), self._negation)

    def _chain(self, operators: tuple[str, ...], operand: Callable[[], Node]) -> Node:
        node = operand()
        for _ in range(MAX_CHAIN):
            if not self.token.is_operator(*operators):
                return node
            operator = self.lexer.advance().value
            node = Binary(operator, node, operand())
        return self.lexer.fail(
            f"more than {MAX_CHAIN} operators in a row; use sum() or split it up"
        )

    def _negation(self) -> Node:
        if self.token.is_operator("-"):
            self.lexer.advance()
            self._depth += 1
            if self._depth > MAX_DEPTH:
                self.lexer.fail(f"nested more than {MAX_DEPTH} deep; split it up")
            operand = self._negation()
            self._depth -= 1
            return Negation(operand)
        node = self._postfix()
        while self.token.is_keyword("instance"):
            self.lexer.advance()
            self.lexer.expect("of")
            node = InstanceOf(node, self._type())
        return node

    def _type(self) -> TypeName:
        start = self.token.start
        found = _TYPE.match(self.lexer.source, start) or _OTHER_TYPE.match(self.lexer.source, start)
        if found is None:
            self.lexer.fail("a type was expected")
        name = tidy(found[0])
        self.lexer.jump(found.end())
        if not self.token.is_operator("<"):
            return TypeName(name, None)
        self.lexer.advance()
        parts = []
        while not self.token.is_operator(">"):
            parts.append(self._type_part(name))
            self._separator(">")
        self.lexer.advance()
        if name == "function" and self.token.is_operator("->"):
            self.lexer.advance()
            self._type()
        return TypeName(name, tuple(parts))

    def _type_part(self, owner: str) -> tuple[str, TypeName]:
        member = ""
        if owner == "context":
            member = self.lexer.name_until(_BEFORE_COLON)
            self.lexer.expect(":")
        return member, self._type()

    def _postfix(self) -> Node:
        node = self._primary()
        for _ in range(MAX_CHAIN):
            if self.token.is_operator("."):
                self.lexer.advance()
                if self.token.kind not in ("name", "keyword"):
                    self.lexer.fail("a name was expected after '.'")
                node = Path(node, self.lexer.advance().value)
            elif self.token.is_operator("[") and not self._range_ends:
                self.lexer.advance()
                node = Filter(node, self._enclosed("]"))
            elif self.token.is_operator("("):
                node = self._call(node)
            else:
                return node
        return self.lexer.fail(f"more than {MAX_CHAIN} steps in a row; split it up")

    def _enclosed(self, closing: str) -> Node:
        """An expression inside brackets: the end of an outer range does not matter here."""
        outer, self._range_ends = self._range_ends, 0
        node = self.expression()
        self._range_ends = outer
        self.lexer.expect(closing)
        return node

    def _call(self, function: Node) -> Node:
        self.lexer.advance()
        outer, self._range_ends = self._range_ends, 0
        arguments, names = [], []
        while not self.token.is_operator(")"):
            name = self._argument_name()
            if name is not None:
                names.append(name)
            arguments.append(self.expression())
            self._separator(")")
        self.lexer.advance()
        self._range_ends = outer
        if names and len(names) != len(arguments):
            self.lexer.fail("arguments are given either all by name or all by position")
        return Call(function, tuple(arguments), tuple(names) if names else None)

    def _argument_name(self) -> str | None:
        if self.token.kind not in ("name", "keyword"):
            return None
        found = _NAMED_ARGUMENT.match(self.lexer.source, self.token.start)
        if found is None:
            return None
        self.lexer.jump(found.end())
        return tidy(found[1])

    def _primary(self) -> Node:
        token = self.token
        if token.kind in ("number", "string"):
            return Constant(self.lexer.advance().value)
        if token.kind == "name":
            self._asks = self._asks or token.value == TESTED
            return Name(self.lexer.advance().value, token.start)
        if token.kind == "keyword":
            if token.value in _CONSTANTS:
                return Constant(_CONSTANTS[self.lexer.advance().value])
            if token.value in _KEYWORD_FORMS:
                return self.expression()
        read = _OPERATOR_FORMS.get(token.value) if token.kind == "operator" else None
        if read is None:
            self.lexer.fail(
                "it ends too early" if token.kind == "end" else f"'{token.value}' was not expected"
            )
        return read(self)

    def read_at_literal(self) -> Node:
        self.lexer.advance()
        if self.token.kind != "string":
            self.lexer.fail('a text was expected after "@"')
        return Constant(read_literal(self.lexer.advance().value))

    def read_parenthesis(self) -> Node:
        self.lexer.advance()
        if self.token.is_operator(*_ORDERS):
            node = self.read_half_range()
            self.lexer.expect(")")
            return node
        outer, self._range_ends = self._range_ends, 0
        node = self.expression()
        self._range_ends = outer
        if self.token.is_operator(".."):
            return self._range(node, low_included=False)
        self.lexer.expect(")")
        return node

    def read_half_range(self) -> Node:
        operator = self.lexer.advance().value
        bound = self._sum()
        if operator[0] == "<":
            return RangeOf(None, bound, low_included=False, high_included=operator == "<=")
        return RangeOf(bound, None, low_included=operator == ">=", high_included=False)

    def read_open_range(self) -> Node:
        self.lexer.advance()
        return self._range(self.expression(), low_included=False)

    def read_list_or_range(self) -> Node:
        self.lexer.advance()
        if self.token.is_operator("]"):
            self.lexer.advance()
            return ListOf(())
        outer, self._range_ends = self._range_ends, 0
        items = [self.expression()]
        if self.token.is_operator(".."):
            self._range_ends = outer
            return self._range(items[0], low_included=True)
        while self.token.is_operator(","):
            self.lexer.advance()
            items.append(self.expression())
        self._range_ends = outer
        self.lexer.expect("]")
        return ListOf(tuple(items))

    def _range(self, low: Node, *, low_included: bool) -> Node:
        self.lexer.expect("..")
        self._range_ends += 1
        high = self.expression()
        self._range_ends -= 1
        if not self.token.is_operator("]", ")", "["):
            self.lexer.fail("the range has no end")
        return RangeOf(low, high, low_included, self.lexer.advance().value == "]")

    def read_context(self) -> Node:
        self.lexer.advance()
        outer, self._range_ends = self._range_ends, 0
        members: list[tuple[str, Node]] = []
        while not self.token.is_operator("}"):
            name = self._member_name()
            members.append((name, self.expression()))
            self.lexer.learn(name)
            self._separator("}")
        self.lexer.advance()
        self._range_ends = outer
        return ContextOf(tuple(members))

    def _member_name(self) -> str:
        if self.token.kind == "string":
            name: str = self.lexer.advance().value
        else:
            name = self.lexer.name_until(_BEFORE_COLON)
        self.lexer.expect(":")
        return name


_KEYWORD_FORMS: Final[dict[str, Callable[[_Parser], Node]]] = {
    "if": _Parser.read_condition,
    "for": _Parser.read_for,
    "some": _Parser.read_quantified,
    "every": _Parser.read_quantified,
    "function": _Parser.read_lambda,
}
_OPERATOR_FORMS: Final[dict[str, Callable[[_Parser], Node]]] = {
    "@": _Parser.read_at_literal,
    "(": _Parser.read_parenthesis,
    "[": _Parser.read_list_or_range,
    "]": _Parser.read_open_range,
    "{": _Parser.read_context,
    "<": _Parser.read_half_range,
    "<=": _Parser.read_half_range,
    ">": _Parser.read_half_range,
    ">=": _Parser.read_half_range,
}
