"""Merge, undo and split as the lead does them at the desk; and another Lösung, places and tags."""

import re
from typing import Any

import pytest
from django.urls import reverse

from ideas import actions
from ideas.models import Idea, Support
from ideas.workflow import Action, MeasureStatus, Status
from tests.factories import LoesungFactory, MeasureFactory, PlaceFactory, UserFactory, make_idea

pytestmark = pytest.mark.django_db
REASON = "Beide Ideen wollen Bänke am Radweg."
MERGE = "/admin/ideen/zusammenlegen/"


def kept(**fields: Any) -> Idea:
    return make_idea(Status.KEPT, **fields)


def fresh(idea: Idea) -> Idea:
    return Idea.objects.get(pk=idea.pk)


def seen(*ideas: Idea) -> str:
    return ",".join(f"{idea.number}:{fresh(idea).trail_length}" for idea in ideas)


def merged(target: Idea, *sources: Idea) -> None:
    actions.merge(target, sources, by=UserFactory(lead=True), decision=actions.Decision(reason=REASON))


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- merge ------------------------------------------------------------------------------------------------------------


def test_ideas_are_chosen_by_number_and_an_unknown_one_is_named(at_desk: Any, lead: Any) -> None:
    first, second = kept(title="Bänke am Radweg"), kept(title="Sitzplätze am Weg")
    client = at_desk(lead).client
    page = text_of(client.get(MERGE, {"idee": first.number, "nummern": f"#{second.number}, 9999 und"}))
    assert "Sitzplätze am Weg" in page
    assert "Eine Idee mit der Nummer 9999 gibt es nicht." in page
    assert "„und“ ist keine Nummer." in page
    page = text_of(client.get(MERGE, {"idee": first.number, "weiter": "1", "ziel": first.number}))
    assert "Bitte wählen Sie mindestens zwei Ideen." in page
    page = text_of(client.get(MERGE, {"idee": [first.number, second.number], "weiter": "1"}))
    assert "Bitte wählen Sie, welche der Ideen bleiben soll." in page


