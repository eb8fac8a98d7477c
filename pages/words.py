"""The words of the house. A region calls the levels of its agenda as it likes: Zielbild or Handlungsfeld, Maßnahme or Projekt.
Sentences name them by a form, and the form is filled from the site's settings (SiteSettings.terms and .names):

    _("Noch %(no_acc_massnahme)s.") % words            in Python, in the language that is active
    words.later(_("Die %(pl_massnahme)s der Agenda"))   the same, worked out when it is shown
    {% word "this dat loesung" %}                       in a template

A form is made of an article, a case and `pl`, in any order, and the key of a term; without them it is the plain noun. German needs
all of it, because the words of another town have another gender; English only takes the article. Knows its table of articles and
nothing of Wagtail.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

CASES = ("nom", "gen", "dat", "acc")
_GENDERS = ("m", "f", "n", "pl")


def _table(m: str, f: str, n: str, pl: str) -> dict[tuple[str, str], str]:
    """Four words a gender, in the order of CASES; „-“ is none."""
    rows = dict(zip(_GENDERS, (m, f, n, pl), strict=True))
    return {
        (gender, case): "" if word == "-" else word
        for gender, row in rows.items()
        for case, word in zip(CASES, row.split(), strict=True)
    }


def _like_ein(stem: str, plural: bool = True) -> dict[tuple[str, str], str]:
    s = stem
    return _table(
        f"{s} {s}es {s}em {s}en",
        f"{s}e {s}er {s}er {s}e",
        f"{s} {s}es {s}em {s}",
        f"{s}e {s}er {s}en {s}e" if plural else "- - - -",
    )


def _like_dieser(stem: str) -> dict[tuple[str, str], str]:
    s = stem
    return _table(f"{s}er {s}es {s}em {s}en", f"{s}e {s}er {s}er {s}e", f"{s}es {s}es {s}em {s}es", f"{s}e {s}er {s}en {s}e")


# Articles and what stands in their place. `it` is the pronoun, alone; those with a preposition ask for the dative.
ARTICLES: dict[str, dict[tuple[str, str], str]] = {
    "the": _table("der des dem den", "die der der die", "das des dem das", "die der den die"),
    "a": _like_ein("ein", plural=False),
    "no": _like_ein("kein"),
    "our": _like_ein("unser"),
    "your": _like_ein("Ihr"),
    "this": _like_dieser("dies"),
    "which": _like_dieser("welch"),
    "every": {
        **_like_dieser("jed"),
        **{("pl", case): word for case, word in zip(CASES, ["alle", "aller", "allen", "alle"], strict=True)},
    },
    "it": _table("er seiner ihm ihn", "sie ihrer ihr sie", "es seiner ihm es", "sie ihrer ihnen sie"),
    "zu": _table("- - zum -", "- - zur -", "- - zum -", "- - zu_den -"),
    "in": _table("- - im -", "- - in_der -", "- - im -", "- - in_den -"),
    "von": _table("- - vom -", "- - von_der -", "- - vom -", "- - von_den -"),
    "bei": _table("- - beim -", "- - bei_der -", "- - beim -", "- - bei_den -"),
}
_WITH_PREPOSITION = ("zu", "in", "von", "bei")
_ENGLISH = {
    "the": "the", "no": "no", "our": "our", "your": "your", "this": "this", "which": "which", "every": "every", "it": "it",
    "zu": "to the", "in": "in the", "von": "of the", "bei": "at the",
}  # fmt: skip
_VOWEL = re.compile(r"(?!uni|us[aeu]|eu|one)[aeiou]", re.IGNORECASE)  # as it is spoken: a unit, an undertaking
_ENGLISH_PLURAL = {"this": "these", "every": "all", "it": "they", "a": ""}


@dataclass(frozen=True)
class Term:
    """A noun: gender (m, f or n), its forms where they differ, and the English for it."""

    gender: str
    singular: str
    plural: str
    english: str
    english_plural: str
    genitive: str = ""
    dative_plural: str = ""

    def german(self, case: str, plural: bool) -> str:
        """The noun in this case. What isn't given follows the rule: „des Projekts“, „den Projekten“."""
        if plural:
            return (self.dative_plural or _with_n(self.plural)) if case == "dat" else self.plural
        return (self.genitive or _with_s(self.singular, self.gender)) if case == "gen" else self.singular


