"""Cutting KERN's style sheet down to what the templates use."""

from common import css

SHEET = """
:root { --a: 1px; --b: var(--c); --c: red; --unused: blue }
.kern-btn, .kern-card { width: var(--a) }
.kern-btn:not(.kern-disabled):has(.kern-icon):hover { color: var(--b) }
.kern-card .kern-btn { margin: 0 }
p { margin: 0 }
@media (min-width: 10px) { .kern-btn { width: 2px } .kern-card { width: 3px } }
.kern-btn::after { content: "} /* no comment */"; background: url("data:image/svg+xml;utf8,<svg a='{'/>") }
"""


def test_rules_of_unused_classes_and_of_bare_elements_go() -> None:
    kept = css.keep_classes(SHEET, {"kern-btn"})
    assert ".kern-card" not in kept
    assert not any(prelude == "p" for prelude, _body in css.rules(kept))


def test_a_rule_stays_whatever_its_conditions_name() -> None:
    assert ":not(.kern-disabled):has(.kern-icon):hover" in css.keep_classes(SHEET, {"kern-btn"})


def test_media_queries_keep_what_is_used_inside() -> None:
    kept = css.keep_classes(SHEET, {"kern-card"})
    assert "@media (min-width: 10px){.kern-card{ width: 3px }}" in kept
    assert "2px" not in kept


def test_properties_stay_if_something_reads_them_directly_or_through_another() -> None:
    kept = css.keep_properties(css.keep_classes(SHEET, {"kern-btn"}), also_read_by="")
    assert all(name in kept for name in ("--a:", "--b:", "--c:"))
    assert "--unused" not in kept
    assert "--unused" in css.keep_properties(SHEET, also_read_by="a { color: var(--unused) }")


def test_strings_survive_minifying() -> None:
    small = css.minify(SHEET)
    assert 'content: "} /* no comment */"' in small
    assert "url(\"data:image/svg+xml;utf8,<svg a='{'/>\")" in small


def test_comments_and_line_breaks_go() -> None:
    assert css.minify("a { /* why */\n  color: red;\n}\n") == "a{color: red}"
