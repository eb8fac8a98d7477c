"""Ideas in and out of competitions: who proposes, who decides, what the author hears, and what happens to the entry when
something happens to the idea."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from common import outbox
from ideas import actions as idea_actions
from ideas.models import Idea, IdeaAuthor
from ideas.workflow import Action, Status
from participation import actions, notifications
from participation.models import Competition, Entry, Tally
from participation.models.entry import BY_AUTHOR
from participation.phases import Phase
from tests.factories import UserFactory, make_idea
from tests.factories.participation import competition, entry, plan

pytestmark = pytest.mark.django_db
URL = "/wettbewerbe/wasser/vorschlagen/"


@pytest.fixture
def running(db: None) -> Competition:
    return competition(Phase.SUBMISSION, title="Wasser in der Stadt", slug="wasser")


def letters() -> list[Any]:
    """The mails about entries that went out, oldest first."""
    outbox.drain()
    return [each for each in mail.outbox if "Wettbewerb" in each.subject]


def in_session(client: Client, idea: Idea) -> None:
    client.get(f"/ideen/verfolgen/{idea.receipt_token}/")


# --- proposing ----------------------------------------------------------------------------------------------------------------


def test_an_author_proposes_one_of_their_ideas(client: Client, running: Competition) -> None:
    author = UserFactory()
    one, other = make_idea(user=author, title="Brunnen am Markt"), make_idea(user=author, title="Bäume am Markt")
    client.force_login(author)
    page = client.get(f"{URL}?idee={one.number}")
    assert page.context["form"]["idee"].value() == str(one.number), "the link chooses it beforehand"
    answer = client.post(URL, {"idee": one.number, "action": "propose"}, follow=True)
    assert f"Idee {one.number} ist vorgeschlagen" in answer.text
    made = Entry.objects.get()
    assert (made.idea, made.state, made.way) == (one, "proposed", "proposed")
    assert "vorgeschlagen. Wir entscheiden bald" in answer.text
    assert [choice for choice, _label in answer.context["form"].fields["idee"].choices] == [str(other.number)]


def test_a_guest_with_the_receipt_proposes_their_idea_and_nobody_else_does(client: Client, running: Competition) -> None:
    idea = make_idea(email="gast@example.org")
    refused = client.post(URL, {"idee": idea.number, "action": "propose"})
    assert refused.status_code == 422
    assert not Entry.objects.exists()
    in_session(client, idea)
    client.post(URL, {"idee": idea.number, "action": "propose"})
    assert Entry.objects.get().idea == idea


def test_an_idea_takes_part_in_several_competitions_and_stays_one(client: Client, running: Competition) -> None:
    idea, other = make_idea(email="gast@example.org"), competition(Phase.SUBMISSION)
    for each in (running, other):
        actions.propose(each, idea, is_own=True)
    assert Idea.objects.count() == 1
    assert set(Entry.objects.values_list("competition", "idea")) == {(running.pk, idea.pk), (other.pk, idea.pk)}


def test_an_idea_is_proposed_to_a_competition_once(running: Competition) -> None:
    idea = make_idea(email="gast@example.org")
    actions.propose(running, idea, is_own=True)
    with pytest.raises(actions.Refused, match="schon teil"):
        actions.propose(running, idea, is_own=True)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(Status.UNCONFIRMED, "bestätigen Sie zuerst"), (Status.MERGED, "in einer anderen aufgegangen")],
)
def test_the_page_says_why_an_idea_cannot_take_part(
    client: Client, running: Competition, status: Status, sentence: str
) -> None:
    idea = make_idea(status, email="gast@example.org")
    in_session(client, idea)
    page = client.get(URL)
    assert sentence in page.text
    assert "Vorschlagen</span>" not in page.text


def test_without_an_idea_the_page_shows_three_ways(client: Client, running: Competition) -> None:
    page = client.get(URL)
    for way in (f"/konto/login/?next={URL}", "/ideen/verfolgen/", "/wettbewerbe/wasser/einreichen/"):
        assert f'href="{way}"' in page.text


def test_nothing_is_proposed_when_the_phase_is_over(client: Client, running: Competition) -> None:
    idea = make_idea(email="gast@example.org")
    in_session(client, idea)
    plan(running, Phase.REVIEW)
    late = client.post(URL, {"idee": idea.number, "action": "propose"})
    assert late.status_code == 409
    assert "zu Ende gegangen" in late.text
    assert not Entry.objects.exists()
    assert "zu Ende gegangen" in Client().get(URL).text


@pytest.mark.parametrize("sent", [{}, {"idee": "x"}, {"idee": "99999999999999999999"}, {"idee": "\x00"}])
def test_a_choice_that_is_none_gets_a_sentence(client: Client, running: Competition, sent: dict[str, str]) -> None:
    in_session(client, make_idea(email="gast@example.org"))
    answer = client.post(URL, sent)
    assert answer.status_code == 422
    assert "Bitte wählen Sie" in answer.text
    gone = client.post(URL, {**sent, "action": "retract"}, follow=True)
    assert "nimmt an diesem Wettbewerb nicht teil" in gone.text


def test_the_page_costs_the_same_with_one_idea_and_with_twenty(
    client: Client, running: Competition, django_assert_max_num_queries: Any
) -> None:
    author = UserFactory()
    client.force_login(author)
    for number in range(20):
        idea = make_idea(user=author, released=bool(number % 2))
        if number % 3 == 0:
            actions.propose(running, idea, by=author)
    client.get(URL)
    with django_assert_max_num_queries(22):
        client.get(URL)


# --- where the author finds it ------------------------------------------------------------------------------------------------


def test_receipt_account_and_own_idea_lead_to_the_competition_meanwhile(client: Client, running: Competition) -> None:
    author = UserFactory()
    idea = make_idea(user=author, released=True)
    client.force_login(author)
    wanted = f'href="{URL}?idee={idea.number}"'
    assert wanted in client.get(f"/ideen/verfolgen/{idea.number}/").text
    assert wanted in client.get(f"/ideen/{idea.number}/").text
    assert f'href="{URL}"' in client.get("/konto/ideen/").text
    assert URL not in Client().get(f"/ideen/{idea.number}/").text
    plan(running, Phase.REVIEW)
    for page in (f"/ideen/verfolgen/{idea.number}/", f"/ideen/{idea.number}/", "/konto/ideen/"):
        assert URL not in client.get(page).text


def test_the_receipt_tells_how_it_stands_with_each_competition(client: Client, running: Competition) -> None:
    idea, lead = make_idea(email="gast@example.org"), UserFactory(lead=True)
    in_session(client, idea)
    receipt = f"/ideen/verfolgen/{idea.number}/"
    made = actions.propose(running, idea, is_own=True)
    assert "zum Wettbewerb „Wasser in der Stadt“ vorgeschlagen" in client.get(receipt).text
    actions.decline(made, by=lead, reason="Es geht nicht um Wasser.")
    assert "„Wasser in der Stadt“ nicht teil. Der Grund: Es geht nicht um Wasser." in client.get(receipt).text
    actions.take_in(made, by=lead)
    assert "nimmt am Wettbewerb „Wasser in der Stadt“ teil." in client.get(receipt).text
    actions.take_out(made, by=lead, reason="Doch nicht.")
    assert "nicht mehr teil. Der Grund: Doch nicht." in client.get(receipt).text


# --- taking back --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("taken_in", [True, False])
def test_an_author_ends_the_taking_part_and_may_propose_again(client: Client, running: Competition, taken_in: bool) -> None:
    idea, lead = make_idea(email="gast@example.org"), UserFactory(lead=True)
    in_session(client, idea)
    made = actions.propose(running, idea, is_own=True)
    if taken_in:
        actions.take_in(made, by=lead)
    answer = client.post(URL, {"idee": idea.number, "action": "retract"}, follow=True)
    assert f"Idee {idea.number} nimmt nicht mehr teil." in answer.text
    made = Entry.objects.get()
    assert (made.state, made.last_step.reason, made.last_step.actor) == ("out", BY_AUTHOR, None)
    with pytest.raises(actions.Refused, match="Nur diese Person"):
        actions.take_in(made, by=lead)
    client.post(URL, {"idee": idea.number, "action": "propose"})
    made = Entry.objects.get()
    assert made.state == "proposed"
    actions.take_in(made, by=lead)
    assert made.is_in


def test_what_the_lead_took_out_comes_back_only_by_the_lead(client: Client, running: Competition) -> None:
    idea, lead = make_idea(email="gast@example.org"), UserFactory(lead=True)
    made = actions.propose(running, idea, is_own=True)
    actions.take_in(made, by=lead)
    actions.take_out(made, by=lead, reason="Passt nicht.")
    with pytest.raises(actions.Refused, match="schon teil"):
        actions.propose(running, idea, is_own=True)


def test_nobody_takes_back_the_entry_of_somebody_else(client: Client, running: Competition) -> None:
    made = entry(running)
    for person in (UserFactory(), UserFactory(lead=True)):
        with pytest.raises(actions.Refused, match="wer die Idee eingereicht hat"):
            actions.retract(made, by=person)
    client.force_login(UserFactory())
    client.post(URL, {"idee": made.idea.number, "action": "retract"})
    assert Entry.objects.get().is_in


@pytest.mark.parametrize("phase", [Phase.REVIEW, Phase.VOTING, Phase.JURY, Phase.RESULT])
def test_after_the_submission_the_author_takes_nothing_back(running: Competition, phase: Phase) -> None:
    made = entry(running)
    plan(running, phase)
    with pytest.raises(actions.Refused, match="zu Ende gegangen"):
        actions.retract(Entry.objects.get(pk=made.pk), is_own=True)


# --- deciding -----------------------------------------------------------------------------------------------------------------


def test_nobody_decides_about_their_own_idea(running: Competition) -> None:
    lead = UserFactory(lead=True)
    idea, taken = make_idea(user=lead), make_idea(user=lead, released=True)
    made = actions.propose(running, idea, by=lead)
    steps = (
        lambda: actions.take_in(made, by=lead),
        lambda: actions.decline(made, by=lead, reason="Nein."),
        lambda: actions.take_in_directly(running, taken, by=lead),
    )
    for step in steps:
        with pytest.raises(actions.Refused, match="Über die eigene Idee"):
            step()


def test_whoever_decides_from_an_old_page_is_told(running: Competition) -> None:
    lead = UserFactory(lead=True)
    made = actions.propose(running, make_idea(email="gast@example.org"), is_own=True)
    actions.decline(made, by=lead, reason="Passt nicht.", seen=1)
    with pytest.raises(actions.Overtaken):
        actions.take_in(made, by=UserFactory(lead=True), seen=1)
    assert Entry.objects.get().state == "declined"


# --- mails --------------------------------------------------------------------------------------------------------------------


def test_the_author_is_told_of_each_decision_with_its_reason(running: Competition) -> None:
    author, lead = UserFactory(email="autorin@example.org"), UserFactory(lead=True)
    idea = make_idea(user=author, title="Brunnen am Markt")
    made = actions.propose(running, idea, by=author)
    assert letters() == [], "who proposes knows"
    actions.decline(made, by=lead, reason="Es geht nicht um Wasser.")
    actions.take_in(made, by=lead, reason="Auf den zweiten Blick schon.")
    actions.take_out(made, by=lead, reason="Der Brunnen steht schon.")
    declined, taken_in, taken_out = letters()
    assert {address for each in (declined, taken_in, taken_out) for address in each.to} == {"autorin@example.org"}
    assert declined.subject == f"Ihre Idee {idea.number} nimmt nicht am Wettbewerb „Wasser in der Stadt“ teil"
    assert taken_in.subject == f"Ihre Idee {idea.number} nimmt am Wettbewerb „Wasser in der Stadt“ teil"
    assert taken_out.subject == f"Ihre Idee {idea.number} nimmt nicht mehr am Wettbewerb „Wasser in der Stadt“ teil"
    assert "Es geht nicht um Wasser." in declined.body
    assert "Auf den zweiten Blick schon." in taken_in.body
    assert "Der Brunnen steht schon." in taken_out.body
    for each in (declined, taken_in, taken_out):
        assert "„Brunnen am Markt“" in each.body
        assert "/wettbewerbe/wasser/" in each.body
        assert lead.email not in each.body


def test_the_author_of_an_idea_that_the_lead_takes_in_is_told(running: Competition) -> None:
    idea = make_idea(email="gast@example.org", released=True)
    actions.take_in_directly(running, idea, by=UserFactory(lead=True))
    [letter] = letters()
    assert letter.to == ["gast@example.org"]
    assert idea.receipt_token in letter.body


def test_nobody_is_written_to_whose_address_is_erased(running: Competition) -> None:
    made = entry(running, idea=make_idea(email="gast@example.org", released=True))
    actions.take_out(made, by=UserFactory(lead=True), reason="Passt nicht.")
    IdeaAuthor.objects.filter(idea=made.idea).update(email="")
    assert letters() == []


def published(found: Competition, **places: int | None) -> Tally:
    """A published result in which these ideas (by number) have these places."""
    rows = [
        {"number": int(number[1:]), "place": place, "tied": list(places.values()).count(place) > 1}
        for number, place in places.items()
    ]
    first, second = UserFactory(lead=True), UserFactory(lead=True)
    return Tally.objects.create(
        competition=found, file="", head="", result={"entries": rows}, counted_by=first, published_by=second,
        published_at=timezone.now(),
    )  # fmt: skip


def test_the_authors_are_told_which_place_their_ideas_got(running: Competition) -> None:
    first, second, third, out = (
        entry(running, idea=make_idea(email=f"gast{number}@example.org", released=True)) for number in range(4)
    )
    actions.take_out(out, by=UserFactory(lead=True), reason="Passt nicht.")
    letters()
    places = {f"n{first.idea.number}": 1, f"n{second.idea.number}": 2, f"n{third.idea.number}": 2, f"n{out.idea.number}": None}
    published(running, **places)
    notifications.tell_result(running)
    told = {each.to[0]: each.body for each in letters() if "Ergebnis" in each.subject}
    assert set(told) == {"gast0@example.org", "gast1@example.org", "gast2@example.org"}
    assert "Sie hat Platz 1 von 3 Ideen erreicht." in told["gast0@example.org"]
    assert "Sie hat Platz 2 von 3 Ideen erreicht, zusammen mit mindestens einer anderen." in told["gast1@example.org"]
    assert "/wettbewerbe/wasser/ergebnis/" in told["gast2@example.org"]


def test_no_place_is_told_before_the_result_is_published(running: Competition) -> None:
    made = entry(running, idea=make_idea(email="gast@example.org", released=True))
    rows = [{"number": made.idea.number, "place": 1, "tied": False}]
    Tally.objects.create(competition=running, file="", head="", result={"entries": rows})
    notifications.tell_result(running)
    assert letters() == []


# --- what happens to the idea meanwhile ---------------------------------------------------------------------------------------


def test_a_withdrawn_idea_is_shown_no_longer_and_its_entry_stays(client: Client, running: Competition) -> None:
    made = entry(running, idea=make_idea(email="gast@example.org", released=True))
    idea_actions.withdraw(made.idea)
    made = Entry.objects.get()
    assert (made.state, made.counts, made.note) == ("in", False, "Die Idee wurde zurückgezogen.")
    assert not Entry.objects.on_show().exists()
    plan(running, Phase.REVIEW)


def test_a_merged_idea_keeps_its_entry_and_says_where_it_went(running: Competition) -> None:
    lead = UserFactory(lead=True)
    made, into = entry(running, idea=make_idea(Status.KEPT)), entry(running, idea=make_idea(Status.KEPT))
    idea_actions.merge(into.idea, [made.idea], by=lead, decision=idea_actions.Decision(reason="Beide wollen dasselbe."))
    made = Entry.objects.get(pk=made.pk)
    assert (made.state, made.counts) == ("in", True)
    assert made.note == f"aufgegangen in Idee {into.idea.number}"
    assert set(Entry.objects.on_show()) == {made, into}
    assert Entry.objects.get(pk=into.pk).note == ""


def test_a_merged_idea_that_waits_is_not_taken_in(running: Competition) -> None:
    lead = UserFactory(lead=True)
    made = entry(running, idea=make_idea(Status.KEPT), state="proposed")
    idea_actions.merge(make_idea(Status.KEPT), [made.idea], by=lead, decision=idea_actions.Decision(reason="Dasselbe."))
    made = Entry.objects.get()
    with pytest.raises(actions.Refused, match="in einer anderen aufgegangen"):
        actions.take_in(made, by=lead)
    actions.decline(made, by=lead, reason="Sie ist in einer anderen aufgegangen.")


def test_a_rejected_idea_goes_on_taking_part(running: Competition) -> None:
    made = entry(running)
    idea_actions.take(
        made.idea, Action.REJECT, by=UserFactory(lead=True), decision=idea_actions.Decision(reason="Nicht unsere Aufgabe.")
    )
    assert list(Entry.objects.on_show()) == [made]
