"""The region's own words: the grammar, the settings that change them, and the names of states."""

import json
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from pytest_django import DjangoAssertNumQueries
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Site

from ideas import actions
from ideas.filters import idea_status
from ideas.models import Idea, Measure
from ideas.workflow import (
    IDEA_STATES,
    MEASURE_STATES,
    Contribution,
    MeasureStatus,
    Status,
    find_step,
    measure_status_choices,
    stepper,
)
from ideas.workflow import Action as Step
from pages import site
from pages.models import LoesungPage, SiteSettings, ZielbildPage
from pages.words import TERMS, Term, Vocabulary, from_german, of_the_house, word, words
from tests.factories import MeasureFactory, UserFactory, make_idea

# One noun of each gender, as a town may name the levels of its agenda.
TOWN = Vocabulary(
    terms={
        **TERMS,
        "zielbild": Term("n", "Handlungsfeld", "Handlungsfelder", "field of action", "fields of action"),
        "loesung": Term("m", "Handlungsbedarf", "Handlungsbedarfe", "need", "needs"),
        "massnahme": Term("f", "Aufgabe", "Aufgaben", "undertaking", "undertakings"),
    }
)
CASES = ("nom", "gen", "dat", "acc")

# (article, key, plural): the four cases, written by hand. "" is no article.
TABLE = [
    ("", "loesung", "", "Handlungsbedarf Handlungsbedarfs Handlungsbedarf Handlungsbedarf"),
    ("", "massnahme", "", "Aufgabe Aufgabe Aufgabe Aufgabe"),
    ("", "zielbild", "", "Handlungsfeld Handlungsfelds Handlungsfeld Handlungsfeld"),
    ("", "zielbild", "pl", "Handlungsfelder Handlungsfelder Handlungsfeldern Handlungsfelder"),
    ("the", "loesung", "", "der_Handlungsbedarf des_Handlungsbedarfs dem_Handlungsbedarf den_Handlungsbedarf"),
    ("the", "massnahme", "", "die_Aufgabe der_Aufgabe der_Aufgabe die_Aufgabe"),
    ("the", "zielbild", "", "das_Handlungsfeld des_Handlungsfelds dem_Handlungsfeld das_Handlungsfeld"),
    ("the", "loesung", "pl", "die_Handlungsbedarfe der_Handlungsbedarfe den_Handlungsbedarfen die_Handlungsbedarfe"),
    ("a", "loesung", "", "ein_Handlungsbedarf eines_Handlungsbedarfs einem_Handlungsbedarf einen_Handlungsbedarf"),
    ("a", "massnahme", "", "eine_Aufgabe einer_Aufgabe einer_Aufgabe eine_Aufgabe"),
    ("a", "zielbild", "", "ein_Handlungsfeld eines_Handlungsfelds einem_Handlungsfeld ein_Handlungsfeld"),
    ("a", "massnahme", "pl", "Aufgaben Aufgaben Aufgaben Aufgaben"),
    ("no", "loesung", "", "kein_Handlungsbedarf keines_Handlungsbedarfs keinem_Handlungsbedarf keinen_Handlungsbedarf"),
    ("no", "massnahme", "", "keine_Aufgabe keiner_Aufgabe keiner_Aufgabe keine_Aufgabe"),
    ("no", "zielbild", "", "kein_Handlungsfeld keines_Handlungsfelds keinem_Handlungsfeld kein_Handlungsfeld"),
    ("no", "massnahme", "pl", "keine_Aufgaben keiner_Aufgaben keinen_Aufgaben keine_Aufgaben"),
    ("our", "loesung", "", "unser_Handlungsbedarf unseres_Handlungsbedarfs unserem_Handlungsbedarf unseren_Handlungsbedarf"),
    ("our", "massnahme", "", "unsere_Aufgabe unserer_Aufgabe unserer_Aufgabe unsere_Aufgabe"),
    ("our", "zielbild", "", "unser_Handlungsfeld unseres_Handlungsfelds unserem_Handlungsfeld unser_Handlungsfeld"),
    ("our", "zielbild", "pl", "unsere_Handlungsfelder unserer_Handlungsfelder unseren_Handlungsfeldern unsere_Handlungsfelder"),
    ("your", "loesung", "", "Ihr_Handlungsbedarf Ihres_Handlungsbedarfs Ihrem_Handlungsbedarf Ihren_Handlungsbedarf"),
    ("your", "massnahme", "", "Ihre_Aufgabe Ihrer_Aufgabe Ihrer_Aufgabe Ihre_Aufgabe"),
    ("your", "zielbild", "", "Ihr_Handlungsfeld Ihres_Handlungsfelds Ihrem_Handlungsfeld Ihr_Handlungsfeld"),
    ("your", "massnahme", "pl", "Ihre_Aufgaben Ihrer_Aufgaben Ihren_Aufgaben Ihre_Aufgaben"),
    ("this", "loesung", "", "dieser_Handlungsbedarf dieses_Handlungsbedarfs diesem_Handlungsbedarf diesen_Handlungsbedarf"),
    ("this", "massnahme", "", "diese_Aufgabe dieser_Aufgabe dieser_Aufgabe diese_Aufgabe"),
    ("this", "zielbild", "", "dieses_Handlungsfeld dieses_Handlungsfelds diesem_Handlungsfeld dieses_Handlungsfeld"),
    ("this", "loesung", "pl", "diese_Handlungsbedarfe dieser_Handlungsbedarfe diesen_Handlungsbedarfen diese_Handlungsbedarfe"),
    (
        "which",
        "loesung",
        "",
        "welcher_Handlungsbedarf welches_Handlungsbedarfs welchem_Handlungsbedarf welchen_Handlungsbedarf",
    ),
    ("which", "massnahme", "", "welche_Aufgabe welcher_Aufgabe welcher_Aufgabe welche_Aufgabe"),
    ("which", "zielbild", "", "welches_Handlungsfeld welches_Handlungsfelds welchem_Handlungsfeld welches_Handlungsfeld"),
    ("which", "massnahme", "pl", "welche_Aufgaben welcher_Aufgaben welchen_Aufgaben welche_Aufgaben"),
    ("every", "loesung", "", "jeder_Handlungsbedarf jedes_Handlungsbedarfs jedem_Handlungsbedarf jeden_Handlungsbedarf"),
    ("every", "massnahme", "", "jede_Aufgabe jeder_Aufgabe jeder_Aufgabe jede_Aufgabe"),
    ("every", "zielbild", "", "jedes_Handlungsfeld jedes_Handlungsfelds jedem_Handlungsfeld jedes_Handlungsfeld"),
    ("every", "zielbild", "pl", "alle_Handlungsfelder aller_Handlungsfelder allen_Handlungsfeldern alle_Handlungsfelder"),
    ("it", "loesung", "", "er seiner ihm ihn"),
    ("it", "massnahme", "", "sie ihrer ihr sie"),
    ("it", "zielbild", "", "es seiner ihm es"),
    ("it", "zielbild", "pl", "sie ihrer ihnen sie"),
]


