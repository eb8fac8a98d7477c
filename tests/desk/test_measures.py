"""Measures, figures and tags in the back office."""

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
    return nested_form_data(values)


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
    save(at_desk(reviewer), measure, title="Neuer Titel")
    idea.refresh_from_db()
    measure.refresh_from_db()
    assert measure.title == "Neuer Titel"
    assert idea.trail_length == steps
    assert list(OutboxMessage.objects.values_list("kind", flat=True)) == ["search.index"]


def test_a_form_saved_at_the_same_moment_leaves_no_idea_with_the_progress_of_another_status(reviewer, db):
    measure = MeasureFactory(status=MeasureStatus.PLANNING)
    idea = make_idea(Status.KEPT, measures=(measure,))
    form_class = MeasureViewSet.edit_handler.bind_to_model(Measure).get_form_class()
    form = form_class(entries(measure, title="Neuer Titel"), instance=measure, for_user=reviewer)
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
        ("code", "T.taken", "Diese Nummer hat schon eine andere Maßnahme."),
        ("slug", "vergeben", "Unter dieser Adresse steht schon eine andere Maßnahme."),
        ("slug", "Öl & Gas", "Bitte nur Kleinbuchstaben ohne Umlaute"),
    ],
)
def test_a_number_or_address_that_can_not_be_is_said_in_a_sentence(field, value, message, at_desk, reviewer):
    MeasureFactory(code="T.taken", slug="vergeben")
    measure = MeasureFactory()
    response = save(at_desk(reviewer), measure, **{field: value})
    assert response.status_code == 200
    assert message in response.content.decode()


def test_a_loesung_of_another_zielbild_is_refused(at_desk, reviewer):
    measure = MeasureFactory()
    response = save(at_desk(reviewer), measure, loesung=LoesungFactory().pk)
    assert "Diese Lösung gehört zu einem anderen Zielbild." in response.content.decode()


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
        {"name": "Fahrgäste", "loesung": kpi.loesung_id, "measure": "", "target": "250", "defined": "on", "sort_order": 0}
    )
    assert at_desk(lead).client.post(reverse("kpis:edit", args=[kpi.pk]), data).status_code == 302
    kpi.refresh_from_db()
    assert kpi.target == "250"
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
