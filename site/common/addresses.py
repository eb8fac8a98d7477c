"""One address, several languages: German is bare, every other language has its code in front. The path words stay German."""

from django.conf import settings
from django.utils.translation import get_language

# Secret links, and what belongs to one person: robots stay out, and no word of such an address is shown anywhere.
PRIVATE = ("/admin/", "/konto/", "/ideen/verfolgen/", "/ideen/bestaetigen/", "/mitmachen/", "/abos/", "/_util/")
# Files that are made anew when they are asked for: people may have them, robots read the page that says the same.
COSTLY = ("/fortschritt/bericht.pdf", "/fortschritt/bericht.xlsx")


def in_language(path: str, language: str | None = None) -> str:
    """`/ideen/` as read in this language, by default the active one: `/ideen/` or `/en/ideen/`. `path` is a bare one."""
    code = language or get_language() or settings.LANGUAGE_CODE
    return path if code == settings.LANGUAGE_CODE or code not in dict(settings.LANGUAGES) else f"/{code}{path}"


def split_language(path: str) -> tuple[str, str]:
    """The language of an address and the address without it: `/en/ideen/` gives ("en", "/ideen/")."""
    first, _, rest = path.lstrip("/").partition("/")
    if first in dict(settings.LANGUAGES) and first != settings.LANGUAGE_CODE:
        return first, f"/{rest}"
    return settings.LANGUAGE_CODE, path


def other_languages(path: str) -> list[tuple[str, str, str]]:
    """Where the same page stands in each language: code, the language's own name, path."""
    _language, bare = split_language(path)
    return [(code, name, in_language(bare, code)) for code, name in settings.LANGUAGES]


def absolute(path: str) -> str:
    """The address with the site in front, for machines that read it elsewhere. One that has it already stays as it is."""
    return path if path.startswith(("http://", "https://")) else f"{settings.BASE_URL}{path}"