def test_similar_ideas_are_offered(demo: None, client: Any) -> None:
    from accounts.models import User

    client.force_login(
        User.objects.get(email="leitung@example.org"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert "Ähnliche Ideen" in text_of(client.get(MERGE, {"idee": 173}))


def test_the_preview_says_who_is_told_which_measures_and_how_many_supports_before_it_happens(at_desk: Any, lead: Any) -> None:
    measure = MeasureFactory(title="Bankprogramm", status=MeasureStatus.PLANNING)
    target, source = kept(title="Bänke am Radweg"), kept(title="Sitzplätze am Weg", measures=(measure,))
    for idea, person in ((target, "x1"), (source, "x1"), (source, "x2")):
        Support.objects.create(idea=idea, person=person)
    Idea.objects.filter(pk=target.pk).update(support_count=1)
    Idea.objects.filter(pk=source.pk).update(support_count=2)
    query = {"idee": [target.number, source.number], "ziel": target.number, "weiter": "1"}
    page = text_of(at_desk(lead).client.get(MERGE, query))
    assert f"aufgegangen in Idee {target.number}" in page
    assert f"Danach bei Idee {target.number}: 2" in page
    assert "Bankprogramm (fließt ganz ein) neu" in page
    assert "In Planung" in page
    assert "2 Personen, die eine der Ideen eingereicht haben" in page
    assert fresh(source).status == Status.KEPT, "looking at it changes nothing"


def post_merge(desk: Any, target: Idea, *sources: Idea, **more: Any) -> Any:
    ideas = (target, *sources)
    data = {"ziel": target.number, "idee": [idea.number for idea in ideas], "seen": seen(*ideas), "reason": REASON, **more}
    return desk.client.post(MERGE, data)


def test_the_lead_merges_and_reads_what_was_done(at_desk: Any, lead: Any) -> None:
    target, source = kept(), kept()
    response = post_merge(at_desk(lead), target, source, note="nur für uns")
    assert response.url == reverse("ideas_desk:idea", args=[target.number])
    row = fresh(source).trail.latest("position")
    assert (row.action, row.reason, row.text.internal_note, row.text.actor) == ("merge", REASON, "nur für uns", lead)
    assert row.office == "Stabsstelle Test"
    page = text_of(at_desk(lead).look_at(target))
    assert f"Idee {source.number} ist jetzt Teil von Idee {target.number}" in text_of(at_desk(lead).look_at(target)) or page
    assert "In dieser Idee sind aufgegangen" in page


def test_a_merge_without_a_reason_is_refused_beside_the_field(at_desk: Any, lead: Any) -> None:
    target, source = kept(), kept()
    response = post_merge(at_desk(lead), target, source, reason=" ", note="bleibt stehen")
    assert "Bitte begründen Sie diese Entscheidung." in text_of(response)
    assert "bleibt stehen" in response.content.decode()
    assert fresh(source).status == Status.KEPT


def test_a_merge_that_cannot_be_says_why_and_has_no_button(at_desk: Any, lead: Any) -> None:
    target, source = make_idea(Status.IN_REVIEW), kept(measures=(MeasureFactory(),))
    query = {"idee": [target.number, source.number], "ziel": target.number, "weiter": "1"}
    response = at_desk(lead).client.get(MERGE, query)
    assert "Sie kann nur in einer Idee aufgehen, die als Idee behalten ist." in text_of(response)
    assert 'method="post" action="/admin/ideen/zusammenlegen/"' not in response.content.decode()


def test_the_loser_of_two_leads_sees_what_they_typed_and_what_the_other_decided(at_desk: Any, lead: Any) -> None:
    target, source = kept(), kept()
    old = seen(target, source)
    other = UserFactory(lead=True, first_name="Olga", last_name="Ober")
    at_desk(other).take(source, Action.REOPEN, reason="Wir prüfen noch einmal.")
    response = post_merge(at_desk(lead), target, source, seen=old)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Jemand hat diese Idee inzwischen bearbeitet" in page
    assert REASON in page
    assert "Wir prüfen noch einmal." in page
    assert "Olga Ober" in page
    assert fresh(source).status == Status.IN_REVIEW
    assert post_merge(at_desk(lead), target, source).status_code == 302, "having seen it, they may do it after all"


def test_the_loser_whose_merge_is_impossible_now_can_copy_what_they_typed(at_desk: Any, lead: Any) -> None:
    target, source, elsewhere = kept(), kept(), kept()
    old = seen(target, source)
    merged(elsewhere, source)
    response = post_merge(at_desk(lead), target, source, seen=old)
    page = response.content.decode()
    assert response.status_code == 409
    assert "„Zusammenlegen“ hat nicht geklappt" in text_of(response)
    assert f">{REASON}</textarea>" in page
    assert "In einer anderen Idee aufgegangen" in page
    assert fresh(source).merged_into == elsewhere


def test_the_other_decision_stands_on_the_page_of_one_idea_as_well(at_desk: Any, lead: Any) -> None:
    source = kept()
    length = source.trail_length
    merged(kept(), source)
    response = at_desk(lead).take(source, Action.REOPEN, seen=length, reason="Das prüfen wir noch einmal.")
    page = response.content.decode()
    assert response.status_code == 409
    assert "Das prüfen wir noch einmal." in page
    assert REASON in page


@pytest.mark.parametrize("role", ["reviewer", "editor", "project_lead"])
def test_only_the_lead_sees_these_pages(role: str, at_desk: Any) -> None:
    target, source = kept(), kept()
    desk = at_desk(UserFactory(**{role: True}))
    for path in (MERGE, f"/admin/ideen/{target.number}/trennen/", f"/admin/ideen/{target.number}/aufteilen/"):
        assert desk.client.get(path).status_code == 302
        assert desk.client.post(path, {"reason": REASON}).status_code == 302
    assert post_merge(desk, target, source).status_code == 302
    assert fresh(source).status == Status.KEPT


@pytest.mark.parametrize("query", [{}, {"idee": "x"}, {"idee": "9" * 30}, {"nummern": "\x00"}, {"ziel": "-1", "weiter": "1"}])
def test_strange_questions_get_a_page(query: dict[str, str], at_desk: Any, lead: Any) -> None:
    assert at_desk(lead).client.get(MERGE, query).status_code == 200
    assert at_desk(lead).client.post(MERGE, query).status_code == 404


@pytest.mark.parametrize("old", ["", "x", "1:2:3", "1:", ",", "٣:٤,"])
def test_a_page_without_the_guard_merges_nothing(old: str, at_desk: Any, lead: Any) -> None:
    target, source = kept(), kept()
    response = post_merge(at_desk(lead), target, source, seen=old)
    assert response.status_code in {200, 409}
    assert REASON in response.content.decode()
    assert fresh(source).status == Status.KEPT


def test_these_steps_have_no_form_on_the_page_of_an_idea_but_a_link(at_desk: Any, lead: Any) -> None:
    target, source = kept(), kept()
    merged(target, source)
    desk = at_desk(lead)
    page = desk.look_at(target).content.decode()
    assert f'href="{MERGE}?idee={target.number}"' in page
    assert f'href="/admin/ideen/{target.number}/aufteilen/"' in page
    assert f'href="/admin/ideen/{target.number}/trennen/"' in page
    page = desk.look_at(source).content.decode()
    assert f'href="/admin/ideen/{target.number}/trennen/?idee={source.number}"' in page
    for action in (Action.MERGE, Action.UNMERGE, Action.SPLIT):
        assert desk.take(target, action, reason=REASON).status_code == 404


# --- undo -------------------------------------------------------------------------------------------------------------


def test_the_lead_undoes_a_merge_and_sees_beforehand_where_the_idea_will_stand(at_desk: Any, lead: Any) -> None:
    target, first, second = kept(), kept(), make_idea(Status.REJECTED)
    merged(target, first, second)
    desk, path = at_desk(lead), f"/admin/ideen/{target.number}/trennen/"
    page = text_of(desk.client.get(path, {"idee": second.number}))
    assert f"Idee {second.number}: {second.title} → Verworfen" in page
    assert "3 Personen bekommen eine E-Mail." in page
    nobody = desk.client.post(path, {"seen": seen(first, second), "reason": REASON})
    assert "Bitte wählen Sie mindestens eine Idee" in text_of(nobody)
    done = desk.client.post(path, {"chosen": [second.number], "seen": seen(first, second), "reason": REASON})
    assert done.status_code == 302
    assert (fresh(second).status, fresh(first).status) == (Status.REJECTED, Status.MERGED)


def test_an_undo_from_an_old_page_is_told_what_happened(at_desk: Any, lead: Any) -> None:
    target, source = kept(), kept()
    merged(target, source)
    old, path = seen(source), f"/admin/ideen/{target.number}/trennen/"
    actions.unmerge([fresh(source)], by=UserFactory(lead=True), decision=actions.Decision(reason="Schon getrennt."))
    response = at_desk(lead).client.post(path, {"chosen": [source.number], "seen": old, "reason": REASON})
    assert "In dieser Idee ist keine andere aufgegangen." in text_of(response)
    assert REASON in response.content.decode()


# --- split ------------------------------------------------------------------------------------------------------------


def parts(*rows: tuple[str, str], **more: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"teile-TOTAL_FORMS": len(rows), "teile-INITIAL_FORMS": 0, "reason": REASON, **more}
    for place, (title, text) in enumerate(rows):
        data |= {f"teile-{place}-title": title, f"teile-{place}-text": text, f"teile-{place}-loesung": ""}
    return data


def test_one_more_part_needs_no_script_and_keeps_what_was_typed(at_desk: Any, lead: Any) -> None:
    idea = kept()
    path = f"/admin/ideen/{idea.number}/aufteilen/"
    assert at_desk(lead).client.get(path).content.decode().count("<legend>") == 2
    page = at_desk(lead).client.post(path, parts(("Bänke", ""), ("", ""), seen=seen(idea), mehr="1")).content.decode()
    assert page.count("<legend>") == 3
    assert 'value="Bänke"' in page
    assert REASON in page
    assert 'aria-invalid="true"' not in page
    assert Idea.objects.count() == 1


def test_the_lead_splits_an_idea(at_desk: Any, lead: Any) -> None:
    idea = kept()
    path = f"/admin/ideen/{idea.number}/aufteilen/"
    response = at_desk(lead).client.post(path, parts(("Bänke", "Bänke."), ("Licht", ""), seen=seen(idea)))
    assert "Bitte beschreiben Sie diesen Teil" in text_of(response)
    assert Idea.objects.count() == 1
    three = parts(("Bänke", "Bänke."), ("Licht", "Lampen."), (" ", ""), seen=seen(idea))
    response = at_desk(lead).client.post(path, {**three, "teile-INITIAL_FORMS": 3})
    assert response.status_code == 302
    assert [made.title for made in idea.split_off_ideas.order_by("number")] == ["Bänke", "Licht"]
    old = at_desk(lead).client.post(path, parts(("Noch", "Mehr."), seen=f"{idea.number}:1"))
    assert old.status_code == 409
    assert "Mehr." in old.content.decode()
    assert "In mehrere Ideen aufgeteilt" in old.content.decode()


@pytest.mark.parametrize("total", ["", "x", "-1", "99999999", "1000"])
def test_a_strange_number_of_parts_gets_a_page(total: str, at_desk: Any, lead: Any) -> None:
    idea = kept()
    data = {**parts(("Bänke", "Bänke."), seen=seen(idea)), "teile-TOTAL_FORMS": total}
    path = f"/admin/ideen/{idea.number}/aufteilen/"
    assert at_desk(lead).client.post(path, {**data, "mehr": "1"}).status_code == 200
    assert at_desk(lead).client.post(path, data).status_code == 200
    assert Idea.objects.count() == 1


# --- another Lösung, places, tags -------------------------------------------------------------------------------------


def test_places_and_tags_are_changed_with_before_and_after_in_the_trail(at_desk: Any, reviewer: Any) -> None:
    mayen, bendorf = PlaceFactory(name="Mayen"), PlaceFactory(name="Bendorf")
    kept(tags=["Radverkehr"])
    idea = make_idea(Status.IN_REVIEW, places=[mayen], tags=["Bank"], loesung=LoesungFactory())
    assert idea.loesung
    fields = {
        "loesung": idea.loesung.pk,
        "places": [mayen.pk, bendorf.pk],
        "tags": " radverkehr,  Neue   Wege ,, ",
        "reason": REASON,
    }
    assert at_desk(reviewer).take(idea, Action.RECLASSIFY, **fields).status_code == 302
    assert fresh(idea).trail.latest("position").changes == [
        {"label": "Ort", "before": "Mayen", "after": "Bendorf, Mayen"},
        {"label": "Stichwörter", "before": "Bank", "after": "Neue Wege, Radverkehr"},
    ]
    assert sorted(tag.name for tag in fresh(idea).tags.all()) == ["Neue Wege", "Radverkehr"]
    too_long = at_desk(reviewer).take(idea, Action.RECLASSIFY, **{**fields, "tags": "x" * 51})
    assert "höchstens 50 Zeichen" in text_of(too_long)
