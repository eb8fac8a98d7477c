"""The accessibility statement says what the EU's model asks for, grows old after a year, and every page leads to the form."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from accounts.roles import Role
from common import outbox
from common.guarding import stamp
from pages import enquiries, statement
from pages.enquiries import Enquiry
from pages.models import AccessibilityPage, Message, SiteSettings, StatementReminder
from tests.factories import StatementFactory, UserFactory, home_page, make_idea

pytestmark = pytest.mark.django_db


def barrier(what: str, reason: str = "mangel", **fields: Any) -> tuple[str, dict[str, Any]]:
    return ("barrier", {"what": what, "reason": reason, "alternative": "", "until": None, **fields})


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_statement_says_everything_that_the_model_statement_asks_for(client: Client) -> None:
    StatementFactory(
        law="LGGBehM Rheinland-Pfalz",
        conformance=AccessibilityPage.Conformance.PARTIAL,
        barriers=[
            barrier("Karten des Geoportals", "ausnahme"),
            barrier("Alte PDF-Dateien", alternative="Wir schicken sie als Text.", until=date(2027, 6, 30)),
            barrier("Sitzungsvideos", "last"),
        ],
        method=AccessibilityPage.Method.SELF,
        method_text="mit axe und NVDA",
        created_on=date(2025, 9, 23),
        reviewed_on=date(2026, 9, 1),
        answer_days=14,
    )
    house = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    house.operator, house.email, house.enforcement_body = "Kreis Muster", "stelle@example.org", "Landesbeauftragte, Mainz"
    house.save()
    page = client.get("/barrierefreiheit/")
    html = page.content.decode()
    for words in (
        "Kreis Muster", "Richtlinie (EU) 2016/2102", "LGGBehM Rheinland-Pfalz",  # commitment and law
        "teilweise vereinbar", "EN 301 549, WCAG 2.2 AA",  # status
        "Alte PDF-Dateien", "Wir schicken sie als Text.", "Behoben bis zum 30. Juni 2027",  # what, instead of it, until when
        "23. September 2025", "1. September 2026", "Selbstbewertung", "mit axe und NVDA",  # preparation
        "stelle@example.org", "innerhalb von 14 Tagen", "Landesbeauftragte, Mainz",  # feedback, enforcement
        'href="/barrierefreiheit/melden/', 'href="/leichte-sprache/"',
    ):  # fmt: skip
        assert words in html, words
    groups = page.context["page"].barriers_by_reason
    assert [[each["what"] for each in group["barriers"]] for group in groups] == [
        ["Alte PDF-Dateien"],
        ["Sitzungsvideos"],
        ["Karten des Geoportals"],
    ]


def test_without_known_barriers_the_statement_says_so(client: Client) -> None:
    StatementFactory(conformance=AccessibilityPage.Conformance.FULL)
    html = client.get("/barrierefreiheit/").content.decode()
    assert "Uns ist nichts bekannt" in html
    assert "vollständig vereinbar" in html


# --- reporting a barrier ----------------------------------------------------------------------------------------------


def test_every_page_leads_to_the_form_and_takes_its_address_along(client: Client) -> None:
    home_page()
    assert 'href="/barrierefreiheit/melden/?seite=/ideen/"' in client.get("/ideen/").content.decode()
    english = client.get("/en/ideen/").content.decode()
    assert 'href="/en/barrierefreiheit/melden/?seite=/en/ideen/"' in english
    assert 'value="/ideen/"' in client.get("/barrierefreiheit/melden/?seite=/ideen/").content.decode()
    foreign = client.get("/barrierefreiheit/melden/?seite=https://boese.example/").content.decode()
    assert "boese" not in foreign.split("<form", 2)[-1]


def test_a_secret_link_is_not_passed_on_by_the_footer(client: Client) -> None:
    from ideas.workflow import Status

    idea = make_idea(Status.UNCONFIRMED)
    page = client.get(f"/ideen/bestaetigen/{idea.confirm_token}/").content.decode()
    assert 'href="/barrierefreiheit/melden/"' in page
    assert f"seite=/ideen/bestaetigen/{idea.confirm_token}" not in page


def test_whoever_reports_a_barrier_gets_a_number_and_the_day_of_the_answer(client: Client) -> None:
    StatementFactory(answer_days=14)
    sent = {
        "text": "Die Karte geht nicht mit der Tastatur.",
        "page_address": "/ideen/",
        "email": "pia@example.org",
        "started": stamp("enquiry", 60),
        "submission_key": str(uuid.uuid4()),
    }
    page = client.post("/barrierefreiheit/melden/", sent, follow=True)
    message = Message.objects.get()
    due = timezone.localdate() + timedelta(days=14)
    assert (message.kind, message.page_address, message.answer_due) == (Message.Kind.BARRIER, "/ideen/", due)
    assert message.ticket == f"B-{timezone.localdate().year}-0001"
    assert message.ticket in page.content.decode()
    assert f"{due.day}. " in page.content.decode()


def test_before_there_is_a_statement_a_barrier_can_be_reported_too(client: Client) -> None:
    home_page()
    assert "innerhalb von 28 Tagen" in client.get("/barrierefreiheit/melden/").content.decode()
    message, _new = enquiries.receive(Enquiry(Message.Kind.BARRIER, "Die Karte geht nicht.", uuid.uuid4()))
    assert message.answer_due == timezone.localdate() + timedelta(days=28)


# --- a year later -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reviewed", "last_good_day"),
    [
        (date(2026, 3, 1), date(2027, 3, 1)),
        (date(2027, 3, 1), date(2028, 3, 1)),  # the 29th of February lies between: 366 days
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 12, 31), date(2028, 12, 31)),
    ],
)
def test_a_statement_is_old_on_the_day_after_its_year(reviewed: date, last_good_day: date) -> None:
    page = AccessibilityPage(reviewed_on=reviewed)
    assert not page.is_old(last_good_day)
    assert page.is_old(last_good_day + timedelta(days=1))


def test_the_system_check_warns_of_an_old_statement_and_of_no_other() -> None:
    def found() -> list[str]:
        return [each.id for each in statement.statement_is_fresh(databases=["default"])]

    assert found() == [], "without a statement there is nothing to warn of"
    page = StatementFactory(created_on=date(2020, 1, 1), reviewed_on=timezone.localdate() - timedelta(days=370))
    assert found() == ["pages.W001"]
    assert statement.statement_is_fresh(databases=None) == [], "only where the database is asked"
    page.live = False
    page.save()
    assert found() == []
    page.live, page.reviewed_on = True, timezone.localdate()
    page.save()
    assert found() == []


def test_the_start_page_tells_those_who_can_mend_it() -> None:
    StatementFactory(created_on=date(2020, 1, 1), reviewed_on=date(2021, 1, 1))
    for role, told in ((Role.LEAD, True), (Role.EDITOR, True), (Role.REVIEWER, False)):
        client = Client()
        client.force_login(UserFactory(roles=[role]), backend="django.contrib.auth.backends.ModelBackend")
        page = client.get("/admin/").content.decode()
        assert ("Die Erklärung zur Barrierefreiheit ist älter als ein Jahr" in page) is told, role


def test_the_lead_is_told_once_for_each_year_that_was_missed() -> None:
    UserFactory(lead=True, email="leitung@example.net")
    UserFactory(lead=True, email="weg@example.net", is_active=False)
    UserFactory(editor=True)
    page = StatementFactory(created_on=date(2020, 1, 1), reviewed_on=date(2024, 6, 1))
    assert statement.remind_of_old_statement(date(2025, 6, 1)) == 0
    assert [statement.remind_of_old_statement(date(2025, 6, day)) for day in (2, 3, 4)] == [1, 0, 0]
    outbox.drain()
    [letter] = mail.outbox
    assert letter.to == ["leitung@example.net"]
    assert "1. Juni 2024" in letter.body
    assert f"/admin/pages/{page.pk}/edit/" in letter.body
    page.reviewed_on = date(2025, 7, 1)
    page.save()
    assert statement.remind_of_old_statement(date(2025, 8, 1)) == 0
    assert statement.remind_of_old_statement(date(2026, 7, 2)) == 1
    assert StatementReminder.objects.count() == 2
