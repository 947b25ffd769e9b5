"""Files that come along with a form."""

import io

import pytest
from starlette.datastructures import UploadFile

from engine.forms.reading import read_form
from engine.forms.values import Context
from service.pages.files import Attaching, put_files
from service.pages.posting import Posted
from service.uploads import FileRefusedError
from tests.support.platform import Platform
from tests.unit.forms.files import files, with_property

SCHEMA = with_property(
    "evidence",
    {"type": "array", "title": "Bilag", "items": {"type": "string", "x-format": "file"}},
)
SCHEMA["properties"]["plan"] = {"type": "string", "title": "Plan", "x-format": "file"}
FORM = read_form("need", files(SCHEMA))


def sent(*chosen: tuple[str, str, bytes]) -> Posted:
    uploads = tuple(
        (field, UploadFile(io.BytesIO(content), filename=name)) for field, name, content in chosen
    )
    return Posted((), uploads, "request", "complete", 1000)


def attaching(platform: Platform) -> Attaching:
    procurement = platform.start()
    task = platform.task(procurement, "describe").id
    return Attaching(platform.bus, platform.actor("lead"), procurement, task)


def test_chosen_files_are_attached_and_their_ids_stand_in_the_data(platform: Platform) -> None:
    where = attaching(platform)
    posted = sent(("evidence", "a.pdf", b"%PDF-1"), ("plan", "b.txt", b"plan"))

    context, data = put_files(FORM, Context(), {"evidence": ["old"]}, posted, where)

    assert data["evidence"][0] == "old"
    assert context.files == {data["evidence"][1]: "a.pdf", data["plan"]: "b.txt"}
    assert platform.entries(where.procurement).count("AttachmentAdded") == 2


def test_the_same_form_sent_twice_attaches_once(platform: Platform) -> None:
    where = attaching(platform)
    chosen = ("plan", "b.txt", b"plan")

    _, first = put_files(FORM, Context(), {}, sent(chosen), where)
    _, second = put_files(FORM, Context(), {}, sent(chosen), where)

    assert first == second
    assert platform.entries(where.procurement).count("AttachmentAdded") == 1


def test_nothing_is_kept_when_one_of_the_files_is_refused(platform: Platform) -> None:
    where = attaching(platform)
    posted = sent(("plan", "b.txt", b"plan"), ("evidence", "c.exe", b"MZ"))

    with pytest.raises(FileRefusedError):
        put_files(FORM, Context(), {}, posted, where)

    assert "AttachmentAdded" not in platform.entries(where.procurement)
