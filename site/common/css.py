"""Cutting a style sheet down to what our templates use. Reads and writes text only; knows no Django."""

import re
from collections.abc import Iterable, Iterator

Rule = tuple[str, str]  # prelude ("a:hover", "@media print") and body, without the braces

_STRING = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'", re.S)
_COMMENT_OR_STRING = re.compile(rf"/\*.*?\*/|{_STRING.pattern}", re.S)
_CLASS = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")
_DECLARED = re.compile(r"^\s*(--[\w-]+)\s*:")
_REFERENCED = re.compile(r"var\(\s*(--[\w-]+)")
# What a condition names may be absent: `.a:has(.b)` and `.a:not(.b)` are about `.a`.
_CONDITION = re.compile(r":(?:not|has)\((?:[^()]|\([^()]*\))*\)")


def without_comments(css: str) -> str:
    """A string may look like a comment and a comment may hold half a string, so both are read in one go."""
    return _COMMENT_OR_STRING.sub(lambda match: "" if match[0].startswith("/*") else match[0], css)


def _closing_brace(css: str, start: int) -> int:
    """Index of the brace that closes the block whose body begins at `start`. Braces in strings don't count."""
    depth, at = 1, start
    while at < len(css):
        if css[at] in "\"'" and (string := _STRING.match(css, at)):
            at = string.end()
            continue
        depth += {"{": 1, "}": -1}.get(css[at], 0)
        if depth == 0:
            return at
        at += 1
    raise ValueError("a block of the style sheet is not closed")


def rules(css: str) -> Iterator[Rule]:
    """The rules of one level. Statements without a block (@charset, @import) are left out."""
    at = 0
    while (opening := css.find("{", at)) >= 0:
        prelude = css[at:opening].rsplit(";", maxsplit=1)[-1].strip()
        closing = _closing_brace(css, opening + 1)
        yield prelude, css[opening + 1 : closing]
        at = closing + 1


def _split(text: str, separator: str) -> list[str]:
    """Splits outside of strings and parentheses."""
    parts, depth, begin, at = [], 0, 0, 0
    while at < len(text):
        if text[at] in "\"'" and (string := _STRING.match(text, at)):
            at = string.end()
            continue
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if text[at] == separator and depth == 0:
            parts.append(text[begin:at])
            begin = at + 1
        at += 1
    return [part.strip() for part in [*parts, text[begin:]] if part.strip()]


def _is_used(selector: str, used: set[str]) -> bool:
    classes = set(_CLASS.findall(_CONDITION.sub("", selector)))
    return bool(classes) and classes <= used


def keep_classes(css: str, used: set[str]) -> str:
    """Only the rules all of whose classes are used, and the custom properties of :root. Rules for bare elements go."""
    kept = []
    for prelude, body in rules(css):
        if prelude.startswith(("@media", "@supports")):
            if inner := keep_classes(body, used):
                kept.append(f"{prelude}{{{inner}}}")
        elif prelude == ":root":
            kept.append(f":root{{{body}}}")
        elif not prelude.startswith("@"):
            selectors = [selector for selector in _split(prelude, ",") if _is_used(selector, used)]
            if selectors:
                kept.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(kept)


def _needed_properties(css: str, wanted: Iterable[str]) -> set[str]:
    """Custom properties that are read, directly or through another one."""
    reads: dict[str, set[str]] = {}
    needed = set(wanted)
    for declaration in re.split(r"[;{}]", css):
        if declared := _DECLARED.match(declaration):
            reads.setdefault(declared[1], set()).update(_REFERENCED.findall(declaration))
        else:
            needed.update(_REFERENCED.findall(declaration))
    queue = list(needed)
    while queue:
        for name in reads.get(queue.pop(), set()) - needed:
            needed.add(name)
            queue.append(name)
    return needed


def keep_properties(css: str, also_read_by: str) -> str:
    """Drops the custom properties of :root that neither this sheet nor `also_read_by` reads."""
    needed = _needed_properties(css, _REFERENCED.findall(also_read_by))

    def shrink(sheet: str) -> str:
        kept = []
        for prelude, body in rules(sheet):
            if prelude.startswith("@"):
                body = shrink(body)
            elif prelude == ":root":
                body = ";".join(
                    declaration
                    for declaration in _split(body, ";")
                    if not (declared := _DECLARED.match(declaration)) or declared[1] in needed
                )
            if body.strip():
                kept.append(f"{prelude}{{{body}}}")
        return "".join(kept)

    return shrink(css)


def minify(css: str) -> str:
    """Without comments and needless white space; strings stay as they are."""
    strings: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        strings.append(match[0])
        return f"\0{len(strings) - 1}\0"

    css = _STRING.sub(put_aside, without_comments(css))
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};,]) ?", r"\1", css).replace(";}", "}")
    return re.sub("\0(\\d+)\0", lambda match: strings[int(match[1])], css).strip()
