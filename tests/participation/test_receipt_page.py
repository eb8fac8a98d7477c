"""A voter finds the own ballot in the published file by its code; before that, nobody learns anything of any code."""

import hashlib
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from participation import actions, receipts
from participation.models import Ballot, Competition, Tally
from participation.phases import Phase
from tests.factories import UserFactory
from tests.factories.participation import account_voter, competition, entry

pytestmark = pytest.mark.django_db
MINE, BACK, ASIDE = "7K2M-9QP4-X3DW-51HN", "0000-1111-ABCD-EFGH", "ZZZZ-ZZZZ-ZZZZ-ZZZZ"
REASON = "Viele Stimmzettel aus einem Netz, „alle“ gleich."


def the_file(rows: list[dict[str, Any]]) -> tuple[str, str]:
    """The published file of these rows and its last hash, made by hand as the format says."""
    lines, digest = [], "0" * 64
    for row in rows:
        bare = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest = hashlib.sha256(f"{digest}\n{bare}".encode()).hexdigest()
        lines.append(json.dumps({**row, "hash": digest}, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    return "\n".join(lines) + "\n", digest


def ballot(receipt: str, state: str, choices: list[Any], **more: str) -> dict[str, Any]:
    return {"row": "ballot", "receipt": receipt, "voter": "guest", "state": state, "choices": choices, **more}


def published(found: Competition, *ballots: dict[str, Any], hidden: bool = False) -> Tally:
    entries = [{"number": 165, "title": "Bank am Ufer", "state": "in"}, {"number": 166, "title": "Brunnen", "state": "in"}]
    # A title that quotes the file's own words leads nobody astray.
    head = {"row": "head", "title": f'"receipt":"{MINE}"', "entries": entries}
    result = {"entries": entries}
    file, digest = the_file([head, *ballots, {"row": "end", "ballots": len(ballots), "result": result}])
    return Tally.objects.create(
        competition=found, file=file, head=digest, result=result, published_at=None if hidden else timezone.now()
    )


@pytest.fixture
def closed() -> Competition:
    return competition(Phase.RESULT, slug="fluss", voting="budget")


def look(client: Client, code: str = "") -> Any:
    return client.get("/wettbewerbe/fluss/beleg/", {"code": code} if code else {})


@pytest.mark.parametrize(
    "typed",
    [MINE, "7k2m-9qp4-x3dw-51hn", "7K2M9QP4X3DW51HN", " 7K2M 9QP4  X3DW 51HN ", "7K2M–9QP4–X3DW–5IHN", "7k2m 9qp4 x3dw 5lhn"],
)
def test_the_code_is_found_however_it_is_typed(client: Client, closed: Competition, typed: str) -> None:
    published(closed, ballot(BACK, "withdrawn", []), ballot(MINE, "cast", [[165, 2], [166, 1]]))
    page = look(client, typed)
    assert page.status_code == 200
    assert MINE in page.text
    assert "Dieser Stimmzettel ist gezählt." in page.text
    for said in ("Idee 165, <span>Bank am Ufer</span>: 2 Stimmen", "Idee 166, <span>Brunnen</span>: 1 Stimme"):
        assert said in page.text
    assert "So steht Ihr Stimmzettel in der veröffentlichten Datei." in page.text
    assert closed.tally.head in page.text


def test_nought_and_o_are_the_same(client: Client, closed: Competition) -> None:
    published(closed, ballot(BACK, "withdrawn", []))
    page = look(client, "OOOO-IIII-ABCD-EFGH")
    assert BACK in page.text
    assert "Dieser Stimmzettel wurde zurückgezogen. Er ist nicht gezählt." in page.text


def test_a_ballot_set_aside_is_shown_with_its_reason_once_the_result_is_published(client: Client, closed: Competition) -> None:
    published(closed, ballot(ASIDE, "quarantined", [[165, 1]], reason=REASON))
    page = look(client, ASIDE)
    assert "steht unter Quarantäne. Er ist nicht gezählt." in page.text
    assert "Viele Stimmzettel aus einem Netz" in page.text
    assert "So steht Ihr Stimmzettel in der veröffentlichten Datei." in page.text


def test_an_order_is_shown_by_places(client: Client) -> None:
    found = competition(Phase.RESULT, slug="fluss", voting="ranking")
    published(found, ballot(MINE, "cast", [166, 165]))
    page = look(client, MINE)
    assert page.text.index("Platz 1:") < page.text.index("Brunnen") < page.text.index("Platz 2:") < page.text.index("Bank am")


def test_a_line_that_was_changed_is_noticed(client: Client, closed: Competition) -> None:
    tally = published(closed, ballot(MINE, "cast", [[165, 2]]), hidden=True)
    Tally.objects.filter(pk=tally.pk).update(file=tally.file.replace("[[165,2]]", "[[165,3]]"), published_at=timezone.now())
    assert "passt nicht zu ihrem Inhalt" in look(client, MINE).text


@pytest.mark.parametrize("typed", ["AAAA-BBBB-CCCC-DDDD", "7K2M", "ä" * 16, "7K2M-9QP4-X3DW-51HU", "x" * 5000, "%", '"'])
def test_a_code_that_is_none_gets_a_sentence_and_stays_in_the_field(client: Client, closed: Competition, typed: str) -> None:
    published(closed, ballot(MINE, "cast", [[165, 2]]))
    page = look(client, typed)
    assert page.status_code == 404
    assert 'aria-invalid="true"' in page.text
    assert "gezählt." not in page.text


def test_before_the_result_is_published_every_code_gets_the_same_answer(client: Client) -> None:
    found = competition(slug="fluss")
    one = entry(found)
    cast = actions.cast(found, account_voter(UserFactory()), points={one.pk: 1})
    pages = {look(client, code).text.replace(code, "") for code in ("", cast.receipt, MINE, "Unsinn") if code}
    assert len(pages) == 1
    assert "noch nicht veröffentlicht" in pages.pop()
    assert Ballot.objects.get().receipt == cast.receipt


def test_a_count_that_is_not_published_says_nothing(client: Client, closed: Competition) -> None:
    published(closed, ballot(MINE, "cast", [[165, 2]]), hidden=True)
    page = look(client, MINE)
    assert "noch nicht veröffentlicht" in page.text
    assert "Bank am Ufer" not in page.text


def test_the_page_is_the_same_for_everybody_and_sets_no_cookie(client: Client, closed: Competition) -> None:
    published(closed, ballot(MINE, "cast", [[165, 2]]))
    page = look(client, MINE)
    assert not page.cookies
    assert 'method="post"' not in page.text


def test_of_a_long_file_only_the_line_is_read(client: Client, closed: Competition, django_assert_num_queries: Any) -> None:
    letters = "ABCDEFGHJKMNPQRSTVWXYZ"
    many = [ballot(f"AAAA-{a}{b}CD-{c}EFG-0000", "cast", [[165, 1]]) for a in letters for b in letters for c in letters[:5]]
    tally = published(closed, *many, ballot(MINE, "cast", [[166, 2]]))
    assert len(tally.file) > 400_000
    found = receipts.published(closed)
    assert found
    with django_assert_num_queries(2) as seen:
        mine = receipts.find(found, MINE)
    assert mine
    assert mine.choices == [{"number": 166, "title": "Brunnen", "votes": 2}]
    assert mine.is_chained
    assert "substr" in seen.captured_queries[0]["sql"].lower()


# --- the ballots of an account ----------------------------------------------------------------------------------------


def test_an_account_finds_its_receipts_as_long_as_the_link_exists(client: Client) -> None:
    user, found = UserFactory(), competition(title="Ideen für den Fluss")
    cast = actions.cast(found, account_voter(user), points={entry(found).pk: 1})
    stranger = competition()
    actions.cast(stranger, account_voter(UserFactory()), points={entry(stranger).pk: 1})
    client.force_login(user)
    page = client.get("/konto/abstimmungen/")
    assert "/konto/abstimmungen/" in client.get("/konto/").text
    assert cast.receipt in page.text
    assert "Ideen für den Fluss" in page.text
    assert stranger.title not in page.text
    assert "no-store" in page["Cache-Control"]
    client.logout()
    assert client.get("/konto/abstimmungen/").status_code == 302
