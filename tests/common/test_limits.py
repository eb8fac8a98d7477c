"""How often something may come: by network, by person, by address; and what holds when nobody can count."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone

from common import limits
from common.limits import DAY, Answer, Limits, Most, allowed, forget_counts, within_limit
from common.models import LimitCount
from tests.at_once import at_once
from tests.broken_caches import BrokenCache, SilentCache

pytestmark = pytest.mark.django_db
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
BOTH = pytest.mark.parametrize("mail", [False, True], ids=["in the cache", "in the database"])


@pytest.fixture
def call(rf: Any) -> Callable[[str], HttpRequest]:
    return lambda address="198.51.100.1": rf.post("/", REMOTE_ADDR=address)


@pytest.fixture(params=[BrokenCache, SilentCache])
def no_cache(request: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "cache", request.param())


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(LimitCount.objects, "filter", away)


@BOTH
def test_a_network_has_its_number_and_the_next_network_its_own(call: Any, mail: bool) -> None:
    rule = Limits("probe", network=Most(2), mail=mail)
    assert [allowed(call(), rule) for _ in range(3)] == [YES, YES, NO]
    assert allowed(call("198.51.100.2"), rule) is YES
    assert allowed(call(), Limits("other", network=Most(2), mail=mail)) is YES


@BOTH
def test_one_person_has_one_number_in_whatever_network(call: Any, mail: bool) -> None:
    rule = Limits("probe", network=Most(100), contact=Most(2), mail=mail)
    assert [allowed(call(f"198.51.100.{n}"), rule, contact=7) for n in range(3)] == [YES, YES, NO]
    assert allowed(call(), rule, contact=8) is YES
    assert allowed(call(), rule) is YES, "a guest has no account to count"


@BOTH
def test_one_address_has_one_number_whoever_asks_from_wherever(call: Any, mail: bool) -> None:
    rule = Limits("probe", address=Most(2), mail=mail)
    assert [allowed(call(f"198.51.100.{n}"), rule, contact=n, address="key") for n in range(3)] == [YES, YES, NO]


@BOTH
def test_a_household_with_many_addresses_is_one_network(call: Any, mail: bool) -> None:
    rule = Limits("probe", network=Most(2), mail=mail)
    assert [allowed(call(f"2001:db8:1:2::{n}"), rule) for n in range(3)] == [YES, YES, NO]
    assert allowed(call("2001:db8:1:3::1"), rule) is YES


def test_after_its_time_a_limit_begins_anew(call: Any) -> None:
    rule, now = Limits("probe", network=Most(1, seconds=DAY), mail=True), timezone.now()
    asked = [allowed(call(), rule, now=now + timedelta(hours=hours)) for hours in (0, 23, 24, 25)]
    assert asked == [YES, NO, YES, NO]


@pytest.mark.usefixtures("no_cache")
def test_a_cache_that_is_away_keeps_nobody_from_reading_and_sends_writing_to_a_moderator(call: Any) -> None:
    answer = allowed(call(), Limits("probe", network=Most(1), contact=Most(1)), contact=7)
    assert answer is UNKNOWN
    assert (answer.lets_read, answer.lets_mail, answer.needs_a_look) == (True, False, True)
    assert within_limit(call(), "report.pdf", most=1, seconds=60)


@pytest.mark.usefixtures("no_cache")
def test_mails_are_counted_without_the_cache(call: Any) -> None:
    rule = Limits("mail", network=Most(2), address=Most(2), mail=True)
    assert [allowed(call(), rule, address="key") for _ in range(3)] == [YES, YES, NO]


def test_a_cache_that_is_emptied_gives_nobody_more_mails(call: Any) -> None:
    rule = Limits("mail", address=Most(1), mail=True)
    assert allowed(call(), rule, address="key").lets_mail
    caches["default"].clear()
    assert not allowed(call(), rule, address="key").lets_mail


@pytest.mark.usefixtures("no_database")
def test_no_mail_goes_out_that_nobody_can_count(call: Any) -> None:
    answer = allowed(call(), Limits("mail", address=Most(5), mail=True), address="key")
    assert answer is UNKNOWN
    assert not answer.lets_mail


def test_over_one_limit_is_over_whatever_the_others_say(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = Limits("probe", network=Most(1), contact=Most(1), address=Most(1))
    for answers, expected in (([YES, UNKNOWN, NO], NO), ([YES, UNKNOWN, YES], UNKNOWN), ([YES, YES, YES], YES)):
        given = iter(answers)
        monkeypatch.setattr(limits, "_count_in_cache", lambda *args, given=given: next(given))
        assert allowed(call(), rule, contact=1, address="key") is expected


def test_each_answer_says_what_it_opens() -> None:
    opened = {answer: (answer.lets_read, answer.lets_mail, answer.needs_a_look) for answer in Answer}
    assert opened == {YES: (True, True, False), NO: (False, False, False), UNKNOWN: (True, False, True)}


@pytest.mark.django_db(transaction=True)
def test_of_twenty_mails_asked_for_at_once_no_more_than_the_limit_go_out(call: Any) -> None:
    rule = Limits("mail", network=Most(100), address=Most(3), mail=True)
    results = at_once([lambda: allowed(call(), rule, address="key")] * 20)
    assert sorted(answer.value for answer in results) == ["no"] * 17 + ["yes"] * 3


def test_counts_name_nobody_and_are_forgotten(call: Any) -> None:
    now = timezone.now()
    rule = Limits("mail", network=Most(1), contact=Most(1), mail=True)
    allowed(call(), rule, contact="pia@example.org", now=now - timedelta(days=3))
    allowed(call("198.51.100.9"), rule, contact="ada@example.org", now=now)
    assert not [row for row in LimitCount.objects.values_list("key", flat=True) if "@" in row or "." in row or len(row) != 64]
    assert forget_counts(now) == 2
    assert LimitCount.objects.count() == 2