@pytest.mark.parametrize(("article", "key", "plural", "forms"), TABLE)
def test_each_article_goes_with_each_case_and_gender(article: str, key: str, plural: str, forms: str) -> None:
    made = [TOWN.form(" ".join(filter(None, [article, plural, case, key]))) for case in CASES]
    assert made == [form.replace("_", " ") for form in forms.split()]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("zu loesung", "zum Handlungsbedarf"),
        ("zu massnahme", "zur Aufgabe"),
        ("zu zielbild", "zum Handlungsfeld"),
        ("zu pl zielbild", "zu den Handlungsfeldern"),
        ("in loesung", "im Handlungsbedarf"),
        ("in massnahme", "in der Aufgabe"),
        ("in zielbild", "im Handlungsfeld"),
        ("in pl loesung", "in den Handlungsbedarfen"),
        ("von loesung", "vom Handlungsbedarf"),
        ("von massnahme", "von der Aufgabe"),
        ("von pl massnahme", "von den Aufgaben"),
        ("bei zielbild", "beim Handlungsfeld"),
        ("bei massnahme", "bei der Aufgabe"),
        ("bei pl massnahme", "bei den Aufgaben"),
    ],
)
def test_a_preposition_and_its_article_are_one_word_and_ask_for_the_dative(form: str, expected: str) -> None:
    assert TOWN.form(form) == expected


@pytest.mark.parametrize("form", ["this dat loesung", "dat this loesung", "loesung dat this", "this_dat_loesung"])
def test_the_parts_of_a_form_stand_in_any_order(form: str) -> None:
    assert TOWN.form(form) == "diesem Handlungsbedarf"


@pytest.mark.parametrize("form", ["lösung", "this", "dat pl", "", "this dativ loesung", "ein loesung"])
def test_a_form_that_nobody_knows_is_an_error_at_once(form: str) -> None:
    with pytest.raises(KeyError):
        TOWN.form(form)


