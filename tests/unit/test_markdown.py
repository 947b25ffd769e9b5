"""What people wrote in Markdown becomes a part of a page, and nothing in it runs."""

from service.pages.markdown import html_of


def test_the_title_is_left_to_the_page_and_headings_fit_below_it() -> None:
    html = html_of("# Innkjøp\n\n## Når\n\nAlltid.\n\n1. Behov\n2. Marked\n")

    assert "Innkjøp" not in html
    assert "<h3>Når</h3>" in html
    assert html.count("<li>") == 2


def test_html_in_the_text_is_shown_and_never_run() -> None:
    html = html_of("<script>alert(1)</script>\n\n[her](javascript:alert(1)) <b onclick=x>fet</b>")

    assert "<script" not in html
    assert "<b " not in html
    assert "href" not in html


def test_nothing_gives_nothing() -> None:
    assert html_of("") == ""
