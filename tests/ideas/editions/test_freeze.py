"""What is frozen: the agenda as it stands, with its words, and nothing that was rejected, withdrawn or is still open."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from ideas import actions
from ideas.editions import freeze
from ideas.models import Kpi, KpiValue, Measure, MeasureIdea, Proposal
from ideas.workflow import MeasureStatus, Status
from pages import site
from pages.models import LoesungSynergy, Persona, ReachLevel, Theme
from tests.factories import LoesungFactory, MeasureFactory, PlaceFactory, UserFactory, ZielbildFactory, make_idea

from .small import speak_of_projects

pytestmark = pytest.mark.django_db


def stocked(loesungen: int, measures: int) -> None:
    """An agenda with something in every table that freezing reads."""
    tops = [ZielbildFactory(goal="Ein Ziel") for _ in range(3)]
    reach = ReachLevel.objects.create(name=f"Stufe {tops[0].pk}", slug=f"stufe-{tops[0].pk}", least=5)
    persona = Persona.objects.create(name=f"Anna {tops[0].pk}", slug=f"anna-{tops[0].pk}")
    below = []
    for number in range(loesungen):
        page = LoesungFactory(
            parent=tops[number % 3], problem=f'<p>Siehe <a linktype="page" id="{tops[0].pk}">dort</a></p>', reach=reach
        )
        page.personas.set([persona])
        page.save()
        kpi = Kpi.objects.create(loesung=page, name="Zahl")
        KpiValue.objects.create(kpi=kpi, value=Decimal(number), measured_on=date(2026, 1, 1), state=Proposal.State.RELEASED)
        if below:
            LoesungSynergy.objects.create(page=page, other=below[-1], text="Hilft.")
        below.append(page)
    place = PlaceFactory()
    for number in range(measures):
        own = below[number % loesungen] if number % 5 else None
        measure = MeasureFactory(zielbild=tops[number % loesungen % 3] if own else tops[0], loesung=own)
        measure.places.add(place)
        measure.interfaces.add(tops[1])
    kept = make_idea(Status.KEPT, loesung=below[0])
    for measure in Measure.objects.all():
        MeasureIdea.objects.get_or_create(measure=measure, idea=kept)
    Theme.objects.get_or_create(number=1, title="Teilhabe")


def count_queries() -> int:
    site.forget()
    with CaptureQueriesContext(connection) as queries:
        freeze.freeze()
    return len(queries)


def test_an_agenda_of_twice_the_size_is_frozen_with_the_same_number_of_queries() -> None:
    stocked(13, 38)
    once = count_queries()
    stocked(13, 38)
    data = freeze.freeze()
    assert (len(freeze.loesungen_of(data)), len(freeze.measures_of(data))) == (26, 76)
    assert count_queries() == once <= 20


def test_only_kept_ideas_are_part_of_an_edition() -> None:
    measure = MeasureFactory()
    kept, merged = make_idea(Status.KEPT, title="Behalten", measures=(measure,)), make_idea(Status.MERGED)
    others = [
        make_idea(status) for status in (Status.SUBMITTED, Status.IN_REVIEW, Status.QUESTION, Status.REJECTED, Status.WITHDRAWN)
    ]
    data = freeze.freeze()
    numbers = [idea["number"] for idea in data["ideas"]]
    assert numbers == sorted([kept.number, merged.merged_into.number])
    assert not set(numbers) & {idea.number for idea in others}
    [frozen] = freeze.measures_of(data)
    assert frozen["ideas"] == [{"number": kept.number, "title": "Behalten", "contribution": "full"}]


def test_a_measure_names_instead_of_a_merged_idea_the_one_that_took_it_in() -> None:
    measure, lead = MeasureFactory(), UserFactory(lead=True)
    merged, target = make_idea(Status.KEPT, measures=(measure,)), make_idea(Status.KEPT)
    actions.merge(target, [merged], by=lead, decision=actions.Decision(reason="Dasselbe."))
    [frozen] = freeze.measures_of(freeze.freeze())
    assert [idea["number"] for idea in frozen["ideas"]] == [target.number]


def test_a_measure_without_loesung_stands_under_its_zielbild() -> None:
    top = ZielbildFactory()
    own = LoesungFactory(parent=top)
    MeasureFactory(slug="unten", zielbild=top, loesung=own)
    MeasureFactory(slug="oben", zielbild=top)
    [zielbild] = freeze.freeze()["zielbilder"]
    assert [row["slug"] for row in zielbild["measures"]] == ["oben"]
    assert [row["slug"] for row in zielbild["loesungen"][0]["measures"]] == ["unten"]


def test_an_agenda_with_measures_on_an_unpublished_zielbild_is_not_frozen() -> None:
    """/fortschritt/ counts them; an edition without them would say less than the site."""
    hidden = ZielbildFactory(title="Gesund leben", live=False)
    MeasureFactory(code="4.1", zielbild=hidden)
    MeasureFactory(code="4.2", zielbild=hidden, loesung=LoesungFactory(parent=hidden))
    MeasureFactory(code="1.1", zielbild=ZielbildFactory(title="Anders"))
    sentence = "Zielbild „Gesund leben“. Dazu gehören: Maßnahmen 4.1, 4.2"
    with pytest.raises(freeze.Incomplete, match=sentence):
        freeze.freeze()
    with pytest.raises(actions.Refused, match=sentence):
        actions.open_edition(2026, "Agenda", by=UserFactory(lead=True))
    hidden.live = True
    hidden.save()
    assert len(freeze.measures_of(freeze.freeze())) == 3


def test_a_measure_of_an_unpublished_loesung_stands_under_its_zielbild() -> None:
    top = ZielbildFactory()
    MeasureFactory(slug="unten", zielbild=top, loesung=LoesungFactory(parent=top, live=False))
    [zielbild] = freeze.freeze()["zielbilder"]
    assert ([row["slug"] for row in zielbild["measures"]], zielbild["loesungen"]) == (["unten"], [])


def test_only_a_released_value_of_a_figure_is_frozen_the_newest_of_them() -> None:
    kpi = Kpi.objects.create(loesung=LoesungFactory(), name="Zahl", unit="Stück")
    for day, value, state in ((1, 5, "released"), (2, 7, "released"), (3, 99, "waiting")):
        KpiValue.objects.create(kpi=kpi, value=value, measured_on=date(2026, 1, day), state=state)
    [loesung] = freeze.loesungen_of(freeze.freeze())
    assert loesung["kpis"][0]["latest"] == {"on": "2026-01-02", "value": "7.00", "note": ""}


def test_a_synergy_that_one_side_names_stands_on_both() -> None:
    one, two = LoesungFactory(title="Eins"), LoesungFactory(title="Zwei")
    LoesungSynergy.objects.create(page=one, other=two, text="Zusammen.")
    first, second = freeze.loesungen_of(freeze.freeze())
    assert [(row["title"], row["text"]) for row in first["synergies"]] == [("Zwei", "Zusammen.")]
    assert [(row["title"], row["text"]) for row in second["synergies"]] == [("Eins", "Zusammen.")]


def test_rich_text_is_frozen_as_finished_html_without_scripts() -> None:
    LoesungFactory(problem='<p onclick="x()">Der <b>Bus</b></p><script>x()</script><p><a href="javascript:x()">hier</a></p>')
    [loesung] = freeze.loesungen_of(freeze.freeze())
    assert loesung["answers"][0]["label"] == "Welche Probleme löst das?"
    assert loesung["answers"][0]["html"] == '<p>Der <b>Bus</b></p><p><a rel="noopener noreferrer">hier</a></p>'


def test_every_answer_brings_its_question_in_the_words_of_the_region() -> None:
    speak_of_projects(loesung="Handlungsbedarf")
    fields = ("problem", "model_character", "novelty", "transfer", "continuation", "operating_model", "cooperation")
    LoesungFactory(**{name: f"<p>{name}</p>" for name in (*fields, "urban_development", "strategy")})
    [loesung] = freeze.loesungen_of(freeze.freeze())
    answers = {answer["field"]: answer for answer in loesung["answers"]}
    assert list(answers) == [*fields, "urban_development", "strategy"]
    assert all(answer["question"] for answer in answers.values())
    assert answers["problem"]["question"] == "Welche Probleme in Stadt / Region löst dieser Handlungsbedarf?"
    assert answers["problem"]["label"] == "Welche Probleme löst das?"


def test_a_link_in_rich_text_leads_to_the_address_of_the_moment() -> None:
    root = Site.objects.get(is_default_site=True).root_page
    there = ZielbildFactory(parent=root, slug="verkehr")
    text = f'<p><a linktype="page" id="{there.pk}">dort</a> <a linktype="page" id="99999">weg</a> <a href="https://example.org/?a=1&amp;b=2">fern</a></p>'
    LoesungFactory(parent=there, problem=text)
    [loesung] = freeze.loesungen_of(freeze.freeze())
    html = loesung["answers"][0]["html"].replace(' rel="noopener noreferrer"', "")
    assert html == '<p><a href="/verkehr/">dort</a> <a>weg</a> <a href="https://example.org/?a=1&amp;b=2">fern</a></p>'


@pytest.mark.parametrize("kind", ["page", "document"])
def test_a_link_to_a_number_that_no_page_can_have_hinders_nobody(kind: str) -> None:
    LoesungFactory(problem=f'<p><a linktype="{kind}" id="12345678901234567890">weg</a></p>')
    [loesung] = freeze.loesungen_of(freeze.freeze())
    assert loesung["answers"][0]["html"].replace(' rel="noopener noreferrer"', "") == "<p><a>weg</a></p>"


def test_two_loesungen_with_the_same_address_get_two_names_and_none_takes_that_of_another_page() -> None:
    LoesungFactory(slug="bus", parent=ZielbildFactory())
    LoesungFactory(slug="bus", parent=ZielbildFactory())
    LoesungFactory(slug="ideen", parent=ZielbildFactory())
    assert [row["slug"] for row in freeze.loesungen_of(freeze.freeze())] == ["bus", "bus-2", "ideen-2"]


def test_the_words_of_the_moment_are_frozen_with_the_data() -> None:
    speak_of_projects()
    MeasureFactory(status=MeasureStatus.PLANNING)
    data = freeze.freeze()
    assert freeze.measures_of(data)[0]["status_name"] == "Wird geplant"
    vocabulary = freeze.vocabulary_of(json.loads(freeze.canonical(data)))
    assert vocabulary.form("no acc massnahme") == "kein Projekt"
    assert vocabulary.names["massnahme.in-planung"].german == "Wird geplant"
    assert vocabulary.names["massnahme.in-umsetzung"].german == "In Umsetzung"
    assert vocabulary.names["massnahme.in-umsetzung"].english


def test_the_same_data_have_the_same_hash_whatever_their_order() -> None:
    MeasureFactory(text="Größe „x“ \u2028")
    data: dict[str, Any] = freeze.freeze(date(2026, 5, 4))
    again = json.loads(freeze.canonical(data))
    assert again == data
    assert freeze.hash_of(dict(reversed(again.items()))) == freeze.hash_of(data)
    assert data["as_of"] == "2026-05-04"
    assert freeze.freeze()["as_of"] == timezone.localdate().isoformat()
