"""Merge, undo and split. Every expectation is written by hand."""

import datetime
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.contacts import contact_of_address
from common import outbox
from ideas import actions, families
from ideas.models import Follow, Idea, MeasureIdea, Support, TrailEntry
from ideas.workflow import Action, Channel, Contribution, MeasureStatus, Status
from tests.factories import LoesungFactory, MeasureFactory, PlaceFactory, UserFactory, make_idea

pytestmark = pytest.mark.django_db
WHY = actions.Decision(reason="Beide Ideen wollen dasselbe.", office="Stabsstelle")
BACK = actions.Decision(reason="Es sind doch zwei verschiedene Vorschläge.")


@pytest.fixture
def lead() -> Any:
    return UserFactory(lead=True)


def kept(*measures: Any, **fields: Any) -> Idea:
    return make_idea(Status.KEPT, measures=measures, **fields)


def fresh(idea: Idea) -> Idea:
    return Idea.objects.get(pk=idea.pk)


def supports(idea: Idea, *people: str) -> None:
    """These people support the idea."""
    for name in people:
        contact = contact_of_address(f"{name}@example.org")
        Support.objects.create(idea=idea, contact=contact, person=f"c{contact.pk}")
    for each in Idea.objects.filter(pk__in=[idea.pk]):
        Idea.objects.filter(pk=each.pk).update(support_count=each.supports.count())


def follows(idea: Idea, *people: str) -> None:
    for name in people:
        Follow.objects.create(idea=idea, contact=contact_of_address(f"{name}@example.org"))


def steps_of(idea: Idea) -> list[str]:
    return [entry.action for entry in idea.trail.order_by("position")]


# --- merge ------------------------------------------------------------------------------------------------------------


def test_a_merged_idea_keeps_number_text_and_trail_and_names_where_it_went(lead: Any) -> None:
    target, first, second = kept(), kept(title="Bank am Rhein"), make_idea(Status.REJECTED)
    entries = actions.merge(target, [second, first], by=lead, decision=WHY)
    for source in (first, second):
        stored = fresh(source)
        assert (stored.status, stored.merged_into, stored.merged_root) == (Status.MERGED, target, target)
        assert (stored.number, stored.is_public) == (source.number, True)
        row = stored.trail.latest("position")
        assert (row.action, row.reason, row.office) == ("merge", "Beide Ideen wollen dasselbe.", "Stabsstelle")
        assert row.changes == [
            {"label": "Aufgegangen in", "before": "", "after": f"Idee {target.number}", "idea": target.number}
        ]
    assert fresh(first).title == "Bank am Rhein"
    assert [entry.action for entry in entries] == ["merge", "merge", "absorb"]
    assert fresh(target).status == Status.KEPT
    assert [change["after"] for change in entries[-1].changes] == [f"Idee {first.number}", f"Idee {second.number}"]


def test_a_merge_moves_no_row(lead: Any) -> None:
    measure = MeasureFactory()
    target, source = kept(), kept(measure)
    supports(source, "anna")
    follows(source, "bert")
    actions.merge(target, [source], by=lead, decision=WHY)
    assert [support.idea for support in Support.objects.all()] == [source]
    assert [follow.idea for follow in Follow.objects.all()] == [source]
    assert [link.idea for link in MeasureIdea.objects.all()] == [source]


def test_a_person_who_supports_several_of_the_ideas_counts_once(lead: Any) -> None:
    target, first, second = kept(), kept(), kept()
    supports(target, "anna", "bert")
    supports(first, "bert", "carla")
    supports(second, "carla", "bert", "dora")
    actions.merge(target, [first, second], by=lead, decision=WHY)
    assert fresh(target).support_count == 4
    assert (fresh(first).support_count, fresh(second).support_count) == (2, 3)


def test_measures_of_all_ideas_are_measures_of_the_result_each_once_with_the_fullest_contribution(lead: Any) -> None:
    shared, own = MeasureFactory(status=MeasureStatus.PLANNING), MeasureFactory(status=MeasureStatus.DONE)
    target, source = kept(), kept(shared, own)
    actions.link_measure(target, shared, Contribution.INSPIRED, by=lead)
    actions.merge(target, [source], by=lead, decision=WHY)
    found = {link.measure: link.contribution for link in families.links_of_idea(fresh(target))}
    assert found == {shared: Contribution.FULL, own: Contribution.FULL}
    assert fresh(target).progress == MeasureStatus.DONE
    assert fresh(source).progress == ""
    [link] = families.links_of_measure(shared)
    assert (link.idea, link.contribution) == (target, Contribution.FULL)