def _with_s(noun: str, gender: str) -> str:
    if gender == "f":
        return noun
    return noun + ("es" if noun.endswith(("s", "ß", "x", "z")) else "s")


def _with_n(plural: str) -> str:
    return plural if plural.endswith(("n", "s")) else plural + "n"


# The district's words. Whatever SiteSettings.terms names instead takes their place.
TERMS: dict[str, Term] = {
    "zielbild": Term("n", "Zielbild", "Zielbilder", "vision", "visions"),
    "loesung": Term("f", "Lösung", "Lösungen", "solution", "solutions"),
    "massnahme": Term("f", "Maßnahme", "Maßnahmen", "measure", "measures"),
    "steckbrief": Term("m", "Steckbrief", "Steckbriefe", "profile", "profiles"),
    "ideenspeicher": Term("m", "Ideenspeicher", "Ideenspeicher", "idea store", "idea stores"),
    "ziel": Term("n", "Strategisches Ziel", "Strategische Ziele", "strategic goal", "strategic goals", "Strategischen Ziels", "Strategischen Zielen"),
    "teilziel": Term("n", "Teilziel", "Teilziele", "sub-goal", "sub-goals"),
    "thema": Term("n", "Querschnittsthema", "Querschnittsthemen", "cross-cutting theme", "cross-cutting themes"),
    "art": Term("f", "Art", "Arten", "kind", "kinds"),
    "verwaltung": Term("f", "Kreisverwaltung", "Kreisverwaltungen", "district administration", "district administrations"),
    "kommunen": Term(
        "f", "Stadt oder Verbandsgemeinde", "Städte und Verbandsgemeinden", "town or municipality", "towns and municipalities",
        dative_plural="Städten und Verbandsgemeinden",
    ),
    "gremium": Term("m", "Kreistag", "Kreistage", "district council", "district councils"),
}  # fmt: skip
TERM_NAMES: dict[str, Any] = {
    "zielbild": _("Oberste Ebene der Agenda"),
    "loesung": _("Zweite Ebene der Agenda"),
    "massnahme": _("Dritte Ebene der Agenda"),
    "steckbrief": _("Angaben zu einer Seite der zweiten Ebene"),
    "ideenspeicher": _("Sammlung der Ideen"),
    "ziel": _("Ziel auf der obersten Ebene"),
    "teilziel": _("Ziel auf der zweiten Ebene"),
    "thema": _("Thema quer zu allen Ebenen"),
    "art": _("Art auf der dritten Ebene"),
    "verwaltung": _("Verwaltung im Steckbrief"),
    "kommunen": _("Kommunen im Steckbrief"),
    "gremium": _("Gremium, das die Agenda beschließt"),
}


@dataclass(frozen=True)
class Name:
    """What a state is called instead of its default; '' keeps the default."""

    german: str = ""
    english: str = ""
    explanation: str = ""
    english_explanation: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """All words that are in force: those of the settings before those of the house."""

    terms: Mapping[str, Term] = field(default_factory=lambda: TERMS)
    names: Mapping[str, Name] = field(default_factory=dict)

    def form(self, form: str, language: str = "de") -> str:
        """The words for a form, such as "this dat loesung". Raises KeyError for a form that nobody knows."""
        article, case, plural, key = _parse(form)
        term = self.terms[key]
        if language != "de":
            return _in_english(term, article, plural)
        if article == "it":
            return ARTICLES["it"]["pl" if plural else term.gender, case]
        noun = term.german(case, plural)
        word = ARTICLES[article]["pl" if plural else term.gender, case].replace("_", " ") if article else ""
        return f"{word} {noun}" if word else noun


@lru_cache(maxsize=512)
def _parse(form: str) -> tuple[str, str, bool, str]:
    article, case, plural, key = "", "", False, ""
    for token in form.replace("_", " ").split():
        if token in TERMS:
            key = token
        elif token in ARTICLES:
            article = token
        elif token in CASES:
            case = token
        elif token == "pl":  # noqa: S105 - a part of a form
            plural = True
        else:
            raise KeyError(form)
    if not key:
        raise KeyError(form)
    return article, case or ("dat" if article in _WITH_PREPOSITION else "nom"), plural, key


