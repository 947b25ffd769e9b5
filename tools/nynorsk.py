"""Drafts the nynorsk that lacks beside bokmål, word by word, for a person to read and mend.

    .venv/bin/python tools/nynorsk.py            draft what lacks, keep what is written
    .venv/bin/python tools/nynorsk.py --words    words the list does not know, with where they stand

`tools/nynorsk-words.txt` gives a word its nynorsk, `_` for a space. Words that are alike in both
stand nowhere. Texts of the platform (`service/texts`), its forms and its models get `.nn.json`;
what the rules say gets it in their code and data.
"""

import functools
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tools.nynorsk_code import bokmaal_of, with_nynorsk

ROOT = Path(__file__).resolve().parent.parent
RUFF = Path(sys.executable).with_name("ruff")
WORDS = Path(__file__).with_name("nynorsk-words.txt")
WORD = re.compile(r"[A-Za-zÆØÅæøåéèêóòô]+")
LACKING = re.compile(r"nb: ((?:(?!, nn: |, en: )[^\n])+), en: ")
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


def main() -> int:
    known = words()
    if "--words" in sys.argv[1:]:
        return _unknown(known)
    _draft_rules(known)
    _draft_files(known)
    return 0


def _draft_files(known: Mapping[str, str]) -> None:
    """Only now is the engine loaded: it cannot be while a rule lacks its nynorsk."""
    from tools.nynorsk_files import sources  # noqa: PLC0415 - loads the engine: not before the rules

    for path, bokmaal in list(sources()):
        written = json.loads(path.read_text("utf-8")) if path.exists() else {}
        new = {
            key: written.get(key) or drafted(text, known) for key, text in bokmaal.items() if text
        }
        if new != written:
            path.write_text(json.dumps(new, ensure_ascii=False, indent=2) + "\n", "utf-8")
            print(f"{path.relative_to(ROOT)}: {len(new.keys() - written.keys())} drafted")


def _draft_rules(known: Mapping[str, str]) -> None:
    for path in _rules():
        source = path.read_text("utf-8")
        draft = functools.partial(drafted, known=known)
        new = (with_nynorsk if path.suffix == ".py" else _data_with_nynorsk)(source, draft)
        if new != source:
            path.write_text(new, "utf-8")
            print(f"{path.relative_to(ROOT)}: drafted")
            if path.suffix == ".py":
                subprocess.run([RUFF, "format", "-q", path], check=True)


def _rules() -> Iterator[Path]:
    yield from sorted((ROOT / "engine/procurement").rglob("*.py"))
    yield from sorted((ROOT / "engine/procurement/data").glob("*.yaml"))


def _data_with_nynorsk(source: str, draft: Callable[[str], str]) -> str:
    """The rows with the nynorsk that lacked, between bokmål and English."""
    return LACKING.sub(lambda row: f"nb: {row[1]}, nn: {draft(row[1])}, en: ", source)


def _unknown(known: Mapping[str, str]) -> int:
    from tools.nynorsk_files import sources  # noqa: PLC0415 - loads the engine: not before the rules

    seen: dict[str, str] = {}
    for path, bokmaal in sources():
        for text in bokmaal.values():
            for word in WORD.findall(PLACE.sub(" ", text)):
                if word.lower() not in known:
                    seen.setdefault(word.lower(), path.name)
    for path in _rules():
        for text in bokmaal_of(path) if path.suffix == ".py" else ():
            for word in WORD.findall(PLACE.sub(" ", text)):
                if word.lower() not in known:
                    seen.setdefault(word.lower(), path.name)
    for word in sorted(seen):
        print(word, seen[word])
    return 0


if __name__ == "__main__":
    sys.exit(main())
