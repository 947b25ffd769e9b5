"""What stands in bokmål in files, and where its nynorsk belongs: pages, forms and models."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree

from engine.bpmn.bundle import collect
from engine.bpmn.compile import subjects_of
from engine.bpmn.lint.known import platform
from engine.bpmn.lint.texts import expected_texts
from engine.bpmn.reading import read_files
from engine.forms.checking import texts_of
from engine.forms.reading import read_form

ROOT = Path(__file__).resolve().parent.parent


def sources() -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Each nynorsk file with its bokmål by key."""
    texts = ROOT / "service/texts"
    yield texts / "nn.json", json.loads((texts / "nb.json").read_text("utf-8"))
    for folder in (ROOT / "forms", ROOT / "service/questions"):
        for schema in sorted(folder.glob("*.schema.json")):
            key = schema.name.removesuffix(".schema.json")
            files = {each.name: each.read_bytes() for each in folder.glob(f"{key}.*.json")}
            yield folder / f"{key}.nn.json", texts_of(read_form(key, files))
    for model in sorted(ROOT.glob("processes/*/*.bpmn")):
        yield model.with_suffix(".nn.json"), _of_model(model)


def _of_model(model: Path) -> Mapping[str, str]:
    """What the check expects, and what else has English: pools and annotations."""
    bundle = collect(model)
    known = platform()
    reading = read_files(bundle.files, known.functions, checked=True)
    subject = subjects_of(reading, bundle.files, known)[bundle.key]
    expected = dict(expected_texts(subject))
    english = json.loads(model.with_suffix(".en.json").read_text("utf-8"))
    drawn = {each.get("id"): each for each in etree.parse(model).iter() if each.get("id")}
    for key in english.keys() - expected.keys():
        element, _, kind = key.rpartition(".")
        node = drawn.get(element)
        found = "" if node is None else node.get("name") or "".join(node.itertext()).strip()
        if found and kind in ("name", "text"):
            expected[key] = found
    order = list(english)
    return {key: expected[key] for key in (*order, *expected) if key in expected}