def _in_english(term: Term, article: str, plural: bool) -> str:
    noun = term.english_plural if plural else term.english
    if article == "it":
        return "they" if plural else "it"
    if article == "a" and not plural:
        return f"{'an' if _VOWEL.match(noun) else 'a'} {noun}"
    word = _ENGLISH_PLURAL.get(article, _ENGLISH.get(article, "")) if plural else _ENGLISH.get(article, "")
    return f"{word} {noun}".strip()


# --- the words in force -----------------------------------------------------------------------------------------------

_source: Callable[[], Vocabulary] = Vocabulary
_spoken: ContextVar[Vocabulary | None] = ContextVar("spoken", default=None)


def take_from(source: Callable[[], Vocabulary]) -> None:
    """Where the words in force come from: pages/site.py says so once, when the apps are ready."""
    global _source  # noqa: PLW0603
    _source = source


@contextmanager
def of_the_house() -> Iterator[None]:
    """While this lasts, the words are those of the code, whatever a database says: for documents about the code."""
    before = _source
    take_from(Vocabulary)
    try:
        yield
    finally:
        take_from(before)


@contextmanager
def spoken(vocabulary: Vocabulary | None) -> Iterator[None]:
    """While this lasts, here and in no other thread, the words are these: an old text keeps the words of its time. None changes
    nothing."""
    token = _spoken.set(vocabulary or _spoken.get())
    try:
        yield
    finally:
        _spoken.reset(token)


def in_force() -> Vocabulary:
    """The words that hold here and now."""
    return _spoken.get() or _source()


def word(form: str) -> str:
    """The words for this form in the language that is active. Where translations are off, as while migrations run, those of the
    house: names of rights and the state of models don't depend on settings."""
    language = get_language()
    return in_force().form(form, language) if language else Vocabulary().form(form)


def from_german(kept: str) -> str:
    """A term or the name of a state that a trail keeps in German, in the language that is active; '' if it is none of ours. The
    words of the house are known beside those in force: a trail may be older than they are."""
    vocabulary = in_force()
    for known in (vocabulary.terms, TERMS):
        for key, term in known.items():
            if kept in (term.singular, term.plural):
                return str(words[f"{'Pl' if kept != term.singular else 'Nom'} {key}"])
    return next((str(named(key, NAMES[key])) for key, name in vocabulary.names.items() if kept == name.german), "")


class _Words(Mapping[str, Any]):
    """For `%`: _("Alle Ideen zu %(this_dat_loesung)s") % words. A capital first letter of the form gives a capital one.
    With other values beside: _("%(count)d %(pl_massnahme)s") % words(count=3)."""

    def __init__(self, values: dict[str, Any] | None = None) -> None:
        self.values_beside = values or {}

    def __call__(self, **values: Any) -> "_Words":
        return _Words(values)

    def __getitem__(self, form: str) -> Any:
        if form in self.values_beside:
            return self.values_beside[form]
        found = word(form[0].lower() + form[1:])
        return found[0].upper() + found[1:] if form[0].isupper() else found

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 1

    def later(self, text: Any) -> Any:
        """The sentence with its words, worked out whenever it is shown: for class attributes and constants."""
        return _later(text)


words = _Words()
_later: Callable[[Any], Any] = lazy(lambda text: str(text) % words, str)


def _name(key: str, default: Any, part: str) -> str:
    name = in_force().names.get(key)
    if name is None:
        return str(default)
    german = (get_language() or "de") == "de"
    own = {
        "label": name.german if german else name.english,
        "explanation": name.explanation if german else name.english_explanation,
    }
    return own[part] or str(default)


_named: Callable[[str, Any, str], Any] = lazy(_name, str)
NAMES: dict[str, Any] = {}  # every state that can be called otherwise, with its default


def named(key: str, default: Any, part: str = "label") -> Any:
    """The public name of a state, as the settings or, by default, the code says; `part` "explanation" is what it means."""
    if part == "label":
        NAMES[key] = default
    return _named(key, default, part)
