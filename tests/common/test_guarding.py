"""A guarded form asks programmes more than people: it judges pace and effort, and never loses what somebody typed."""

from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string

from common.guarding import GuardedForm, Pace, pace_of, stamp
from common.proof_of_work import Effort
from tests.proofs import a_proof, proof_of_page

pytestmark = pytest.mark.django_db


class NoteForm(GuardedForm):
    purpose = "note"

    text = forms.CharField()
    days = forms.MultipleChoiceField(choices=[("mo", "Montag"), ("di", "Dienstag")], required=False)


def sent(**fields: Any) -> NoteForm:
    values = {"text": "Guten Tag", "started": stamp("note", 60), "proof": "", **fields}
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return NoteForm(data)


def printed(form: NoteForm) -> str:
    return render_to_string("components/guard_fields.html", {"form": form})


def test_a_form_without_a_proof_is_taken_and_says_that_it_has_none() -> None:
    form = sent()
    assert form.is_valid()
    assert (form.pace, form.effort) == (Pace.FINE, Effort.MISSING)


def test_a_form_with_a_proof_says_so_and_its_proof_is_used() -> None:
    proof = a_proof("note")
    assert sent(proof=proof).effort is Effort.PROVED
    assert sent(proof=proof).effort is Effort.REUSED


def test_what_the_page_gives_is_what_the_form_takes() -> None:
    form = sent(proof=proof_of_page(printed(NoteForm())))
    assert form.effort is Effort.PROVED
    assert form.effort is Effort.PROVED, "asked twice, it is used up once"


def test_a_form_that_is_shown_again_keeps_its_proof_and_no_browser_works_twice() -> None:
    proof = a_proof("note")
    form = sent(text="", proof=proof)
    assert not form.is_valid()
    assert form.effort is Effort.PROVED
    assert proof in printed(form)
    assert 'data-proof=""' in printed(form)
    again = sent(proof=proof)
    assert again.effort is Effort.PROVED
    assert proof not in printed(again), "used up: the page has a new challenge"
    assert proof_of_page(printed(again))


@pytest.mark.parametrize("proof", ["", "forged", '"><script>alert(1)</script>'])
def test_a_proof_that_is_none_is_not_printed_again(proof: str) -> None:
    html = printed(sent(text="", proof=proof))
    assert 'name="proof" value=""' in html
    assert "alert" not in html


@pytest.mark.parametrize(
    ("started", "pace"),
    [
        (lambda: stamp("note"), Pace.TOO_FAST),
        (lambda: stamp("note", 2), Pace.TOO_FAST),
        (lambda: stamp("note", 4), Pace.FINE),
        (lambda: stamp("note", 23 * 3600), Pace.FINE),
        (lambda: stamp("note", 25 * 3600), Pace.TOO_OLD),
        (lambda: stamp("comment", 60), Pace.UNKNOWN),
        (lambda: stamp("note", 60)[:-1] + "_", Pace.UNKNOWN),
        (lambda: "", Pace.UNKNOWN),
        (lambda: "ü:\x00:€", Pace.UNKNOWN),
    ],
)
def test_how_long_a_form_was_open_is_read_from_a_stamp_that_nobody_forges(started: Any, pace: Pace) -> None:
    stamped = started()
    assert pace_of(stamped, "note") is pace
    form = sent(started=stamped, days=["mo", "di"])
    assert form.is_valid() is (pace is Pace.FINE)
    assert form.pace is pace
    assert form["text"].value() == "Guten Tag"
    assert form["days"].value() == ["mo", "di"], "nothing typed is lost, no second choice either"


def test_too_fast_is_said_in_a_sentence_and_the_same_form_is_fine_a_moment_later() -> None:
    form = sent(started=stamp("note", 1))
    assert form.non_field_errors() == ["Das ging sehr schnell. Bitte senden Sie noch einmal ab. Ihre Angaben stehen noch hier."]
    assert form["started"].value() in printed(form), "the clock goes on, it doesn't start anew"


@pytest.mark.parametrize("started", ["", "x:y:z", stamp("note", 30 * 3600)])
def test_a_form_without_a_stamp_of_today_gets_a_new_one(started: str) -> None:
    form = sent(started=started)
    assert not form.is_valid()
    assert pace_of(form["started"].value(), "note") is Pace.TOO_FAST


def test_a_form_that_may_be_old_says_so_itself() -> None:
    class PatientForm(NoteForm):
        asks_again = frozenset({Pace.TOO_FAST, Pace.UNKNOWN})

    form = PatientForm({"text": "Guten Tag", "started": stamp("note", 30 * 3600)})
    assert form.is_valid()
    assert form.pace is Pace.TOO_OLD


def test_the_trap_is_named_in_words_and_empty_when_the_form_is_shown_again() -> None:
    form = sent(website="https://boese.example")
    assert not form.is_valid()
    assert form.non_field_errors() == ["Bitte lassen Sie dieses Feld leer. Es hält automatische Eingaben ab."]
    assert "boese" not in printed(form)


def test_loops_over_the_fields_print_no_guard_a_second_time() -> None:
    form = sent()
    assert [field.name for field in form.visible_fields()] == ["text", "days"]
    assert list(form.hidden_fields()) == []


def test_without_javascript_nothing_of_the_proof_is_seen_and_the_trap_is_nobodys_stop() -> None:
    html = printed(NoteForm())
    assert '<p class="small" role="status"></p>' in html
    assert 'class="trap" aria-hidden="true"' in html
    assert 'tabindex="-1"' in html
    assert "style=" not in html
