"""A Steckbrief: its questions, what must be answered before publishing, and figures that never get lost."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from ideas import actions
from ideas.models import Kpi
from pages.models import LoesungPage, LoesungSynergy, SiteSettings
from pages.steckbrief import DEFAULT_REQUIRED, QUESTIONS, SECTIONS, answers
from tests.factories import LoesungFactory, MeasureFactory, UserFactory

pytestmark = pytest.mark.django_db

MISSING = "Diese Angabe fehlt noch: {}. Als Entwurf speichern können Sie jederzeit."


@pytest.fixture
def editor() -> Any:
    """A client of somebody who may write and publish every page."""
    Site.objects.get_or_create(
        is_default_site=True, defaults={"hostname": "testserver", "root_page": Page.objects.get(depth=1)}
    )
    client = Client()
    client.force_login(UserFactory(editor=True), backend="django.contrib.auth.backends.ModelBackend")
    return client


def entered(page: LoesungPage, kpis: list[dict[str, Any]] | None = None, **answers: Any) -> dict[str, Any]:
    """What the browser sends for this page; `kpis` are the rows that stand there."""
    rows = [{"measure": "", "defined": "on", "DELETE": "", **row} for row in kpis or []]
    texts = ("problem", "model_character", "novelty", "transfer", "continuation", "operating_model", "cooperation")
    data = {
        "title": page.title,
        "slug": page.slug,
        "number": page.number,
        "intro": "",
        "sub_goals": streamfield([]),
        "project_synergies": streamfield([]),
        "responsible_units": streamfield([]),
        "partners": streamfield([]),
        "municipalities": "",
        "budget_eur": "",
        "is_sustainable": "unknown",
        "synergies": inline_formset([]),
        "kpis": inline_formset(rows, initial=len([row for row in rows if row.get("id")])),
        "comments": inline_formset([]),
        "easy_language": rich_text(""),
        **{name: rich_text("") for name in (*texts, "urban_development", "strategy")},
        **answers,
    }
    lists = {name: data.pop(name) for name in ("target_groups",) if name in data}
    return {**nested_form_data(data), **lists}


def complete(**more: Any) -> dict[str, Any]:
    texts = ("problem", "model_character", "novelty", "transfer", "continuation", "operating_model", "cooperation")
    return {
        "intro": "Mehr Busse für alle.",
        "target_groups": ["buerger"],
        "partners": streamfield([("name", "Verkehrsverbund")]),
        **{name: rich_text("<p>Eine Antwort.</p>") for name in (*texts, "urban_development", "strategy")},
        **more,
    }


def send(client: Client, page: LoesungPage, data: dict[str, Any], publish: bool = False) -> Any:
    action = {"action-publish": "1"} if publish else {}
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), {**data, **action})


def errors(response: Any) -> dict[str, list[str]]:
    form = response.context["form"]
    found = {name: list(messages) for name, messages in form.errors.items()}
    found.update({name: list(fs.non_form_errors()) for name, fs in form.formsets.items() if fs.non_form_errors()})
    return found


# --- the table --------------------------------------------------------------------------------------------------------


def test_the_table_has_the_six_sections_of_the_districts_form_in_its_order() -> None:
    assert [section.number for section in SECTIONS] == ["1", "2", "3", "4", "5", "6"]
    assert [question.number for question in QUESTIONS.values()] == [
        "1.1", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "2.1", "2.2", "2.3", "2.4", "2.5", "3.1", "3.2", "3.3", "4.1",
        "5.1", "5.2", "5.3", "5.4", "5.5", "6.1", "6.2",
    ]  # fmt: skip
    for question in QUESTIONS.values():
        assert hasattr(LoesungPage, question.field), question.field
    anchors = [question.anchor for question in QUESTIONS.values()]
    assert len(anchors) == len(set(anchors))


def test_every_answer_of_the_source_is_asked_for_before_publishing_and_no_other() -> None:
    assert set(DEFAULT_REQUIRED) == {
        "intro", "problem", "model_character", "novelty", "transfer", "target_groups", "partners", "kpis",
        "continuation", "operating_model", "cooperation", "urban_development", "strategy",
    }  # fmt: skip


def test_answers_leave_out_what_is_empty_and_keep_zero_and_no() -> None:
    page = LoesungFactory(intro="Kurz.", novelty="<p>Neu.</p>", budget_eur=0, is_sustainable=False)
    assert [answer.question.number for answer in answers(page)] == ["1.1", "1.4", "5.1", "5.2"]


def test_the_editor_reads_the_questions_beside_the_fields(editor: Client) -> None:
    page = LoesungFactory()
    shown = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    for sentence in (
        "Welche Probleme in Stadt / Region löst diese Lösung?",
        "Warum ist die Lösung modellhaft?",
        "Welche Zielgruppe adressiert Ihre Projektidee?",
        "Abteilung / Team",
        "Institution / Akteur / Unternehmen",
        "Trägt die Lösung dazu bei, ein stadtentwicklungspolitisches Ziel mit digitalen Mitteln zu befördern",
    ):
        assert sentence in shown, sentence


# --- what must be answered --------------------------------------------------------------------------------------------


def test_a_draft_may_have_gaps(editor: Client) -> None:
    page = LoesungFactory(live=False)
    assert send(editor, page, entered(page)).status_code == 302


def test_publishing_names_every_gap_beside_its_field(editor: Client) -> None:
    page = LoesungFactory(live=False)
    response = send(editor, page, entered(page), publish=True)
    page.refresh_from_db()
    assert not page.live
    found = errors(response)
    assert set(found) == set(DEFAULT_REQUIRED)
    assert found["problem"] == [MISSING.format("Probleme")]
    assert found["target_groups"] == [MISSING.format("Zielgruppen")]
    assert found["kpis"] == [
        "Bitte nennen Sie mindestens eine Kennzahl mit ihrem Zielwert. Als Entwurf speichern können Sie jederzeit."
    ]
    shown = response.content.decode()
    # The widget of a list takes its sentence as data.
    assert "Diese Angabe fehlt noch: Weitere regionale Umsetzungspartner. Als Entwurf speichern" in shown
    assert found["kpis"][0] in shown


def test_with_all_answers_the_page_is_published_with_its_figures(editor: Client) -> None:
    page = LoesungFactory(live=False)
    kpis = [{"name": "Fahrgäste", "target": "100", "target_value": "1.250", "ORDER": 1}]
    response = send(editor, page, entered(page, kpis, **complete()), publish=True)
    assert response.status_code == 302, errors(response)
    page.refresh_from_db()
    assert page.live
    assert list(page.kpis.values_list("name", "target_value")) == [("Fahrgäste", Decimal(1250))]  # type: ignore[attr-defined]


def test_a_town_may_ask_for_nothing_or_for_something_else(editor: Client) -> None:
    page = LoesungFactory(live=False)
    SiteSettings.objects.update_or_create(site=Site.objects.get(is_default_site=True), defaults={"required_answers": ["reach"]})
    assert set(errors(send(editor, page, entered(page), publish=True))) == {"reach"}
    SiteSettings.objects.update(required_answers=[])
    assert send(editor, page, entered(page), publish=True).status_code == 302


def test_the_settings_show_the_list_to_tick_and_keep_the_default_as_default(editor: Client) -> None:
    site = Site.objects.get(is_default_site=True)
    address = reverse("wagtailsettings:edit", args=["pages", "sitesettings", site.pk])
    shown = editor.get(address)
    form = shown.context["form"]
    assert form.initial["required_answers"] == [name for name in QUESTIONS if name in DEFAULT_REQUIRED]
    data = nested_form_data(
        {
            "region_name": "Test",
            "office": "Stelle",
            "footer_links": streamfield([]),
            "terms": streamfield([]),
            "names": streamfield([]),
        }
    )
    editor.post(address, {**data, "required_answers": list(DEFAULT_REQUIRED)})
    assert SiteSettings.objects.get(site=site).required_answers is None
    editor.post(address, {**data, "required_answers": ["problem"]})
    assert SiteSettings.objects.get(site=site).required_answers == ["problem"]


# --- figures ----------------------------------------------------------------------------------------------------------


def kpi_with_value(page: LoesungPage, name: str = "Fahrgäste") -> Kpi:
    kpi = Kpi.objects.create(loesung=page, measure=MeasureFactory(loesung=page), name=name)
    actions.propose_value(kpi, measured_on=date(2025, 1, 1), value=Decimal(7), by=UserFactory(lead=True))
    return kpi


def test_an_older_revision_takes_no_figure_away_that_has_values() -> None:
    page = LoesungFactory()
    older = page.save_revision()
    kept = kpi_with_value(page)
    Kpi.objects.create(loesung=page, name="Noch ohne Werte")
    older.publish()
    assert list(Kpi.objects.values_list("pk", "name")) == [(kept.pk, "Fahrgäste")]
    assert kept.values.count() == 1


def test_a_new_figure_of_a_draft_stays_the_same_when_it_is_published_twice() -> None:
    page = LoesungFactory()
    page.kpis = [Kpi(name="Fahrgäste")]  # type: ignore[attr-defined]
    revision = page.save_revision()
    revision.publish()
    first = Kpi.objects.get()
    actions.propose_value(first, measured_on=date(2025, 1, 1), value=Decimal(7), by=UserFactory(lead=True))
    page.refresh_from_db()
    page.get_latest_revision().publish()
    assert Kpi.objects.get() == first
    assert first.values.count() == 1


def test_the_editor_refuses_to_delete_a_figure_with_values_and_says_why_beside_it(editor: Client) -> None:
    page = LoesungFactory()
    kpi, other = kpi_with_value(page), Kpi.objects.create(loesung=page, name="Ohne Werte")
    rows = [
        {"id": kpi.pk, "name": kpi.name, "DELETE": "1", "ORDER": 1},
        {"id": other.pk, "name": "x", "DELETE": "1", "ORDER": 2},
    ]
    response = send(editor, page, entered(page, rows), publish=False)
    assert response.status_code == 200
    sentence = "Diese Kennzahl hat schon Werte und bleibt deshalb stehen. Sie können sie umbenennen oder ihr Ziel ändern."
    assert response.context["form"].formsets["kpis"].forms[0].errors == {"name": [sentence]}
    assert sentence in response.content.decode()
    assert Kpi.objects.count() == 2


def test_a_figure_that_the_lead_changes_in_the_list_stays_changed_when_a_waiting_draft_is_published(editor: Client) -> None:
    page = LoesungFactory()
    kpi = Kpi.objects.create(loesung=page, name="Fahrgäste", target="100")
    waiting = page.save_revision()
    lead = Client()
    lead.force_login(UserFactory(lead=True), backend="django.contrib.auth.backends.ModelBackend")
    common = {"loesung": page.pk, "measure": "", "defined": "on", "sort_order": 0}
    assert lead.post(reverse("kpis:edit", args=[kpi.pk]), {**common, "name": "Fahrgäste", "target": "250"}).status_code == 302
    assert lead.post(reverse("kpis:add"), {**common, "name": "Haltestellen", "target": "12"}).status_code == 302
    waiting.refresh_from_db()
    waiting.publish()
    assert dict(Kpi.objects.values_list("name", "target")) == {"Fahrgäste": "250", "Haltestellen": "12"}


def test_a_translation_has_no_figures_and_no_synergies_of_its_own(editor: Client) -> None:
    from wagtail.models import Locale

    page = LoesungFactory()
    Kpi.objects.create(loesung=page, name="Fahrgäste")
    page.synergies.add(LoesungSynergy(other=LoesungFactory()))  # type: ignore[attr-defined]
    page.save()
    english, _made = Locale.objects.get_or_create(language_code="en")
    page.get_parent().specific.copy_for_translation(english, copy_parents=True)
    translated = page.copy_for_translation(english)
    assert not translated.kpis.exists()
    assert not translated.synergies.exists()
    shown = editor.get(reverse("wagtailadmin_pages:edit", args=[translated.pk]))
    assert shown.status_code == 200
    assert not {"kpis", "synergies"} & set(shown.context["form"].formsets)
    assert 'data-contentpath="synergies"' not in shown.content.decode()
    data = {name: value for name, value in entered(translated).items() if not name.startswith(("kpis", "synergies"))}
    assert send(editor, translated, data).status_code == 302
    assert (Kpi.objects.count(), LoesungSynergy.objects.count()) == (1, 1)
