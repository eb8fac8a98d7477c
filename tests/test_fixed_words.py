"""No sentence names a level of the agenda in fixed words: another town calls it otherwise (pages/words.py).

Looks at every text of a template and every string in the code, whether it goes through gettext or not.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from pages.words import TERMS
from tests.test_consistency import ROOT, modules, templates

# The nouns of the district, also inside compounds. „Art“ is a part of too many words.
NOUNS = [term for key, term in TERMS.items() if key != "art"]
_FORMS = {form for term in NOUNS for form in (term.singular, term.plural)} | {"Verbandsgemeinde"}
FIXED = re.compile("|".join(map(re.escape, sorted(_FORMS))), re.IGNORECASE)


# Where they may stand, and why.
MAY: dict[str, str] = {
    "pages/words.py": "the words themselves, and what an operator reads beside the field where a word is changed",
    "participation/brakes.py": "names that nobody but an office bears, whatever it is called here",
    "ideas/demo": "content of the demo, as editors wrote it",
    "ideas/management": "speaks to who runs the server, in the words of the code; the generated documents do, too",
    "ideas/exchange/command.py": "speaks to who runs the server",
    "ideas/exchange/restore.py": "speaks to who runs the server",
    "ideas/exchange/public_tables.py": "the format's documentation: names of tables and columns are fixed like addresses",
    "ideas/exchange/measure_tables.py": "the same",
    "ideas/exchange/staff_tables.py": "the same",
    "ideas/exchange/left_out.py": "the same",
    "ideas/exchange/mapping.py": "how other people's tables call their columns",
    "ideas/mail_samples.py": "invented contents",
    "participation/management": "the generated table of phases, in the words of the code",
}
# Meta.verbose_name, which migrations keep; people read ideas/desk/names.py and BasePage.get_verbose_name. And one kind of place
# that the law of the state defines.
META: dict[str, set[str]] = {
    "pages/models/agenda.py": {"Zielbild", "Zielbilder", "Lösung", "Lösungen"},
    "pages/models/snippets.py": {"Querschnittsthema", "Querschnittsthemen"},
    "ideas/models/measure.py": {
        "Art von Maßnahmen", "Arten von Maßnahmen", "Maßnahme", "Maßnahmen", "Idee in einer Maßnahme", "Schritt einer Maßnahme",
    },
    "ideas/models/place.py": {"Verbandsgemeinde"},
}  # fmt: skip


def strings(source: str) -> Iterator[tuple[int, str]]:
    """Every string of a module, but its docstrings and the forms that it asks for."""
    tree = ast.parse(source)
    left_out = {
        id(node.slice) for node in ast.walk(tree) if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "words"
    }
    left_out |= {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.lineno, node.value


def texts(source: str) -> str:
    """What a template says: without comments and without the forms that it asks for."""
    source = re.sub(
        r"(?s)\{% comment\b.*?%\}.*?\{% endcomment %\}|\{#.*?#\}", lambda match: "\n" * match[0].count("\n"), source
    )
    return re.sub(r"""\{% word (["']).*?\1[^%]*%\}""", "", source)


def fixed_in_code(file: Path) -> list[str]:
    name = str(file.relative_to(ROOT))
    if any(name == place or name.startswith(f"{place}/") for place in MAY):
        return []
    found = [(line, text) for line, text in strings(file.read_text(encoding="utf-8")) if is_read(text)]
    return [f"{name}:{line}: {text[:80]}" for line, text in found if text not in META.get(name, set())]


def is_read(text: str) -> bool:
    """Whether a string holds one of the nouns as people write it. Keys and patterns of addresses are small: "zielbild"."""
    without_forms = re.sub(r"%\([A-Za-z_]+\)s", "", text)
    if re.fullmatch(r"(pages\.)?\w*(Page|Block)", without_forms):
        return False
    return any(match[0][0].isupper() or not match[0].isascii() for match in FIXED.finditer(without_forms))


def test_no_string_of_the_code_names_a_level_of_the_agenda() -> None:
    assert [finding for file in modules() for finding in fixed_in_code(file)] == [], "use a form of pages/words.py"


def test_no_template_names_a_level_of_the_agenda() -> None:
    findings = [
        f"{file.relative_to(ROOT)}:{line}: {text.strip()[:80]}"
        for file in [*templates(), *templates("*.txt")]
        for line, text in enumerate(texts(file.read_text(encoding="utf-8")).split("\n"), 1)
        # A line of data for a picture is no text.
        if len(text) < 4000 and any(match[0][0].isupper() or not match[0].isascii() for match in FIXED.finditer(text))
    ]
    assert findings == [], 'use {% word "…" %}'


def test_the_exceptions_are_needed() -> None:
    assert [place for place in MAY if not (ROOT / place).exists()] == []
    for name, allowed in META.items():
        there = {text for _line, text in strings((ROOT / name).read_text(encoding="utf-8"))}
        assert allowed - there == set(), name


def test_the_search_finds_compounds_and_leaves_keys() -> None:
    for text in ("Maßnahmenliste", "Zu dieser Lösung", "In den Ideenspeicher", "die Städte und Verbandsgemeinden"):
        assert is_read(text), text
    for text in (
        "zielbild",
        "pages.ZielbildPage",
        "massnahmen/<slug:slug>/",
        "%(Zielbild)s",
        "Mit %(a_dat_massnahme)s verknüpft",
    ):
        assert not is_read(text), text
    assert FIXED.search(texts('{# Lösung #}{% word "Pl loesung" as x %}{% comment %} Maßnahme {% endcomment %}')) is None
