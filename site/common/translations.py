"""The sentences of the site: what stands in code and templates, and what the English catalogue says for it.

Reads Python and Django templates with Babel, so nobody needs gettext's programs. Templates go through Django's own
`templatize`, which turns their tags into the calls that Babel looks for.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

APPS = ("participation", "ideas", "pages", "search", "site/accounts", "site/common", "site/config")
TEMPLATES = "templates"
ENGLISH = "site/locale/en/LC_MESSAGES/django.po"
HEADER = "# English. `manage.py collect_translations` brings new sentences in and takes old ones out: fill in the empty ones."
_ONE, _MANY = None, (1, 2)
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"], _ONE),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], _MANY),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}
# What a module calls one of them: `from django.utils.translation import gettext as _t`.
_ALIAS = re.compile(r"from django\.utils\.translation import .*?\b(\w+) as (\w+)")
PLACEHOLDER = re.compile(r"%%|%(?:\((\w+)\))?[sd]")


def sources(root: Path) -> list[Path]:
    """Every file that can hold a sentence, in the order of their names."""
    code = [file for app in APPS for file in (root / app).rglob("*.py") if "migrations" not in file.parts]
    return sorted([*code, *(file for kind in ("*.html", "*.txt") for file in (root / TEMPLATES).rglob(kind))])


def messages_of(file: Path) -> Iterator[tuple[int, str | tuple[str, str], str | None]]:
    """Line, sentence (or singular and plural) and context of everything that this file marks for translation."""
    text = file.read_text(encoding="utf-8")
    aliases = {alias: KEYWORDS[name] for name, alias in _ALIAS.findall(text) if name in KEYWORDS}
    if file.suffix != ".py":
        # What is no sentence is blanked out, but keeps its place in the line, which is no indentation that Python knows.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(file)).splitlines())
    for line, message, _comments, context in extract("python", BytesIO(text.encode()), keywords=KEYWORDS | aliases):
        yield line, cast(Any, message), context


def collected(root: Path) -> Catalog:
    """All sentences of the site with the files they stand in, nothing translated."""
    catalog = Catalog(locale="en", fuzzy=False, header_comment=HEADER)
    for file in sources(root):
        for line, message, context in messages_of(file):
            catalog.add(message, locations=[(str(file.relative_to(root)), line)], context=context)
    return catalog


def english(root: Path) -> Catalog:
    with (root / ENGLISH).open("rb") as file:
        return read_po(file, locale="en")


def renewed(root: Path) -> Catalog:
    """The English catalogue as it has to be: all sentences of the site and no other, with the English that is there."""
    catalog, known = collected(root), english(root)
    for message in _sentences(catalog):
        old = known.get(message.id, message.context)
        if old is not None and isinstance(old.id, tuple) == isinstance(message.id, tuple):
            message.string = old.string
    return catalog


def write(catalog: Catalog, root: Path) -> None:
    """Write the English catalogue, in the order of the files, without dates: the same sentences give the same file."""
    out = BytesIO()
    write_po(out, catalog, width=120, sort_by_file=True, include_lineno=False, omit_header=True)
    head = (
        f'{HEADER}\nmsgid ""\nmsgstr ""\n"Project-Id-Version: PulseHub\\n"\n"Language: en\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    (root / ENGLISH).write_bytes(head.encode() + out.getvalue().rstrip(b"\n") + b"\n")


def missing(catalog: Catalog) -> list[str]:
    """The sentences without English, as "file: sentence"."""
    empty = [message for message in _sentences(catalog) if not all(strings_of(message))]
    return [f"{message.locations[0][0] if message.locations else '?'}: {ids_of(message)[0]}" for message in empty]


def ids_of(message: Message) -> tuple[str, ...]:
    ids = cast(Any, message.id)
    return ids if isinstance(ids, tuple) else (ids,)


def strings_of(message: Message) -> tuple[str, ...]:
    strings = cast(Any, message.string)
    return tuple(strings) if isinstance(strings, list | tuple) else (strings,)


def _sentences(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def root() -> Path:
    return Path(settings.BASE_DIR)
