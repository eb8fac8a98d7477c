"""A proof of work opens one form of one kind, once, within the hour; and whatever else is sent breaks nothing."""

import base64
import json
from datetime import timedelta

import altcha
import pytest
from django.db import transaction
from django.utils import timezone

from common import proof_of_work
from common.models import SpentChallenge
from common.proof_of_work import FEWEST, MOST, ROUNDS, Effort, delete_spent_challenges, look_at, new_challenge, spend
from tests.at_once import at_once
from tests.proofs import a_proof, solved

pytestmark = pytest.mark.django_db


def test_who_solved_the_challenge_has_made_the_effort() -> None:
    assert spend(a_proof(), "probe") is Effort.PROVED


def test_a_solution_counts_once() -> None:
    proof = a_proof()
    assert [spend(proof, "probe") for _ in range(3)] == [Effort.PROVED, Effort.REUSED, Effort.REUSED]
    assert look_at(proof, "probe") is Effort.REUSED


def test_the_same_solution_written_another_way_is_still_the_same() -> None:
    proof = a_proof()
    assert spend(proof, "probe") is Effort.PROVED
    payload = json.loads(base64.b64decode(proof))
    payload["solution"]["time"] = 1
    payload["solution"]["counter"] += 1
    payload["challenge"]["parameters"] = dict(reversed(payload["challenge"]["parameters"].items()))
    payload["challenge"]["parameters"]["cost"] = float(payload["challenge"]["parameters"]["cost"])
    payload["challenge"]["more"] = payload["more"] = "words"
    again = base64.b64encode(json.dumps(payload, indent=1).encode()).decode()
    assert spend(again, "probe") is Effort.REUSED


def test_looking_at_a_proof_uses_nothing_up() -> None:
    proof = a_proof()
    assert [look_at(proof, "probe"), look_at(proof, "probe"), spend(proof, "probe")] == [Effort.PROVED] * 3


def test_what_is_taken_back_gives_the_proof_back() -> None:
    proof = a_proof()
    with transaction.atomic():
        assert spend(proof, "probe") is Effort.PROVED
        transaction.set_rollback(True)
    assert spend(proof, "probe") is Effort.PROVED


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_send_the_same_solution_at_once_one_gets_through() -> None:
    proof = a_proof()
    results = at_once([lambda: spend(proof, "probe")] * 20)
    assert sorted(results) == [Effort.PROVED] + [Effort.REUSED] * 19


def test_after_an_hour_the_challenge_has_run_out() -> None:
    now = timezone.now()
    assert spend(a_proof(now=now - timedelta(minutes=59)), "probe") is Effort.PROVED
    assert spend(a_proof(now=now - timedelta(minutes=61)), "probe") is Effort.EXPIRED


def test_a_proof_for_one_kind_of_form_is_none_for_another() -> None:
    assert spend(a_proof("enquiry"), "comment") is Effort.WRONG


@pytest.mark.parametrize(
    "changes",
    [
        {"cost": 1},
        {"expiresAt": 4102444800},
        {"data": {"for": "comment"}},
        {"keySignature": None},
        {"keyPrefix": "00"},
        {"nonce": "00"},
    ],
)
def test_a_challenge_that_somebody_changed_is_worth_nothing(changes: dict[str, object]) -> None:
    assert spend(solved(new_challenge("probe"), **changes), "probe") is Effort.WRONG


def test_a_challenge_that_somebody_made_alone_is_worth_nothing() -> None:
    for secret in ("", "guessed"):
        own = altcha.create_challenge(
            "SHA-256", 1, counter=0, data={"for": "probe"}, hmac_secret=secret, hmac_key_secret=secret
        )
        assert spend(solved(own.to_dict()), "probe") is Effort.WRONG


def test_a_true_challenge_with_a_guessed_solution_is_worth_nothing() -> None:
    challenge = altcha.Challenge.from_dict(new_challenge("probe"))
    for key in ("", "00" * 32, challenge.parameters.key_prefix, challenge.parameters.key_prefix + "00" * 16, "zz"):
        guessed = altcha.Payload(challenge, altcha.Solution(FEWEST, key)).to_base64()
        assert spend(guessed, "probe") is Effort.WRONG


def test_another_secret_key_ends_every_proof(settings: object) -> None:
    proof = a_proof()
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert spend(proof, "probe") is Effort.WRONG


def encoded(value: object) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


ODD = {"algorithm": 1, "nonce": 2, "salt": 3, "cost": 1e999, "expiresAt": "x", "data": {"__proto__": 1}}


@pytest.mark.parametrize(
    ("sent", "effort"),
    [
        ("", Effort.MISSING),
        ("x", Effort.WRONG),
        ("ü€\x00", Effort.WRONG),
        ("A" * 5_000, Effort.WRONG),
        ("A" * 2_000_000, Effort.WRONG),
        (encoded(None), Effort.WRONG),
        (encoded([]), Effort.WRONG),
        (encoded({"challenge": "x", "solution": "y"}), Effort.WRONG),
        (encoded({"challenge": {"parameters": []}, "solution": {}}), Effort.WRONG),
        (encoded({"challenge": {"parameters": {}}, "solution": {"counter": 1, "derivedKey": ""}}), Effort.WRONG),
        (base64.b64encode(b"[" * 2_000).decode(), Effort.WRONG),
        (base64.b64encode(b"\xff\xfe").decode(), Effort.WRONG),
        (
            encoded({"challenge": {"parameters": ODD, "signature": 5}, "solution": {"counter": -1, "derivedKey": None}}),
            Effort.WRONG,
        ),
    ],
)
def test_whatever_is_sent_as_a_proof_is_judged_and_breaks_nothing(sent: str, effort: Effort) -> None:
    assert (look_at(sent, "probe"), spend(sent, "probe")) == (effort, effort)
    assert not SpentChallenge.objects.exists()


def test_the_sum_is_hard_enough_to_count_and_easy_enough_for_an_old_phone() -> None:
    # Half a million rounds a second is what we reckon with for a phone of 2019: two seconds at most.
    assert ROUNDS * MOST <= 1_000_000
    assert ROUNDS * FEWEST >= 400_000
    assert new_challenge("probe")["parameters"]["cost"] == ROUNDS


def test_used_challenges_are_forgotten_once_nobody_could_use_them_again() -> None:
    now = timezone.now()
    for hours in (0, 1, 3):
        spend(a_proof(), "probe", now=now - timedelta(hours=hours))
    assert delete_spent_challenges(now) == 1
    assert SpentChallenge.objects.count() == 2
    assert proof_of_work.LIFETIME.total_seconds() < 2 * 3600