def test_the_result_goes_on_with_the_measures_of_all(lead: Any) -> None:
    measure = MeasureFactory(status=MeasureStatus.PLANNING)
    target, source = kept(), kept(measure)
    actions.merge(target, [source], by=lead, decision=WHY)
    assert actions.change_measure_status(measure, MeasureStatus.DONE) == 1
    assert fresh(target).progress == MeasureStatus.DONE


def test_a_measure_of_a_merged_idea_is_not_linked_again_and_is_taken_off_at_the_result(lead: Any) -> None:
    measure = MeasureFactory(status=MeasureStatus.DONE)
    target, source = kept(), kept(measure)
    actions.merge(target, [source], by=lead, decision=WHY)
    with pytest.raises(actions.Refused, match="schon verknüpft"):
        actions.link_measure(fresh(target), measure, Contribution.FULL, by=lead)
    with pytest.raises(actions.Refused, match="lösen Sie diese Verknüpfungen zuerst"):
        actions.take(fresh(target), Action.REOPEN, by=lead, decision=WHY)
    actions.unlink_measure(fresh(target), measure, by=lead, decision=WHY)
    assert not MeasureIdea.objects.exists()
    assert fresh(target).progress == ""


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.IN_REVIEW, Status.QUESTION, Status.REJECTED])
def test_an_idea_with_a_measure_goes_only_into_an_idea_that_is_kept(status: Status, lead: Any) -> None:
    target, source = make_idea(status, released=True), kept(MeasureFactory())
    with pytest.raises(actions.Refused, match="gehört schon zu einer Maßnahme"):
        actions.merge(target, [source], by=lead, decision=WHY)
    assert fresh(source).status == Status.KEPT
    actions.merge(target, [kept()], by=lead, decision=WHY)  # without one it may


def test_what_was_merged_into_an_idea_goes_on_with_it(lead: Any) -> None:
    first, second, third = kept(), kept(), kept()
    supports(first, "anna")
    supports(third, "anna", "bert")
    actions.merge(second, [first], by=lead, decision=WHY)
    length = fresh(first).trail_length
    actions.merge(third, [second], by=lead, decision=WHY)
    assert (fresh(first).merged_into, fresh(first).merged_root) == (second, third)
    assert fresh(first).trail_length == length, "nobody decided anything about the first one"
    assert fresh(third).support_count == 2


def test_an_idea_never_becomes_part_of_itself_or_of_what_became_part_of_it(lead: Any) -> None:
    target, source = kept(), kept()
    with pytest.raises(actions.Refused, match="nicht in sich selbst"):
        actions.merge(target, [target], by=lead, decision=WHY)
    actions.merge(target, [source], by=lead, decision=WHY)
    with pytest.raises(actions.Refused, match="kann nichts aufnehmen"):
        actions.merge(source, [target], by=lead, decision=WHY)


def test_a_merge_without_sources_unreleased_or_by_the_author_is_refused(lead: Any) -> None:
    target, source = kept(), kept()
    with pytest.raises(actions.Refused, match="mindestens eine Idee"):
        actions.merge(target, [], by=lead, decision=WHY)
    with pytest.raises(actions.Refused, match="veröffentlichen Sie die Idee zuerst"):
        actions.merge(target, [make_idea()], by=lead, decision=WHY)
    hidden = make_idea()
    with pytest.raises(actions.Refused, match=f"veröffentlichen Sie Idee {hidden.number} zuerst"):
        actions.merge(hidden, [source], by=lead, decision=WHY)
    for mine, other in ((kept(user=lead), source), (target, kept(user=lead))):
        with pytest.raises(actions.Refused, match="eigene Idee"):
            actions.merge(mine, [other], by=lead, decision=WHY)
    assert Idea.objects.filter(status=Status.MERGED).count() == 0


