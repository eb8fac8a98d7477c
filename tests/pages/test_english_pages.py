"""Every public page in English: nothing German in it but what is marked as German. Expectations are words, not code."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import Resolver404, resolve
from django.utils import translation

from tests import public_pages
from tests.public_pages import Case, Open, Steps

pytestmark = pytest.mark.slow

# Words that no English sentence has and hardly any German one is without.
GERMAN = re.compile(
    r"[äöüßÄÖÜ„]|\b(und|der|das|ist|Sie|Ihre?|wir|nicht|ein|eine|einer|mit|von|für|zu|zum|zur|auf|bei|nach|noch|oder|wird|"
    r"werden|sind|keine?|alle|Idee|Ideen|Seite|Stand|Frist|Suche|Weg|Euro|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember)\b"
)
NO_END = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
READ_ALOUD = ("alt", "aria-label", "placeholder", "title")
# Fields and their choices hold what people wrote; the head of a page and the words of a drawing can’t say their language.
OUT_OF_SIGHT = {"head", "script", "style", "textarea", "option", "svg"}


class English(HTMLParser):
    """The text of a page outside of what is marked as another language, with the words that are read aloud."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []  # tag, and whether it is in English
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        english = (not self._open or self._open[-1][1]) and tag not in OUT_OF_SIGHT
        if "lang" in values:
            english = values["lang"] == "en" and tag not in OUT_OF_SIGHT
        if english:
            self.texts += [values[name] or "" for name in READ_ALOUD if name in values]
        if tag not in NO_END:
            self._open.append((tag, english))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and (not self._open or self._open[-1][1]):
            self.texts.append(" ".join(data.split()))


def german_in(html: str) -> list[str]:
    """The texts that are German and don't say so; addresses and what stands in the mail of somebody are nobody's language."""
    return [text for text in English(html).texts if GERMAN.search(re.sub(r"\S*[@/]\S*", "", text))]


def english_of(path: str) -> str:
    return path if path.startswith("/en/") else f"/en{path}"


def has_english(path: str) -> bool:
    """Whether this address exists under /en/: files for machines stand once."""
    with translation.override("en"):
        try:
            resolve(english_of(path.partition("?")[0]))
        except Resolver404:
            return False
    return True


def in_english(case: Case) -> Case:
    def steps() -> Steps:
        return [
            Open(english_of(step.path)) if isinstance(step, Open) and has_english(step.path) else step for step in case.steps()
        ]

    return Case(f"/en {case.name}", steps, case.who, case.status)


def test_the_detector_sees_german_where_it_isnt_marked() -> None:
    html = '<html lang="en"><body><h1>Ideas</h1><p lang="de">Bänke und Bäume</p><p>Alle Ideen</p><img alt="Ein Baum">'
    assert german_in(html) == ["Alle Ideen"]
    assert german_in('<html lang="en"><p title="für alle">x <span lang="de">und</span></p>') == ["für alle"]


def test_no_public_page_in_english_speaks_german(demo: None) -> None:
    wrong: dict[str, list[str]] = {}
    for case in public_pages.all_cases():
        _client, _steps, response = public_pages.reach_with_client(in_english(case))
        if not response.headers["Content-Type"].startswith("text/html") or not response.request["PATH_INFO"].startswith("/en/"):
            continue
        found = german_in(response.content.decode())
        if response.status_code != case.status:
            found.insert(0, f"answers {response.status_code} instead of {case.status}")
        if found:
            wrong[case.name] = list(dict.fromkeys(found))[:12]
    assert wrong == {}
