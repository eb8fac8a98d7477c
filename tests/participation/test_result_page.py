"""The page of a result: hidden until it is published, then complete. Numbers are written by hand."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from ideas.actions import withdraw
from ideas.models import Idea
from participation.models import Ballot, Competition, Entry, QuarantineStep
from participation.phases import Phase
from tests.factories import UserFactory, make_idea
from tests.factories.participation import competition, entry, place, publish

from .looks import text_of

pytestmark = pytest.mark.django_db
HEAD, EARLIER = "ab" * 32, datetime(2026, 1, 1, tzinfo=UTC)
BALLOTS = {"cast": 74, "account": 50, "guest": 24, "withdrawn": 3, "quarantined": 2}


def titled(found: Competition, *titles: str) -> list[Entry]:
    return [entry(found, idea=make_idea(released=True, title=title)) for title in titles]


def result_of(client: Client, found: Competition) -> Any:
    answer = client.get(f"/wettbewerbe/{found.slug}/ergebnis/")
    assert answer.status_code == 200
    return answer


# --- before -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", [Phase.SUBMISSION, Phase.VOTING, Phase.RESULT])
@pytest.mark.parametrize("staff", [False, True])
def test_until_it_is_published_the_page_says_so_and_is_not_found(client: Client, phase: Phase, staff: bool) -> None:
    found = competition(phase)
    (one,) = titled(found, "Bank")
    if phase is Phase.RESULT:
        publish(found, {"ballots": BALLOTS, "jury": None, "entries": [place(one, 1, 7)], "method": {}}, published=False)
    if staff:
        client.force_login(UserFactory(lead=True))
    answer = client.get(f"/wettbewerbe/{found.slug}/ergebnis/")
    words = text_of(answer)
    assert answer.status_code == 404
    assert "Noch gibt es kein Ergebnis" in words
    assert "Bank" not in words
    assert f'href="/wettbewerbe/{found.slug}/"' in answer.content.decode()


def test_the_result_of_a_competition_that_is_not_there_or_not_published_is_not_found(client: Client) -> None:
    found = competition(Phase.RESULT)
    publish(found)
    found.page.unpublish()
    for address in (f"/wettbewerbe/{found.slug}/ergebnis/", "/wettbewerbe/gibt-es-nicht/ergebnis/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Noch gibt es kein Ergebnis" not in text_of(answer)


# --- after ------------------------------------------------------------------------------------------------------------


def test_places_votes_of_accounts_and_guests_and_scores_stand_in_a_table(client: Client) -> None:
    found = competition(Phase.RESULT, voting="budget", votes=3, votes_per_entry=2)
    bank, baum, bus, flug = titled(found, "Bank", "Baum", "Bus", "Flug")
    publish(
        found,
        {
            "ballots": BALLOTS,
            "jury": {"weight": 30, "members": 4},
            "entries": [
                place(bus, 1, 40, 12, public="100.00", jury="71.50", total="91.45"),
                place(bank, 2, 20, 12, tied=True, public="61.54", jury="70.00", total="64.08"),
                place(baum, 2, 20, 12, tied=True, public="61.54", jury="70.00", total="64.08"),
                place(flug, None, 3, 1),
            ],
            "method": {"name": "votes", "most": 52},
        },
    )
    page = result_of(client, found)
    words = text_of(page)
    heads = [column.label for column in page.context["columns"]]
    assert heads == ["Stimmen", "mit Konto", "ohne Konto", "Abstimmung, Punkte", "Jury, Punkte", "Zusammen"]
    assert [(row["place"].label, row["place"].title, row["cells"]) for row in page.context["rows"]] == [
        ("1. Platz", "Bus", [52, 40, 12, "100,00", "71,50", "91,45"]),
        ("2. Platz, geteilt", "Bank", [32, 20, 12, "61,54", "70,00", "64,08"]),
        ("2. Platz, geteilt", "Baum", [32, 20, 12, "61,54", "70,00", "64,08"]),
        ("", "Flug", [4, 3, 1, "–", "–", "–"]),
    ]
    assert f"herausgenommen {flug.idea.number}: Flug" in words
    assert "Die Jury (4 Mitglieder) zählt 30 Prozent, die Abstimmung 70 Prozent." in words
    assert "Gezählte Stimmzettel 74 davon mit Konto 50 davon ohne Konto 24 Zurückgezogen 3" in words
    assert "Unter Quarantäne, nicht gezählt 2" in words


def test_every_number_of_the_votes_stands_once_and_is_drawn_with_a_description(client: Client) -> None:
    found = competition(Phase.RESULT, voting="support")
    (bank,) = titled(found, "Bank")
    rows = [place(bank, 1, 31, 11, public="100.00", total="100.00")]
    publish(found, {"ballots": BALLOTS, "jury": None, "entries": rows, "method": {"name": "votes", "most": 42}})
    html = result_of(client, found).content.decode()
    assert html.count("<table") == 1
    assert "Bank: 42 (mit Konto 31, ohne Konto 11)." in html.split("<desc")[1].split("</desc>")[0]


@pytest.mark.parametrize(("score", "is_told"), [(None, True), ("50.00", False)])
def test_an_idea_that_the_jury_did_not_score_is_explained(client: Client, score: str | None, is_told: bool) -> None:
    found = competition(Phase.RESULT, voting="support")
    bank, bus = titled(found, "Bank", "Bus")
    rows = [
        place(bank, 1, 3, 1, public="100.00", jury=score, total="100.00"),
        place(bus, 2, 1, 1, public="50.00", jury="50.00", total="50.00"),
    ]
    jury = {"weight": 30, "members": 2}
    publish(found, {"ballots": BALLOTS, "jury": jury, "entries": rows, "method": {"name": "votes", "most": 4}})
    told = "Bei einer Idee, die niemand aus der Jury bewertet hat, zählt nur die Abstimmung."
    assert (told in text_of(result_of(client, found))) is is_told


def test_a_vote_without_a_jury_needs_no_scores(client: Client) -> None:
    found = competition(Phase.RESULT, voting="support")
    (bank,) = titled(found, "Bank")
    rows = [place(bank, 1, 3, 1, public="100.00", total="100.00")]
    publish(found, {"ballots": BALLOTS, "jury": None, "entries": rows, "method": {"name": "votes", "most": 4}})
    page = result_of(client, found)
    assert [column.label for column in page.context["columns"]] == ["Stimmen", "mit Konto", "ohne Konto"]
    assert "Über die Plätze hat die Abstimmung entschieden." in text_of(page)


def test_a_jury_without_a_vote_says_who_decided_and_offers_no_receipt(client: Client) -> None:
    found = competition(Phase.RESULT, voting="none")
    (bank,) = titled(found, "Bank")
    rows = [place(bank, 1, jury="80.00", total="80.00")]
    publish(found, {"ballots": BALLOTS, "jury": {"weight": 100, "members": 1}, "entries": rows, "method": {"name": "none"}})
    page = result_of(client, found)
    assert [column.label for column in page.context["columns"]] == ["Jury, Punkte"]
    assert "Über die Plätze hat die Jury entschieden, 1 Mitglied hat bewertet." in text_of(page)
    assert "Wer abgestimmt hat" not in text_of(page)
    assert "/beleg/" not in page.content.decode()


def test_each_reason_of_a_quarantine_is_named_with_how_many_ballots_it_concerns(client: Client) -> None:
    found = competition(Phase.RESULT, voting="support")
    for number, reason in enumerate(["Viele aus einem Netz.", "Viele aus einem Netz.", "Wegwerf-Adresse."]):
        ballot = Ballot.objects.create(
            competition=found, receipt=f"AAAA-{number}", voter=Ballot.Voter.GUEST, state=Ballot.State.QUARANTINED
        )
        QuarantineStep.objects.create(
            ballot=ballot, action="set", reason="Erst geprüft.", happened_at=datetime(2026, 1, 1, tzinfo=UTC)
        )
        QuarantineStep.objects.create(ballot=ballot, action="set", reason=reason)
    publish(found)
    words = text_of(result_of(client, found))
    assert "2 Stimmzettel: Viele aus einem Netz. 1 Stimmzettel: Wegwerf-Adresse." in words
    assert "Erst geprüft." not in words


def test_a_ranking_counted_by_schulze_shows_each_comparison(client: Client) -> None:
    found = competition(Phase.RESULT, voting="ranking", method="schulze")
    bank, baum = titled(found, "Bank", "Baum")
    numbers = [bank.idea.number, baum.idea.number]
    rows = [place(baum, 1, 5, public="100.00"), place(bank, 2, 2, public="0.00")]
    method = {"name": "schulze", "numbers": numbers, "duels": [[0, 2], [5, 0]], "paths": [[0, 0], [5, 0]]}
    publish(found, {"ballots": BALLOTS, "jury": None, "entries": rows, "method": method})
    page = result_of(client, found)
    words = text_of(page)
    assert f"Idee {numbers[0]} {numbers[1]} {numbers[0]} 2 {numbers[1]} 5" in words
    assert "Erste Plätze" in words
    assert [[cell["wins"] for cell in row["cells"]] for row in page.context["duels"]["rows"]] == [[False, False], [True, False]]


def test_a_ranking_counted_by_runoff_shows_its_rounds(client: Client) -> None:
    found = competition(Phase.RESULT, voting="ranking", method="runoff")
    bank, baum = titled(found, "Bank", "Baum")
    one, two = bank.idea.number, baum.idea.number
    method = {"name": "runoff", "rounds": [{"votes": [[one, 2], [two, 5]], "exhausted": 1, "out": [one]}]}
    rows = [place(baum, 1, 5, public="100.00"), place(bank, 2, 2, public="0.00")]
    publish(found, {"ballots": BALLOTS, "jury": None, "entries": rows, "method": method})
    words = text_of(result_of(client, found))
    expected = f"Runde 1 Idee {two}: 5 Stimmzettel Idee {one}: 2 Stimmzettel, scheidet aus 1 Stimmzettel nennt keine Idee mehr"
    assert expected in words


def test_everything_to_recount_is_at_hand(client: Client) -> None:
    found = competition(Phase.RESULT, slug="orte", voting="support")
    publish(found)
    page = result_of(client, found)
    html = page.content.decode()
    assert f"python3 recount.py stimmzettel.jsonl --kopf {HEAD}" in text_of(page)
    for address in ("ergebnis/stimmzettel.zip", "ergebnis/stimmzettel.jsonl", "beleg/"):
        assert f'href="/wettbewerbe/orte/{address}"' in html, address
    assert 'method="post"' not in html
    assert not page.cookies


def test_a_title_that_its_author_took_back_is_missing_and_the_page_still_stands(client: Client) -> None:
    found = competition(Phase.RESULT, slug="orte", voting="support")
    (bank,) = titled(found, "Bank vor Annas Haus")
    rows = [place(bank, 1, 3)]
    publish(found, {"ballots": BALLOTS, "jury": None, "entries": rows, "method": {"name": "votes", "most": 3}})
    assert "Bank vor Annas Haus" in text_of(result_of(client, found))
    withdraw(bank.idea, with_text=True)
    assert "Zurückgezogene Idee" in text_of(result_of(client, found))
    for address in ("ergebnis/", ""):
        page = client.get(f"/wettbewerbe/orte/{address}")
        assert page.status_code == 200
        assert "Annas" not in page.content.decode(), address


def test_the_page_speaks_english(client: Client) -> None:
    found = competition(Phase.RESULT, slug="orte")
    publish(found)
    answer = client.get("/en/wettbewerbe/orte/ergebnis/")
    assert answer.status_code == 200
    assert '/en/wettbewerbe/orte/"' in answer.content.decode()


def test_the_page_costs_the_same_with_few_and_with_many_entries(client: Client, django_assert_max_num_queries: Any) -> None:
    few, many = (competition(Phase.RESULT, voting="support") for _ in range(2))
    for found, count in ((few, 3), (many, 30)):
        rows = [place(entry(found), number, 31 - number) for number in range(1, count + 1)]
        publish(found, {"ballots": BALLOTS, "jury": None, "entries": rows, "method": {"name": "votes", "most": 30}})
    assert Idea.objects.count() == 33
    result_of(client, few)
    for found in (few, many):
        with django_assert_max_num_queries(6):
            result_of(client, found)
