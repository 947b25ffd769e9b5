"""What people wrote in Markdown, as HTML for a part of a page."""

from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable("table")
_LOWEST: Final = 6


def html_of(text: str) -> str:
    """Without the title, which the page has, and with headings one lower than they were written.

    HTML in the text is shown as text, so that nothing of it can run.
    """
    tokens = _MARKDOWN.parse(text)
    if tokens and tokens[0].tag == "h1":
        tokens = tokens[3:]
    for token in tokens:
        _lower(token)
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _lower(token: Token) -> None:
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(int(token.tag[1:]) + 1, _LOWEST)}"
    if token.type == "table_open":
        token.attrSet("class", "table")