def test_one_overtaken_idea_stops_the_whole_merge(lead: Any) -> None:
    target, first, second = kept(), kept(), kept()
    actions.take(fresh(second), Action.REOPEN, by=lead, decision=WHY)
    with pytest.raises(actions.Overtaken):
        actions.merge(target, [first, second], by=lead, decision=WHY)
    with pytest.raises(actions.Overtaken):
        actions.merge(
            fresh(target), [fresh(second)], by=lead, decision=WHY, seen={target.pk: target.trail_length, second.pk: 1}
        )
    assert not TrailEntry.objects.filter(action__in=["merge", "absorb"]).exists()
    assert {fresh(first).status, fresh(target).status} == {Status.KEPT}
    assert fresh(first).trail_length == fresh(first).trail.count()


def test_fifty_ideas_with_five_thousand_supports_are_merged_in_one_transaction_of_at_most_forty_queries(lead: Any) -> None:
    shared = MeasureFactory(status=MeasureStatus.DONE)
    now, loesung = timezone.now(), LoesungFactory()
    target, *sources = [
        actions.import_kept(actions.ImportedIdea(number, "Titel", "Text", loesung, Channel.WORKSHOP, now))
        for number in range(1, 52)
    ]
    for source in sources[:10]:
        actions.link_measure(source, shared, Contribution.PARTLY, by=lead)
    Support.objects.bulk_create(
        [
            Support(idea=source, person=f"x{(place * 60 + turn) % 3000}")
            for place, source in enumerate(sources)
            for turn in range(100)
        ]
    )
    assert Support.objects.count() == 5000
    sources = list(Idea.objects.filter(pk__in=[source.pk for source in sources]))
    # CaptureQueriesContext sees each statement, that which opens a savepoint included.
    with CaptureQueriesContext(connection) as queries:
        actions.merge(fresh(target), sources, by=lead, decision=WHY)
    assert len(queries) <= 40, [query["sql"][:90] for query in queries]
    assert Idea.objects.filter(status=Status.MERGED).count() == 50
    assert (fresh(target).support_count, fresh(target).progress) == (3000, MeasureStatus.DONE)
    assert [idea.trail.count() - idea.trail_length for idea in Idea.objects.all()] == [0] * 51


# --- undo -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.IN_REVIEW, Status.QUESTION, Status.KEPT, Status.REJECTED])
def test_an_undone_merge_leads_back_to_where_the_idea_stood(status: Status, lead: Any) -> None:
    target, source = kept(), make_idea(status, released=True)
    actions.merge(target, [source], by=lead, decision=WHY)
    entries = actions.unmerge([source], by=lead, decision=BACK)
    stored = fresh(source)
    assert (stored.status, stored.merged_into, stored.merged_root) == (status, None, None)
    assert [entry.action for entry in entries] == ["unmerge", "let_go"]
    assert steps_of(target)[-2:] == ["absorb", "let_go"]
    assert fresh(target).trail.last().changes[0]["before"] == f"Idee {source.number}"


def test_an_undo_gives_back_supports_links_followers_and_progress_and_later_ones_stay_where_they_were_made(lead: Any) -> None:
    mine, theirs = MeasureFactory(status=MeasureStatus.DONE), MeasureFactory(status=MeasureStatus.PLANNING)
    later = MeasureFactory(status=MeasureStatus.PREPARATION)
    target, source = kept(theirs), kept(mine)
    supports(target, "anna")
    supports(source, "anna", "bert")
    follows(source, "bert")
    actions.merge(target, [source], by=lead, decision=WHY)
    actions.link_measure(target, later, Contribution.PARTLY, by=lead)
    Support.objects.create(idea=target, person="x1")
    follows(target, "carla")
    actions.unmerge([fresh(source)], by=lead, decision=BACK)
    assert (fresh(source).progress, fresh(target).progress) == (MeasureStatus.DONE, MeasureStatus.PREPARATION)
    assert (fresh(source).support_count, fresh(target).support_count) == (2, 2)
    assert [link.measure for link in families.links_of_idea(fresh(source))] == [mine]
    assert {link.measure for link in families.links_of_idea(fresh(target))} == {theirs, later}
    assert [follow.idea for follow in Follow.objects.order_by("pk")] == [source, target]