@pytest.mark.parametrize(
    ("term", "genitive", "dative_plural"),
    [
        (Term("n", "Projekt", "Projekte", "", ""), "des Projekts", "den Projekten"),
        (Term("m", "Beschluss", "Beschlüsse", "", ""), "des Beschlusses", "den Beschlüssen"),
        (Term("f", "Maßnahme", "Maßnahmen", "", ""), "der Maßnahme", "den Maßnahmen"),
        (Term("n", "Team", "Teams", "", ""), "des Teams", "den Teams"),
        (Term("n", "Vorhaben", "Vorhaben", "", ""), "des Vorhabens", "den Vorhaben"),
        # What the rule doesn't know, the settings say.
        (Term("m", "Gedanke", "Gedanken", "", "", "Gedankens"), "des Gedankens", "den Gedanken"),
        (TERMS["ziel"], "des Strategischen Ziels", "den Strategischen Zielen"),
        (TERMS["kommunen"], "der Stadt oder Verbandsgemeinde", "den Städten und Verbandsgemeinden"),
    ],
)  # fmt: skip
def test_genitive_and_dative_plural_follow_the_rule_unless_the_settings_know_better(
    term: Term, genitive: str, dative_plural: str
) -> None:
    vocabulary = Vocabulary({**TERMS, "massnahme": term})
    assert vocabulary.form("the gen massnahme") == genitive
    assert vocabulary.form("the dat pl massnahme") == dative_plural


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("loesung", "need"),
        ("pl dat loesung", "needs"),
        ("the gen zielbild", "the field of action"),
        ("a massnahme", "an undertaking"),
        ("a teilziel", "a unit"),
        ("a loesung", "a need"),
        ("a pl loesung", "needs"),
        ("no acc loesung", "no need"),
        ("this pl loesung", "these needs"),
        ("every loesung", "every need"),
        ("every pl loesung", "all needs"),
        ("your pl loesung", "your needs"),
        ("it acc loesung", "it"),
        ("it pl loesung", "they"),
        ("zu loesung", "to the need"),
        ("in pl loesung", "in the needs"),
    ],
)
def test_english_takes_the_article_and_leaves_the_case(form: str, expected: str) -> None:
    vocabulary = Vocabulary({**TOWN.terms, "teilziel": Term("f", "Einheit", "Einheiten", "unit", "units")})
    assert vocabulary.form(form, "en") == expected


# --- in sentences -----------------------------------------------------------------------------------------------------


def test_a_capital_form_begins_a_sentence(db: None) -> None:
    with of_the_house():
        assert "%(This_massnahme)s" % words == "Diese Maßnahme"  # noqa: UP031
        assert "%(this_massnahme)s, %(Pl_zielbild)s" % words == "diese Maßnahme, Zielbilder"  # noqa: UP031
        with translation.override("en"):
            assert words["Massnahme"] == "Measure"
            assert words["pl massnahme"] == "measures"


def test_other_values_stand_beside_the_words(db: None) -> None:
    assert "%(count)d %(pl_massnahme)s" % words(count=3) == "3 Maßnahmen"  # noqa: UP031


def test_a_sentence_for_later_is_worked_out_when_it_is_shown(db: None) -> None:
    later = words.later(_("Meine %(pl_massnahme)s"))
    assert str(later) == "Meine Maßnahmen"
    save(massnahme=("n", "Projekt", "Projekte", "project", "projects"))
    assert str(later) == "Meine Projekte"


def test_templates_ask_for_a_form_without_loading_anything(db: None) -> None:
    text = '{% word "This massnahme" %}/{% word "it acc massnahme" as it %}{{ it }}'
    assert Template(text).render(Context()) == "Diese Maßnahme/sie"


# --- the settings -----------------------------------------------------------------------------------------------------


def settings() -> SiteSettings:
    found: SiteSettings = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    return found


def term(key: str, gender: str, singular: str, plural: str, english: str = "", english_plural: str = "") -> dict[str, Any]:
    value = {
        "key": key, "gender": gender, "singular": singular, "plural": plural,
        "english": english, "english_plural": english_plural, "genitive": "", "dative_plural": "",
    }  # fmt: skip
    return {"type": "term", "value": value}


def name(key: str, german: str, english: str = "", explanation: str = "") -> dict[str, Any]:
    value = {
        "key": key, "name": german, "english": english, "explanation": explanation, "english_explanation": "",
    }  # fmt: skip
    return {"type": "name", "value": value}


