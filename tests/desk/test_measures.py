"""Measures, figures and tags in the back office."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from taggit.models import Tag
from wagtail.test.utils.form_data import nested_form_data

from common.models import OutboxMessage
from ideas import actions
from ideas.desk.admin import MeasureViewSet
from ideas.models import Kpi, Measure
from ideas.workflow import MeasureStatus, Status
from tests.desk.test_inbox import cost
from tests.factories import LoesungFactory, MeasureFactory, UserFactory, ZielbildFactory, make_idea


def entries(measure: Measure, **fields):
    """What the form sends for this measure."""
    lists = {name: value for name, value in fields.items() if isinstance(value, list)}  # several boxes of one name
    values = {
        "title": measure.title,
        "code": measure.code,
        "slug": measure.slug,
        "new_status": measure.status,
        "zielbild": measure.zielbild_id,
        "loesung": measure.loesung_id or "",
        "sort_order": measure.sort_order,
        "tags": "",
        **fields,
    }
    return {**nested_form_data(values), **lists}


def save(desk, measure, **fields):
    return desk.client.post(reverse("measures:edit", args=[measure.pk]), entries(measure, **fields))


def test_a_new_status_reaches_the_ideas_their_trail_and_the_search(at_desk, reviewer):
    measure = MeasureFactory(status=MeasureStatus.PLANNING)
    idea = make_idea(Status.KEPT, measures=(measure,))
    OutboxMessage.objects.all().delete()
    response = save(at_desk(reviewer), measure, new_status=MeasureStatus.IMPLEMENTATION)
    assert response.status_code == 302
    idea.refresh_from_db()
    assert idea.progress == MeasureStatus.IMPLEMENTATION
    assert idea.trail.last().text.actor == reviewer
    assert {"search.index", "ideas.step"} <= set(OutboxMessage.objects.values_list("kind", flat=True))


def test_a_change_of_words_alone_leaves_the_ideas_in_peace_and_reaches_the_search(at_desk, reviewer):
    measure = MeasureFactory(status=MeasureStatus.PLANNING)
    idea = make_idea(Status.KEPT, measures=(measure,))
    steps = idea.trail_length
    OutboxMessage.objects.all().delete()
    save(at_desk(reviewer), measure, summary="Neue Worte")
    idea.refresh_from_db()
    measure.refresh_from_db()
    assert measure.summary == "Neue Worte"
    assert idea.trail_length == steps
    assert list(OutboxMessage.objects.values_list("kind", flat=True)) == ["search.index"]


def test_a_form_saved_at_the_same_moment_leaves_no_idea_with_the_progress_of_another_status(reviewer, db):
    measure = MeasureFactory(status=MeasureStatus.PLANNING)
    idea = make_idea(Status.KEPT, measures=(measure,))
    form_class = MeasureViewSet.edit_handler.bind_to_model(Measure).get_form_class()
    form = form_class(entries(measure, summary="Neue Worte"), instance=measure, for_user=reviewer)
    assert form.is_valid(), form.errors
    actions.change_measure_status(Measure.objects.get(pk=measure.pk), MeasureStatus.DONE)
    form.save()
    idea.refresh_from_db()
    measure.refresh_from_db()
    assert idea.progress == measure.status == MeasureStatus.PLANNING


def test_the_lead_adds_a_measure_with_its_status(at_desk, lead):
    zielbild = ZielbildFactory()
    measure = Measure(
        code="9.1", title="Neue Maßnahme", slug="neue-massnahme", status=MeasureStatus.PREPARATION, zielbild=zielbild
    )
    response = at_desk(lead).client.post(reverse("measures:add"), entries(measure))
    assert response.status_code == 302
    assert Measure.objects.get(code="9.1").status == MeasureStatus.PREPARATION


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("code", "T.taken", "Diese Nummer ist schon vergeben."),
        ("slug", "vergeben", "Diese Adresse ist schon vergeben."),
        ("slug", "Öl & Gas", "Bitte nur Kleinbuchstaben ohne Umlaute"),
        ("loesung", "another", "Diese Lösung gehört nicht zu diesem Zielbild."),
    ],
)
def test_what_a_new_measure_can_not_be_is_said_in_a_sentence(field, value, message, at_desk, lead):
    MeasureFactory(code="T.taken", slug="vergeben")
    measure = Measure(code="9.1", title="Neue Maßnahme", slug="neue-massnahme", zielbild=ZielbildFactory())
    value = LoesungFactory().pk if value == "another" else value
    response = at_desk(lead).client.post(reverse("measures:add"), entries(measure, **{field: value}))
    assert response.status_code == 200
    assert message in response.content.decode()


def test_the_address_of_a_measure_is_checked_when_it_changes_too(at_desk, reviewer):
    MeasureFactory(slug="vergeben")
    response = save(at_desk(reviewer), MeasureFactory(), slug="vergeben")
    assert "Diese Adresse ist schon vergeben." in response.content.decode()


def test_no_form_changes_what_a_measure_is_called_without_a_word(at_desk, reviewer):
    measure, other = MeasureFactory(), LoesungFactory()
    desk = at_desk(reviewer)
    sent = {"title": "Neu", "code": "9.9", "zielbild": other.zielbild.pk, "loesung": other.pk}
    assert save(desk, measure, **sent, summary="Neue Worte").status_code == 302
    stored = Measure.objects.get(pk=measure.pk)
    assert (stored.title, stored.code, stored.zielbild, stored.loesung) == (measure.title, measure.code, measure.zielbild, None)
    assert stored.summary == "Neue Worte"
    page = desk.client.get(reverse("measures:edit", args=[measure.pk])).content.decode()
    assert reverse("ideas_desk:relabel", args=[measure.pk]) in page
    assert 'name="title"' not in page


def test_a_name_given_while_the_form_was_open_stays(reviewer, db):
    measure = MeasureFactory()
    form_class = MeasureViewSet.edit_handler.bind_to_model(Measure).get_form_class()
    form = form_class(entries(measure, summary="Neue Worte"), instance=measure, for_user=reviewer)
    assert form.is_valid(), form.errors
    own = Measure.objects.get(pk=measure.pk)
    decision = actions.Decision(reason="Beschluss des Kreistags.")
    actions.relabel(own, replace(actions.Labels.of(own), title="Neuer Name"), by=reviewer, decision=decision)
    form.save()
    stored = Measure.objects.get(pk=measure.pk)
    assert (stored.title, stored.summary) == ("Neuer Name", "Neue Worte")


def test_who_when_how_much_and_why_first_are_set_in_the_form(at_desk, lead):
    measure, project_lead = MeasureFactory(responsible_as_imported="Stabsst. SC"), UserFactory(project_lead=True)
    stranger = UserFactory(reviewer=True)
    desk = at_desk(lead)
    page = desk.client.get(reverse("measures:edit", args=[measure.pk])).content.decode()
    assert "Stabsst. SC" in page
    assert f'value="{project_lead.pk}"' in page
    fields = {
        "starts_on": "2024-01-15",
        "ends_on": "2026-12-31",
        "budget_amount": "889.824,50",
        "priority_reasons": ["quick_win", "urgent"],
        "project_leads": [project_lead.pk],
    }
    assert save(desk, measure, **fields).status_code == 302
    measure.refresh_from_db()
    assert (measure.starts_on, measure.ends_on) == (date(2024, 1, 15), date(2026, 12, 31))
    assert measure.budget_amount == Decimal("889824.50")
    assert measure.priority_reasons == ["quick_win", "urgent"]
    assert list(measure.project_leads.all()) == [project_lead]
    assert save(desk, measure, **{**fields, "project_leads": [stranger.pk]}).status_code == 200
    assert save(desk, measure, **{**fields, "ends_on": "2023-12-31"}).status_code == 200


def test_a_new_status_may_say_why(at_desk, lead):
    measure = MeasureFactory(status=MeasureStatus.PLANNING)
    save(at_desk(lead), measure, new_status=MeasureStatus.DONE, status_reason="Der Bau ist fertig.")
    entry = measure.trail.get()
    assert (entry.to_status, entry.text.reason, entry.text.actor) == ("done", "Der Bau ist fertig.", lead)


def test_linked_ideas_are_shown_with_a_way_to_the_desk(at_desk, reviewer):
    measure = MeasureFactory(status=MeasureStatus.PLANNING)
    idea = make_idea(Status.KEPT, measures=(measure,), title="Trinkbrunnen")
    page = at_desk(reviewer).client.get(reverse("measures:edit", args=[measure.pk])).content.decode()
    assert f"Idee {idea.number}: Trinkbrunnen" in page
    assert reverse("ideas_desk:idea", args=[idea.number]) in page


def test_the_list_of_measures_costs_the_same_for_many(at_desk, reviewer):
    desk = at_desk(reviewer)
    MeasureFactory(loesung=LoesungFactory())
    page = lambda: desk.client.get(reverse("measures:list"))  # noqa: E731
    page()
    short = cost(page)
    for _ in range(6):
        MeasureFactory(loesung=LoesungFactory())
    assert cost(page) == short


def test_who_may_do_what_with_measures(at_desk):
    measure = MeasureFactory()
    edit, add, delete, inspect = (
        reverse("measures:edit", args=[measure.pk]),
        reverse("measures:add"),
        reverse("measures:delete", args=[measure.pk]),
        reverse("measures:inspect", args=[measure.pk]),
    )
    may = {
        "reviewer": {edit, inspect},
        "lead": {edit, add, inspect},
        "project_lead": {inspect},
        "editor": set(),
        "admin": set(),
        "moderator": set(),
        "jury": set(),
    }
    for role, allowed in may.items():
        desk = at_desk(UserFactory(**{role: True}))
        assert {url for url in (edit, add, delete, inspect) if desk.client.get(url).status_code == 200} == allowed, role


def test_a_figure_is_changed_at_its_loesung(at_desk, lead):
    kpi = Kpi.objects.create(loesung=LoesungFactory(), name="Fahrgäste", target="100")
    data = nested_form_data(
        {
            "name": "Fahrgäste",
            "loesung": kpi.loesung_id,
            "measure": "",
            "target": "250",
            "defined": "on",
            "sort_order": 0,
            "unit": "Fahrten",
            "target_value": "1.250",
            "target_on": "2026-12-31",
            "baseline": "12,5",
            "baseline_on": "2021-12-31",
        }
    )
    assert at_desk(lead).client.post(reverse("kpis:edit", args=[kpi.pk]), data).status_code == 302
    kpi.refresh_from_db()
    assert (kpi.target, kpi.target_value, kpi.baseline) == ("250", 1250, Decimal("12.5"))
    page = at_desk(lead).client.get(reverse("kpis:edit", args=[kpi.pk])).content.decode()
    assert 'value="1250"' in page
    assert 'value="12,5"' in page
    assert at_desk(lead).client.get(reverse("kpis:list")).status_code == 200


def test_a_renamed_tag_keeps_its_address_and_reaches_the_search(at_desk, lead):
    idea = make_idea(Status.KEPT, tags=["Rad"])
    tag, _other = Tag.objects.get(name="Rad"), Tag.objects.create(name="Bus", slug="bus")
    OutboxMessage.objects.all().delete()
    desk = at_desk(lead)
    edit = reverse("tags_admin:edit", args=[tag.pk])
    assert "Dieses Stichwort gibt es schon." in desk.client.post(edit, {"name": "bus"}).content.decode()
    assert desk.client.post(edit, {"name": "Radverkehr"}).status_code == 302
    tag.refresh_from_db()
    assert (tag.name, tag.slug) == ("Radverkehr", "rad")
    assert [message.payload["pk"] for message in OutboxMessage.objects.filter(kind="search.index")] == [idea.pk]