def test_merges_are_undone_in_any_order(lead: Any) -> None:
    measure = MeasureFactory(status=MeasureStatus.DONE)
    first, second, third = kept(measure), kept(), kept()
    supports(first, "anna")
    supports(second, "bert")
    actions.merge(second, [first], by=lead, decision=WHY)
    actions.merge(third, [second], by=lead, decision=WHY)
    assert (fresh(third).progress, fresh(third).support_count) == (MeasureStatus.DONE, 2)
    # The earlier merge first: its target is itself part of the third one by now.
    entries = actions.unmerge([fresh(first)], by=lead, decision=BACK)
    assert [(entry.idea, entry.action) for entry in entries] == [(first, "unmerge"), (second, "let_go"), (third, "progress")]
    assert (fresh(first).status, fresh(first).progress, fresh(first).merged_root) == (Status.KEPT, MeasureStatus.DONE, None)
    assert (fresh(second).status, fresh(second).merged_root, fresh(second).support_count) == (Status.MERGED, third, 1)
    assert (fresh(third).progress, fresh(third).support_count) == ("", 1)
    actions.unmerge([fresh(second)], by=lead, decision=BACK)
    assert (fresh(third).support_count, fresh(second).support_count) == (0, 1)


def test_what_belongs_to_an_idea_leaves_with_it(lead: Any) -> None:
    measure = MeasureFactory(status=MeasureStatus.DONE)
    first, second, third = kept(measure), kept(), kept()
    actions.merge(second, [first], by=lead, decision=WHY)
    actions.merge(third, [second], by=lead, decision=WHY)
    actions.unmerge([fresh(second)], by=lead, decision=BACK)
    assert (fresh(second).status, fresh(second).progress) == (Status.KEPT, MeasureStatus.DONE)
    assert (fresh(first).status, fresh(first).merged_into, fresh(first).merged_root) == (Status.MERGED, second, second)
    assert fresh(third).progress == ""


def test_several_ideas_leave_together_with_one_row_at_the_one_they_leave(lead: Any) -> None:
    target, first, second = kept(), kept(), kept()
    actions.merge(target, [first, second], by=lead, decision=WHY)
    actions.unmerge([fresh(first), fresh(second)], by=lead, decision=BACK)
    assert steps_of(target).count("let_go") == 1
    elsewhere = kept()
    actions.merge(elsewhere, [fresh(first)], by=lead, decision=WHY)
    actions.merge(fresh(target), [fresh(second)], by=lead, decision=WHY)
    with pytest.raises(actions.Refused, match="nacheinander"):
        actions.unmerge([fresh(first), fresh(second)], by=lead, decision=BACK)


def test_a_merge_is_undone_once(lead: Any) -> None:
    target, source = kept(), kept()
    actions.merge(target, [source], by=lead, decision=WHY)
    page = fresh(source)
    actions.unmerge([fresh(source)], by=lead, decision=BACK)
    with pytest.raises(actions.Overtaken):
        actions.unmerge([page], by=lead, decision=BACK)
    with pytest.raises(actions.Refused, match="passt nicht zum Stand"):
        actions.unmerge([fresh(source)], by=lead, decision=BACK)
    with pytest.raises(actions.Refused, match="mindestens eine Idee"):
        actions.unmerge([], by=lead, decision=BACK)


# --- who is told ------------------------------------------------------------------------------------------------------


def letters() -> dict[str, list[str]]:
    """The mails that lie in the outbox, by address."""
    mail.outbox.clear()
    outbox.drain()
    found: dict[str, list[str]] = {}
    for message in mail.outbox:
        found.setdefault(message.to[0], []).append(f"{message.subject}\n{message.body}")
    return found


