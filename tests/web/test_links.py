"""Nobody is offered a link that leads nowhere."""

import re
from pathlib import Path

from service.wiring import Parts
from tests.support.circle import make_circle
from tests.support.platform import Platform
from tests.support.web import Visitor, make_parts

TABS = ("", "/team", "/suppliers", "/documents", "/decisions", "/timeline", "/log")
READERS = ("lead", "owner", "employee", "colleague", "manager", "auditor")
LINK = re.compile(r'href="(/(?:procurements|tasks|attachments)/[^"#]+)"')


def dead_links(parts: Parts, reader: str, address: str) -> list[str]:
    visitor = Visitor.at(parts).sign_in(reader)
    pages = [visitor.get(address + tab) for tab in TABS]
    links = {link for page in pages for link in LINK.findall(page.text)}
    assert {page.status_code for page in pages} == {200}
    assert len(links) > len(TABS)
    return [link for link in sorted(links) if visitor.get(link).status_code >= 400]


def test_every_link_on_a_procurements_pages_leads_its_reader_somewhere(
    platform: Platform, tmp_path: Path
) -> None:
    address = f"/procurements/{make_circle(platform).procurement}"
    parts = make_parts(platform, tmp_path)

    found = {reader: dead_links(parts, reader, address) for reader in READERS}

    assert found == {reader: [] for reader in READERS}
