"""The template tags that draw."""

from django import forms
from django.template import Context, Template
from django.test import RequestFactory


class Form(forms.Form):
    title = forms.CharField(help_text="Ein kurzer Titel")
    kind = forms.ChoiceField(choices=[("a", "A")], required=False)
    agreed = forms.BooleanField()


def field_of(form: forms.Form, name: str) -> str:
    return Template('{% include "components/field.html" with field=field only %}').render(Context({"field": form[name]}))


def test_a_field_with_an_error_names_hint_and_error_as_its_description() -> None:
    html = field_of(Form({}), "title")
    assert 'aria-describedby="id_title_hint id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title_hint"' in html
    assert 'id="id_title_error"' in html


def test_a_field_without_error_is_not_called_invalid() -> None:
    assert "aria-invalid" not in field_of(Form(), "title")


def test_only_fields_that_may_stay_empty_are_called_voluntary() -> None:
    assert "freiwillig" in field_of(Form(), "kind")
    assert "freiwillig" not in field_of(Form(), "title")
    assert "freiwillig" not in field_of(Form(), "agreed")


def test_every_label_points_at_its_control() -> None:
    for name in Form.base_fields:
        html = field_of(Form(), name)
        assert f'for="id_{name}"' in html
        assert f'id="id_{name}"' in html


def test_an_icon_is_silent_unless_it_says_something() -> None:
    silent = Template('{% load ui %}{% icon "search" %}').render(Context())
    spoken = Template('{% load ui %}{% icon "search" word %}').render(Context({"word": "Suche <b>"}))
    assert 'aria-hidden="true"' in silent
    assert 'role="img" aria-label="Suche &lt;b&gt;"' in spoken


def test_the_menu_marks_the_page_and_what_lies_below_it() -> None:
    def mark(path: str) -> str:
        request = RequestFactory().get(path)
        return Template('{% load ui %}{% current_if_under "/ideen/" %}').render(Context({"request": request}))

    assert mark("/ideen/") == 'aria-current="page"'
    assert mark("/ideen/145/") == 'aria-current="true"'
    assert mark("/") == mark("/agenda/") == ""
