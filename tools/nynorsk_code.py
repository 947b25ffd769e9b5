"""Drafts the nynorsk of what the rules say: the argument `nn` beside bokmål and English in code.

A call of `text`, `holds`, `fails` or a verdict chosen between the two, whose first arguments are
bokmål and English and that has no `nn`, gets one; what stands there is kept.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

SAYING: Final = ("text", "holds", "fails", "verdict")
WIDTH: Final = 72
Draft = Callable[[str], str]


def with_nynorsk(source: str, draft: Draft) -> str:
    """The module with the `nn` that lacked, for a formatter to lay out."""
    lines = source.splitlines(keepends=True)
    for call in sorted(_lacking(ast.parse(source)), key=lambda each: -_end(each)[0]):
        row, column = _end(call)
        before = lines[row - 1].encode()
        added = f", nn={_written(_Nynorsk(draft).visit(call.args[0]))}"
        lines[row - 1] = before[:column].decode() + added + before[column:].decode()
    return "".join(lines)


def bokmaal_of(path: Path) -> Iterator[str]:
    """The constant parts of what the module says in bokmål."""
    for call in _saying(ast.parse(path.read_text("utf-8"))):
        for node in ast.walk(call.args[0]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _saying(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in SAYING and len(node.args) > 1:
            yield node


def _lacking(tree: ast.Module) -> Iterator[ast.Call]:
    return (call for call in _saying(tree) if all(each.arg != "nn" for each in call.keywords))


def _end(call: ast.Call) -> tuple[int, int]:
    """Line and column in bytes after the last argument."""
    last = max(
        (*call.args, *(each.value for each in call.keywords)),
        key=lambda each: (each.end_lineno or 0, each.end_col_offset or 0),
    )
    return last.end_lineno or 0, last.end_col_offset or 0


class _Nynorsk(ast.NodeTransformer):
    """Bokmål as written in code, in nynorsk: constants drafted, `nb` and names of it made `nn`."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if not isinstance(node.value, str):
            return node
        return ast.Constant("nn" if node.value == "nb" else self.draft(node.value))

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if node.id == "nb" or node.id.endswith("_nb"):
            return ast.Name(f"{node.id[:-2]}nn", ast.Load())
        return node


def _written(node: ast.expr) -> str:
    """Its source, with long strings in pieces that fit a line."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _pieces([*_tokens(node.value)], formatted=False)
    if isinstance(node, ast.JoinedStr):
        tokens: list[str] = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                tokens += _tokens(str(part.value).replace("{", "{{").replace("}", "}}"))
            else:
                tokens.append(ast.unparse(ast.JoinedStr([part]))[2:-1])
        return _pieces(tokens, formatted=True)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
        return f"{_written(node.func.value)}.{node.func.attr}()"
    return ast.unparse(node)


def _tokens(text: str) -> Iterator[str]:
    """Its words, each with the space after it, as they stand between double quotes."""
    yield from re.findall("[^ ]* ?", text.replace("\\", "\\\\").replace('"', '\\"'))


def _pieces(tokens: list[str], *, formatted: bool) -> str:
    lines = [""]
    for token in tokens:
        if lines[-1] and len(lines[-1]) + len(token) > WIDTH:
            lines.append("")
        lines[-1] += token
    said = [f'{"f" if formatted and "{" in line else ""}"{line}"' for line in lines]
    return said[0] if len(said) == 1 else f"({' '.join(said)})"