def test_everybody_concerned_gets_one_mail_about_the_whole_merge(lead: Any) -> None:
    author = UserFactory(email="autorin@example.org")
    target, first = kept(user=author), kept(email="gast@example.org", title="Bank am Rhein")
    second = kept(user=author)
    follows(first, "anna", "bert")
    follows(target, "bert", "gast")
    letters()
    actions.merge(target, [first, second], by=lead, decision=WHY)
    got = letters()
    assert {address: len(texts) for address, texts in got.items()} == {
        "autorin@example.org": 1,
        "gast@example.org": 1,
        "anna@example.org": 1,
        "bert@example.org": 1,
    }
    [text] = got["gast@example.org"]
    assert f"Es geht weiter mit Idee {target.number}" in text
    assert f"Idee {first.number}: Bank am Rhein" in text
    assert "Beide Ideen wollen dasselbe." in text
    assert f"/ideen/verfolgen/{first.receipt_token}/" in text
    assert "/ideen/verfolgen/" not in got["anna@example.org"][0], "a receipt is the author's alone"
    assert got["autorin@example.org"][0].count("/ideen/verfolgen/") == 2


def test_everybody_concerned_gets_one_mail_about_the_undoing(lead: Any) -> None:
    target, source = kept(email="ziel@example.org"), kept(email="gast@example.org")
    follows(target, "anna")
    actions.merge(target, [source], by=lead, decision=WHY)
    letters()
    actions.unmerge([fresh(source)], by=lead, decision=BACK)
    got = letters()
    assert {address: len(texts) for address, texts in got.items()} == {
        "ziel@example.org": 1,
        "gast@example.org": 1,
        "anna@example.org": 1,
    }
    assert "Es sind doch zwei verschiedene Vorschläge." in got["gast@example.org"][0]


def test_who_stopped_following_before_the_mail_went_out_gets_none(lead: Any) -> None:
    target, source = kept(), kept()
    follows(source, "anna")
    letters()
    actions.merge(target, [source], by=lead, decision=WHY)
    Follow.objects.all().delete()
    assert "anna@example.org" not in letters()


# --- split ------------------------------------------------------------------------------------------------------------

PARTS = [actions.Part("Bänke", "Bänke am Radweg."), actions.Part("Licht", "Lampen am Radweg.")]


def test_a_split_makes_public_ideas_with_numbers_of_their_own_that_name_their_origin(lead: Any) -> None:
    place, loesung = PlaceFactory(), LoesungFactory()
    origin = kept(email="gast@example.org", places=[place], tags=["Rad"])
    bench, light = actions.split(origin, [PARTS[0], actions.Part("Licht", "Lampen am Radweg.", loesung)], by=lead, decision=WHY)
    assert [bench.number, light.number] == [origin.number + 1, origin.number + 2]
    stored = fresh(light)
    assert (stored.origin, stored.status, stored.title, stored.text) == (origin, Status.SUBMITTED, "Licht", "Lampen am Radweg.")
    assert (stored.is_public, stored.loesung, stored.trail_length) == (True, loesung, 1)
    assert [tag.name for tag in stored.tags.all()] == ["Rad"]
    assert list(stored.places.all()) == [place]
    assert stored.author.address == "gast@example.org"
    assert stored.author.receipt_digest not in {None, origin.author.receipt_digest, bench.author.receipt_digest}
    assert stored.answer_due == timezone.localdate() + datetime.timedelta(days=28)
    assert steps_of(light) == ["split_off"]
    assert fresh(origin).status == Status.KEPT
    assert [change["idea"] for change in origin.trail.last().changes] == [bench.number, light.number]


def test_the_author_of_a_split_idea_gets_one_mail_with_all_receipts(lead: Any) -> None:
    origin = kept(email="gast@example.org")
    letters()
    bench, light = actions.split(origin, PARTS, by=lead, decision=WHY)
    [text] = letters()["gast@example.org"]
    assert f"Aus Ihrer Idee {origin.number} sind mehrere geworden" in text
    for new in (bench, light):
        assert f"/ideen/verfolgen/{new.receipt_token}/" in text
        assert Client().get(f"/ideen/verfolgen/{new.receipt_token}/", follow=True).status_code == 200


@pytest.mark.parametrize("parts", [[], [actions.Part("", "Text")], [PARTS[0], actions.Part("Titel", " … ")]])
def test_a_split_needs_parts_with_title_and_text(parts: list[actions.Part], lead: Any) -> None:
    origin = kept()
    with pytest.raises(actions.Refused, match="Titel und eine Beschreibung"):
        actions.split(origin, parts, by=lead, decision=WHY)
    assert Idea.objects.count() == 1