def save(*names: dict[str, Any], **terms: tuple[str, ...]) -> SiteSettings:
    own = settings()
    own.terms = json.dumps([term(key, *values) for key, values in terms.items()])
    own.names = json.dumps(list(names))
    own.full_clean()
    own.save()
    return own


def test_the_settings_words_take_the_place_of_the_houses(db: None) -> None:
    save(massnahme=("n", "Projekt", "Projekte", "project", "projects"))
    assert word("this gen massnahme") == "dieses Projekts"
    assert word("no acc massnahme") == "kein Projekt"
    assert word("this dat loesung") == "dieser Lösung", "the others stay"
    with translation.override("en"):
        assert word("a massnahme") == "a project"


def test_a_word_without_english_is_said_as_it_is(db: None) -> None:
    save(loesung=("m", "Handlungsbedarf", "Handlungsbedarfe"))
    with translation.override("en"):
        assert word("the pl loesung") == "the Handlungsbedarfe"


def test_saving_is_seen_at_once_and_costs_one_query_until_then(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    site.forget()
    with django_assert_num_queries(1):
        assert [word("massnahme"), word("pl loesung"), str(IDEA_STATES[Status.KEPT].label)] == ["Maßnahme", "Lösungen", "Idee"]
    save(massnahme=("n", "Projekt", "Projekte"))
    assert word("massnahme") == "Projekt"


def test_what_another_process_saved_is_seen_half_a_minute_later_without_a_new_request(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker has no requests, and hears nothing of what somebody saves elsewhere."""
    save(massnahme=("n", "Projekt", "Projekte"))
    now = 1000.0
    monkeypatch.setattr("pages.site.time.monotonic", lambda: now)
    site.forget()
    assert word("massnahme") == "Projekt"
    SiteSettings.objects.update(terms=[])
    now = 1030.0
    assert word("massnahme") == "Projekt"
    now = 1030.1
    assert word("massnahme") == "Maßnahme"


def test_a_thread_keeps_settings_for_itself(db: None) -> None:
    kept = site.current()
    found: list[Any] = []
    thread = Thread(target=lambda: found.append(getattr(site._kept, "settings", None)))
    thread.start(), thread.join()
    assert found == [None]
    assert site.current() is kept


def test_logo_and_share_picture_come_with_the_settings(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    pictures = [Image.objects.create(title=title, file=get_test_image_file()) for title in ("Logo", "Beim Teilen")]
    save(massnahme=("n", "Projekt", "Projekte"))
    SiteSettings.objects.update(logo=pictures[0], share_picture=pictures[1])
    site.forget()
    with django_assert_num_queries(1):
        house = site.current()
        assert [house.logo.title, house.share_picture.title, house.site.pk] == ["Logo", "Beim Teilen", house.site_id]


@pytest.mark.parametrize("field", ["terms", "names"])
def test_a_word_that_is_given_twice_is_refused(db: None, field: str) -> None:
    rows = {
        "terms": [term("massnahme", "n", "Projekt", "Projekte"), term("massnahme", "f", "Aufgabe", "Aufgaben")],
        "names": [name("idee.verworfen", "Abgelehnt"), name("idee.verworfen", "Abgesagt")],
    }
    own = settings()
    setattr(own, field, json.dumps(rows[field]))
    with pytest.raises(ValidationError, match="steht doppelt"):
        own.full_clean()


@pytest.mark.parametrize(
    ("field", "colour", "fits"),
    [
        ("colour_action", "#0d4f63", True),
        ("colour_action", "#ffe14d", False),
        ("colour_action_dark", "#8fd3e8", True),
        ("colour_action_dark", "#123456", False),
        ("colour_action", "petrol", False),
    ],
)
def test_a_colour_that_is_hard_to_read_is_refused(db: None, field: str, colour: str, fits: bool) -> None:
    own = settings()
    setattr(own, field, colour)
    if fits:
        own.full_clean()
        return
    with pytest.raises(ValidationError) as refused:
        own.full_clean()
    assert set(refused.value.error_dict) == {field}


def test_names_of_rights_and_migrations_speak_the_words_of_the_house(db: None) -> None:
    save(massnahme=("n", "Projekt", "Projekte"))
    with translation.override(None):
        assert word("pl massnahme") == "Maßnahmen"


# --- names of states --------------------------------------------------------------------------------------------------


def test_a_state_is_called_as_the_settings_say_wherever_it_is_read(db: None) -> None:
    save(
        name("massnahme.in-umsetzung", "In Arbeit", "At work", "Wir arbeiten daran."),
        name("idee.verworfen", "Abgelehnt"),
    )
    measure = Measure(status=MeasureStatus.IMPLEMENTATION)
    assert [str(measure.state.label), measure.get_status_display()] == ["In Arbeit", "In Arbeit"]
    assert str(measure.state.explanation) == "Wir arbeiten daran."
    assert [str(step["label"]) for step in stepper("done")] == [
        "Idee",
        "In Planung",
        "In Vorbereitung",
        "In Arbeit",
        "Abgeschlossen",
    ]
    assert ("implementation", "In Arbeit") in [(value, str(label)) for value, label in measure_status_choices()]
    assert Idea(status=Status.REJECTED).get_status_display() == "Abgelehnt"
    labels = [option.label for option in idea_status().filters[0].options]
    assert "Abgelehnt" in labels
    assert "In Arbeit" in labels
    assert not {"Verworfen", "In Umsetzung"} & set(labels)
    with translation.override("en"):
        assert str(MEASURE_STATES[MeasureStatus.IMPLEMENTATION].label) == "At work"
        assert str(IDEA_STATES[Status.REJECTED].label) == "Rejected", "no English of its own: that of the house"


def test_the_same_word_of_ideas_and_measures_can_part(db: None) -> None:
    save(name("massnahme.idee", "Vorgesehen"))
    assert str(MEASURE_STATES[MeasureStatus.IDEA].label) == "Vorgesehen"
    assert str(IDEA_STATES[Status.KEPT].label) == "Idee"


def test_steps_and_explanations_speak_the_regions_words(db: None) -> None:
    step = find_step(Step.LINK_MEASURE, Status.KEPT)
    assert step is not None
    assert [str(step.label), str(step.done)] == ["Mit Maßnahme verknüpfen", "Mit einer Maßnahme verknüpft"]
    save(massnahme=("n", "Projekt", "Projekte"))
    assert [str(step.label), str(step.done)] == ["Mit Projekt verknüpfen", "Mit einem Projekt verknüpft"]
    assert str(IDEA_STATES[Status.KEPT].explanation) == "Geprüft und behalten. Die Idee kann in ein Projekt einfließen."


def test_what_a_trail_keeps_in_german_is_known_again(db: None) -> None:
    save(name("massnahme.in-umsetzung", "In Arbeit", "At work"), massnahme=("n", "Projekt", "Projekte", "project", "projects"))
    with translation.override("en"):
        assert from_german("Projekt") == "Project"
        assert from_german("Maßnahme") == "Project", "written before the word changed"
        assert from_german("Lösungen") == "Solutions"
        assert from_german("In Arbeit") == "At work"
        assert from_german("Radweg") == ""


def test_a_way_that_was_written_in_german_reads_english_to_who_reads_english(client: Client, db: None) -> None:
    idea, measure = make_idea(Status.KEPT), MeasureFactory(title="Radweg", status=MeasureStatus.PLANNING)
    actions.link_measure(idea, measure, Contribution.FULL, by=UserFactory(lead=True))
    assert "Maßnahme:" in client.get(idea.get_absolute_url()).text
    save(massnahme=("n", "Projekt", "Projekte", "project", "projects"))
    page = client.get(f"/en{idea.get_absolute_url()}").text
    assert "Project:" in page
    assert "Linked with a project" in page
    assert "Radweg (goes in fully)" in page


# --- what editors read ------------------------------------------------------------------------------------------------


def test_wagtail_calls_pages_and_measures_by_the_regions_words(client: Client, db: None, admin_user: Any) -> None:
    save(
        name("massnahme.in-umsetzung", "In Arbeit"),
        massnahme=("n", "Projekt", "Projekte"),
        loesung=("m", "Handlungsbedarf", "Handlungsbedarfe"),
        zielbild=("n", "Handlungsfeld", "Handlungsfelder"),
    )
    assert LoesungPage.get_verbose_name() == "Handlungsbedarf"
    assert ZielbildPage.get_verbose_name() == "Handlungsfeld"
    client.force_login(admin_user)
    assert "In Arbeit" in client.get("/admin/massnahmen/").text
    for address in ("/admin/massnahmen/", "/admin/massnahmen/add/", "/admin/kennzahlen/add/"):
        page = client.get(address)
        assert page.status_code == 200
        assert "Projekt" in page.text
        assert "In Umsetzung" not in page.text
        assert not {"Maßnahme", "Maßnahmen", "Lösung", "Zielbild"} & set(page.text.replace("<", " ").replace(">", " ").split())
