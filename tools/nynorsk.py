"""Drafts the nynorsk that lacks beside bokmål, word by word, for a person to read and mend.

    .venv/bin/python tools/nynorsk.py            draft what lacks, keep what is written
    .venv/bin/python tools/nynorsk.py --words    words the list does not know, with where they stand

`tools/nynorsk-words.txt` gives a word its nynorsk, `_` for a space. Words that are alike in both
stand nowhere. Texts of the platform (`service/texts`), its forms and its models get `.nn.json`.
"""

import json
import re
import sys
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
WORDS = Path(__file__).with_name("nynorsk-words.txt")
WORD = re.compile(r"[A-Za-zÆØÅæøåéèêóòô]+")
PLACE = re.compile(r"(\{[^}]*\}|`[^`]*`|https?://\S+|<?\S+@\S+)")
FEMININE = (
    "oppgåve|anskaffing|avgjerd|melding|løysing|grunngiving|kunngjering|hending|rolle|sak|fil|"
    "lenkje|kjelde|verksemd|avtale|teneste|endring|stadfesting|vurdering|gruppe|side|nettside|"
    "fråsegn|plikt|utveljing|opning|tildeling|retting|veke|oppsummering|tilknyting|rangering"
)
DEFINITE = "oppgåva|anskaffinga|avgjerda|meldinga|løysinga|grunngivinga|rolla|saka|fila|verksemda"
MODAL = "skal|kan|må|bør|vil|skulle|kunne|ville|å"
BETWEEN = "(?: (?:den|det|dei|vi|du|ho|han|de|ikkje|også|berre|no|først|da|framleis|likevel))*"
AFTERWARDS = (
    (rf"(?i)\b({MODAL})({BETWEEN}) blir\b", r"\1\2 bli"),
    (r"\bblir (\w+) (ikkje|aldri)\b", r"blir \2 \1"),
    (r"\bBlir (\w+) (dei|det|den) ikkje\b", r"Blir \2 ikkje \1"),
    (r"\bmellombels mellombels\b", "mellombels"),
    (rf"\b([Ee])in ((?:\w+ )?(?:{FEMININE}))\b", r"\1i \2"),
    (rf"\bsin ({FEMININE})\b", r"si \1"),
    (rf"\b({DEFINITE}) din\b", r"\1 di"),
    (rf"\b({DEFINITE}) (er|vart) teke\b", r"\1 \2 teken"),
    (r"\b(gjort|endra|skjedd|hendt) sida\b", r"\1 sidan"),
    (r"\b(sender|til|for|av|med|hos|frå|gir) de\b", r"\1 dykk"),
)
"""What a word alone does not know: passives after modal verbs, the feminine, word order."""


def words() -> Mapping[str, str]:
    pairs = (pair.split("=") for pair in WORDS.read_text("utf-8").split())
    return {bokmaal: nynorsk.replace("_", " ") for bokmaal, nynorsk in pairs}


def drafted(text: str, known: Mapping[str, str]) -> str:
    """The text in nynorsk as far as words go; places to fill in, code and addresses stay."""
    parts = PLACE.split(text)
    parts[::2] = [WORD.sub(lambda found: _word(found[0], known), part) for part in parts[::2]]
    whole = "".join(parts)
    for pattern, instead in AFTERWARDS:
        whole = re.sub(pattern, instead, whole)
    return whole


def _word(word: str, known: Mapping[str, str]) -> str:
    found = known.get(word.lower())
    if found is None:
        return word
    return found[:1].upper() + found[1:] if word[:1].isupper() else found


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


def main() -> int:
    known = words()
    if "--words" in sys.argv[1:]:
        return _unknown(known)
    for path, bokmaal in list(sources()):
        written = json.loads(path.read_text("utf-8")) if path.exists() else {}
        new = {
            key: written.get(key) or drafted(text, known) for key, text in bokmaal.items() if text
        }
        if new != written:
            path.write_text(json.dumps(new, ensure_ascii=False, indent=2) + "\n", "utf-8")
            print(f"{path.relative_to(ROOT)}: {len(new.keys() - written.keys())} drafted")
    return 0


def _unknown(known: Mapping[str, str]) -> int:
    seen: dict[str, str] = {}
    for path, bokmaal in sources():
        for text in bokmaal.values():
            for word in WORD.findall(PLACE.sub(" ", text)):
                if word.lower() not in known:
                    seen.setdefault(word.lower(), path.name)
    for word in sorted(seen):
        print(word, seen[word])
    return 0


if __name__ == "__main__":
    sys.exit(main())
