"""One address is one person, however it is written; an account and a guest with the same address are the same one."""

import pytest

from accounts.contacts import address_key, contact_of_address, contact_of_user, normalised
from accounts.models import Contact
from tests.at_once import at_once
from tests.factories import UserFactory


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Anna@Example.org", "anna@example.org"),
        (" anna@example.org\n", "anna@example.org"),
        ("anna+ideen@example.org", "anna@example.org"),
        ("+@example.org", "+@example.org"),
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
        ("anna@BÜCHER.example", "anna@xn--bcher-kva.example"),
        ("an.na@example.org", "an.na@example.org"),
    ],
)
def test_an_address_is_recognised_however_it_is_written(written: str, meant: str) -> None:
    assert normalised(written) == meant
    assert address_key(written) == address_key(meant)


@pytest.mark.parametrize("host", ["", "a" * 80 + ".example", "xn--.example", ".."])
def test_an_odd_host_breaks_nothing(host: str) -> None:
    assert address_key(f"anna@{host}") != address_key("anna@example.org")


def test_the_database_does_not_tell_an_address_by_its_key() -> None:
    assert "anna" not in address_key("anna@example.org")


def test_a_guest_who_signs_up_later_stays_one_person(db: None) -> None:
    guest = contact_of_address("Anna+x@example.org")
    account = contact_of_user(UserFactory(email="anna@example.org"))
    assert account.pk == guest.pk
    assert account.address == "anna@example.org"
    assert Contact.objects.get().email == "", "the address stands in one place"


def test_an_account_that_uses_its_address_as_a_guest_is_the_same_person(db: None) -> None:
    account = contact_of_user(UserFactory(email="anna@example.org"))
    assert contact_of_address("ANNA@example.org").pk == account.pk


def test_two_accounts_are_two_persons_even_after_one_took_over_the_others_old_address(db: None) -> None:
    first = UserFactory(email="anna@example.org")
    old = contact_of_user(first)
    first.email = "anders@example.org"
    first.save()
    assert contact_of_user(UserFactory(email="anna@example.org")).pk != old.pk
    assert contact_of_user(first).pk == old.pk


def test_whoever_closes_the_account_leaves_no_contact(db: None) -> None:
    user = UserFactory()
    contact_of_user(user)
    user.delete()
    assert not Contact.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_account_in_many_windows_is_one_contact() -> None:
    user = UserFactory()
    results = at_once([lambda: contact_of_user(user)] * 8)
    assert len({getattr(result, "pk", result) for result in results}) == 1, results
