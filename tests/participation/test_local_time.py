"""A field for day and time: what was typed stays, what doesn't exist or exists twice is asked back."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

from participation.local_time import LocalDateTimeField


class Form(forms.Form):
    begin = LocalDateTimeField(label="Beginn", required=False)


def form(day: str, time: str, which: str = "") -> Form:
    return Form({"begin_day": day, "begin_time": time, **({"begin_which": which} if which else {})})


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        (("2026-12-24", "18:00"), datetime(2026, 12, 24, 17, tzinfo=UTC)),
        (("24.12.2026", "18.00"), datetime(2026, 12, 24, 17, tzinfo=UTC)),
        ((" 2026-07-01 ", " 08:30 "), datetime(2026, 7, 1, 6, 30, tzinfo=UTC)),
        (("2026-10-25", "02:30", "1"), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (("2026-10-25", "02:30", "2"), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        # The answer to a question that is no longer asked changes nothing.
        (("2026-10-26", "02:30", "2"), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)),
        (("2028-02-29", "12:00"), datetime(2028, 2, 29, 11, tzinfo=UTC)),
        (("", ""), None),
    ],
)
def test_day_and_time_become_one_moment(typed: tuple[str, ...], moment: datetime | None) -> None:
    sent = form(*typed)
    assert sent.is_valid(), sent.errors
    assert sent.cleaned_data["begin"] == moment


NEVER = (
    "Am 28. März 2027 gibt es 02:30 Uhr nicht: Um 02:00 Uhr wird die Uhr auf 03:00 Uhr vorgestellt. "
    "Möglich sind 01:59 Uhr und früher oder 03:00 Uhr und später."
)
TWICE = "Am 25. Oktober 2026 gibt es 02:30 Uhr zweimal, weil die Uhr zurückgestellt wird. Bitte wählen Sie, welche Sie meinen."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("2026-12-24", ""), "Bitte geben Sie auch die Uhrzeit an, zum Beispiel 18:00."),
        (("", "18:00"), "Bitte geben Sie auch den Tag an."),
        (("2027-02-29", "18:00"), "Bitte geben Sie den Tag so ein: 24.12.2026"),
        (("0001-01-01", "00:00"), "Bitte geben Sie den Tag so ein: 24.12.2026"),
        (("9999-12-31", "23:59"), "Bitte geben Sie den Tag so ein: 24.12.2026"),
        (("morgen", "18:00"), "Bitte geben Sie den Tag so ein: 24.12.2026"),
        (("2026-12-24", "25:00"), "Bitte geben Sie die Uhrzeit so ein: 18:00"),
        (("2026-12-24", "18:00\x00"), "Bitte geben Sie die Uhrzeit so ein: 18:00"),
        (("2027-03-28", "02:30"), NEVER),
        (("2026-10-25", "02:30"), TWICE),
        (("2026-10-25", "02:30", "3"), TWICE),
    ],
)
def test_what_means_no_moment_is_asked_back_and_stays_as_it_was_typed(typed: tuple[str, ...], sentence: str) -> None:
    sent = form(*typed)
    assert sent.errors == {"begin": [sentence]}
    html = str(sent["begin"])
    for text in filter(None, typed[:2]):
        assert f'value="{text}"' in html


def test_which_of_the_two_is_asked_only_where_there_are_two() -> None:
    assert "radio" not in str(form("2026-10-24", "02:30")["begin"])
    assert "radio" not in str(Form()["begin"])
    html = str(form("2026-10-25", "02:30", "2")["begin"])
    assert html.count('type="radio"') == 2
    assert "Sommerzeit (das erste Mal 02:30 Uhr)" in html
    assert "Winterzeit (das zweite Mal 02:30 Uhr)" in html
    assert html.count("checked") == 1
    assert 'value="2" id="id_begin_2_2" checked' in html


@pytest.mark.parametrize(("hour", "chosen"), [(0, "1"), (1, "2")])
def test_a_moment_that_was_chosen_is_shown_as_it_was_chosen(hour: int, chosen: str) -> None:
    moment = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    html = str(Form(initial={"begin": moment})["begin"])
    assert 'type="date"' in html
    assert 'value="2026-10-25"' in html
    assert 'value="02:30"' in html
    assert f'value="{chosen}" id="id_begin_2_{chosen}" checked' in html


def test_each_part_has_a_label_and_names_its_error() -> None:
    html = str(form("2026-12-24", "")["begin"])
    assert '<label for="id_begin_0">Datum</label>' in html
    assert '<label for="id_begin_1">Uhrzeit</label>' in html
    assert html.count('aria-invalid="true"') == 2


def test_a_field_that_must_be_filled_in_says_so_and_changes_are_noticed() -> None:
    field, moment = LocalDateTimeField(), datetime(2026, 12, 24, 17, tzinfo=UTC)
    for empty in (None, [], ["", "", ""]):
        with pytest.raises(ValidationError, match="Tag und Uhrzeit"):
            field.clean(empty)
    same: Any = ["2026-12-24", "18:00", None]
    assert not field.has_changed(moment, same)
    assert field.has_changed(moment, ["2026-12-24", "18:01", None])
    assert field.has_changed(moment, ["2026-12-24", "", None])