def test_a_split_from_an_old_page_takes_no_number(lead: Any) -> None:
    origin = kept()
    page = fresh(origin)
    actions.take(origin, Action.REOPEN, by=lead, decision=WHY)
    with pytest.raises(actions.Overtaken):
        actions.split(page, PARTS, by=lead, decision=WHY)
    assert Idea.objects.count() == 1
    assert make_idea().number == origin.number + 1


# --- what everybody reads ---------------------------------------------------------------------------------------------


def page_of(idea: Idea) -> str:
    return Client().get(f"/ideen/{idea.number}/").content.decode()


def test_the_page_of_a_merged_idea_stays_where_it_was_and_leads_on(lead: Any) -> None:
    first, second, third = kept(title="Bank am Rhein"), kept(title="Bank am Ufer"), kept(title="Bänke für alle")
    actions.merge(second, [first], by=lead, decision=WHY)
    actions.merge(third, [second], by=lead, decision=WHY)
    page = page_of(first)
    assert f"Aufgegangen in Idee {second.number}" in page
    assert f"Sie ist inzwischen Teil von Idee {third.number}" in page
    assert "<h1>Bank am Rhein</h1>" in page
    assert first.text in page
    page = page_of(third)
    assert "In dieser Idee sind aufgegangen" in page
    assert f"{first.number}: <span>Bank am Rhein" in page
    assert f"{second.number}: <span>Bank am Ufer" in page
    assert f'<ins><a href="/ideen/{second.number}/">Idee {second.number}</a></ins>' in page, "the trail leads there as well"


def test_parts_of_a_split_idea_and_their_origin_lead_to_each_other(lead: Any) -> None:
    origin = kept(title="Radweg")
    bench, light = actions.split(origin, PARTS, by=lead, decision=WHY)
    page = page_of(origin)
    assert "Daraus sind hervorgegangen" in page
    assert f"{bench.number}: <span>Bänke" in page
    assert f"{light.number}: <span>Licht" in page
    page = page_of(light)
    assert f"Hervorgegangen aus Idee {origin.number}" in page
    assert f'<a href="/ideen/{origin.number}/">Radweg</a>' in page


def test_a_measure_shows_the_result_of_a_merge_once(lead: Any) -> None:
    measure = MeasureFactory()
    target, source = kept(measure, title="Bänke für alle"), kept(measure, title="Bank am Rhein")
    actions.merge(target, [source], by=lead, decision=WHY)
    page = Client().get(measure.get_absolute_url()).content.decode()
    assert page.count(f'<a href="/ideen/{target.number}/">') == 1
    assert f'<a href="/ideen/{source.number}/">Bank am Rhein' not in page


def test_whose_idea_became_part_of_another_hears_what_becomes_of_that_one(lead: Any) -> None:
    whole = kept(email="ganz@example.org")
    part = kept(email="teil@example.org")
    again = kept(email="GANZ@example.org")
    actions.merge(whole, [part, again], by=lead, decision=WHY)
    letters()
    actions.link_measure(fresh(whole), MeasureFactory(title="Bänke"), Contribution.FULL, by=lead)
    told = letters()
    assert {address: len(mails) for address, mails in told.items()} == {"ganz@example.org": 1, "teil@example.org": 1}
    [text] = told["teil@example.org"]
    assert f"es gibt Neues zur Idee {whole.number}. Ihre Idee {part.number} ist in ihr aufgegangen" in text
    assert f"/ideen/verfolgen/{part.receipt_token}/" in text
    assert whole.receipt_token not in text, "the receipt of somebody else"
    assert "zu Ihrer Idee" in told["ganz@example.org"][0]


def test_who_asks_the_author_of_the_whole_asks_no_one_else(lead: Any) -> None:
    whole = make_idea(Status.IN_REVIEW, email="ganz@example.org")
    part = make_idea(Status.IN_REVIEW, email="teil@example.org")
    actions.merge(whole, [part], by=lead, decision=WHY)
    letters()
    actions.take(fresh(whole), Action.ASK_BACK, by=lead, decision=actions.Decision(reason="Wo genau?"))
    told = letters()
    assert "Bitte antworten Sie hier" in told["ganz@example.org"][0]
    assert "Bitte antworten Sie hier" not in told["teil@example.org"][0]
