"""The competitions of the demo: each in its phase, with a result that everybody can recount."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from common.models import OutboxMessage
from ideas.models import Idea
from participation import recount
from participation.actions.ballots import ballot_of
from participation.models import Ballot, Competition, CompetitionIndexPage, Entry, JurySheet, VoterLink
from participation.phases import Moment
from participation.voters import Voter
from tests.factories.participation import account_voter

CLOSED, VOTED_ON, OPEN = "digitales-myk-klima", "digitales-myk-unterwegs", "digitales-myk-dorf"


def of(slug: str) -> Competition:
    return Competition.objects.with_phases().get(page__slug=slug)


def test_one_competition_takes_ideas_one_is_voted_on_and_one_has_its_result(demo: None, client: Client) -> None:
    assert {each.slug: each.moment() for each in Competition.objects.with_phases()} == {
        OPEN: Moment.SUBMISSION,
        VOTED_ON: Moment.VOTING,
        CLOSED: Moment.RESULT,
    }
    parts = {part["stand"].value: part["procedures"] for part in client.get("/beteiligung/").context["parts"]}
    assert {each.url for each in parts["laeuft"]} >= {f"/wettbewerbe/{VOTED_ON}/", f"/wettbewerbe/{OPEN}/"}
    assert f"/wettbewerbe/{CLOSED}/" in {each.url for each in parts["war"]}
    assert client.get("/wettbewerbe/").status_code == 200


def test_the_published_result_is_confirmed_by_the_script_that_everybody_gets(demo: None, tmp_path: Path) -> None:
    tally = of(CLOSED).tally
    assert tally.is_published
    file = tmp_path / "stimmzettel.jsonl"
    file.write_text(tally.file)
    command = [sys.executable, recount.__file__, str(file)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    file.write_text(tally.file.replace('"member":"A"', '"member":"B"', 1))
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_the_result_has_jury_and_votes_of_both_kinds_and_what_does_not_count(demo: None) -> None:
    result = of(CLOSED).tally.result
    assert result["ballots"] == {"cast": 34, "account": 4, "guest": 30, "withdrawn": 2, "quarantined": 2}
    assert result["jury"] == {"weight": 40, "members": 2}
    placed = [row["place"] for row in result["entries"] if row["state"] == "in"]
    assert len(placed) == 6
    assert placed[0] == 1
    assert JurySheet.objects.filter(state=JurySheet.State.CONFLICT).count() == 1


def test_a_second_person_published_and_every_step_was_taken_in_its_phase(demo: None) -> None:
    found = of(CLOSED)
    assert found.tally.counted_by != found.tally.published_by
    steps = [(step.kind, found.moment(step.happened_at)) for step in found.steps.all()]
    assert [kind for kind, _moment in steps][-3:] == ["closed", "counted", "published"]
    assert all(moment in (Moment.JURY, Moment.PAUSE, Moment.RESULT) for _kind, moment in steps)
    for link in VoterLink.objects.select_related("competition"):
        assert link.competition.moment(link.cast_at) == Moment.VOTING
    for entry in Entry.objects.select_related("competition"):
        assert entry.competition.moment(entry.created_at) in (Moment.SUBMISSION, Moment.REVIEW)
        assert entry.steps.count() == entry.step_count > 0


def test_the_citizen_of_the_demo_can_still_vote_and_finds_her_receipt_of_the_closed_one(demo: None) -> None:
    voter: Voter = account_voter(User.objects.get(email="buergerin@example.org"))
    assert ballot_of(of(VOTED_ON), voter) is None
    assert ballot_of(of(CLOSED), voter) is not None
    assert Ballot.objects.filter(competition=of(VOTED_ON), state=Ballot.State.CAST).count() == 28


def test_every_way_into_a_competition_and_every_answer_is_on_show(demo: None) -> None:
    assert {entry.way for entry in Entry.objects.all()} == set(Entry.Way)
    assert {entry.state for entry in Entry.objects.all()} >= {Entry.State.IN, Entry.State.PROPOSED, Entry.State.DECLINED}
    for competition in Competition.objects.all():
        assert Entry.objects.on_show().filter(competition=competition).count() >= 4
    assert of(OPEN).jury.count() == 2  # jury@example.org scores when its phase comes


def test_nobody_gets_mail_about_what_never_happened(demo: None) -> None:
    assert not OutboxMessage.objects.filter(kind__startswith="participation").exists()


def test_the_city_has_a_competition_of_its_own_that_is_voted_on(demo_mainz: None) -> None:
    [found] = Competition.objects.with_phases()
    assert (found.moment(), found.voting) == (Moment.VOTING, Competition.Voting.SUPPORT)
    assert min(found.entries.values_list("idea__number", flat=True)) > 1000
    assert found.ballots.filter(state=Ballot.State.CAST).count() == 22


def test_competitions_never_go_on_top_of_other_content(demo: None) -> None:
    before = (Competition.objects.count(), Entry.objects.count(), Ballot.objects.count())
    with pytest.raises(CommandError, match="schon Inhalte"):
        call_command("load_demo")
    call_command("load_demo", "--if-empty", verbosity=0)
    assert (Competition.objects.count(), Entry.objects.count(), Ballot.objects.count()) == before


@pytest.mark.django_db
@pytest.mark.parametrize("profile", ["myk10", "mainz"])
def test_the_agenda_alone_has_the_page_of_competitions_and_none_on_it(client: Client, profile: str) -> None:
    call_command("load_demo", "--agenda-only", profile=profile, verbosity=0)
    assert CompetitionIndexPage.objects.live().get().get_url() == "/wettbewerbe/"
    assert not Competition.objects.exists()
    assert not Idea.objects.exists()
    for address in ("/wettbewerbe/", "/beteiligung/"):
        answer: Any = client.get(address)
        assert answer.status_code == 200


def test_one_survey_runs_and_one_has_its_result_and_what_came_of_it(demo: None, client: Client) -> None:
    parts = {part["stand"].value: part["procedures"] for part in client.get("/beteiligung/?art=umfrage").context["parts"]}
    assert [each.url for each in parts["laeuft"]] == ["/umfragen/besuch-im-kreishaus/"]
    [over] = parts["war"]
    assert over.outcomes[0].link.startswith("Am häufigsten gewünscht war eine Anzeige")
    assert over.outcomes[1].text == "137 Personen haben mitgemacht."
    page = client.get("/umfragen/warten-an-der-haltestelle/ergebnis/").content.decode()
    assert "Die App zeigt einen anderen Fahrplan als der Aushang." in page
    assert "Der Fahrer der Linie am Morgen" not in page
