"""Sign-up, sign-in and a forgotten password, through the pages and the mails that really go out."""

import re
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core import mail

from accounts.models import User
from common import outbox
from config.settings import base
from tests.accounts.people import person

PASSWORD, NEW_PASSWORD = "geheim-und-lang", "ein-anderes-langes"
INFORMAL = re.compile(r"\b([Dd]u|[Dd]ein\w*|[Dd]ir|[Dd]ich|[Gg]ib|[Vv]ersuche)\b")


def post(client, path, **data):
    return client.post(path, data, follow=True)


def only_mail() -> str:
    """The body of the one mail that went out."""
    outbox.drain()
    (message,) = mail.outbox
    mail.outbox.clear()
    assert not INFORMAL.search(message.body + message.subject)
    assert "Guten Tag" in message.body
    return message.body


def code_in(body: str) -> str:
    return re.search(r"^([A-Z0-9-]{6,})$", body, re.MULTILINE).group(1)


def test_a_new_account_begins_with_a_mailed_code(client, db):
    response = post(client, "/konto/signup/", email="neu@example.org", password1=PASSWORD)
    assert SESSION_KEY not in client.session
    path = response.redirect_chain[-1][0]
    assert "stimmt" in post(client, path, code="FALSCH-1").content.decode().lower() or SESSION_KEY not in client.session
    post(client, path, code=code_in(only_mail()))
    user = User.objects.get(email="neu@example.org")
    assert client.session[SESSION_KEY] == str(user.pk)
    assert user.emailaddress_set.get().verified


def test_signing_in_without_a_password_takes_the_mailed_code(client, db):
    user = person()
    response = post(client, "/konto/login/code/", email=user.email)
    post(client, response.redirect_chain[-1][0], code=code_in(only_mail()))
    assert client.session[SESSION_KEY] == str(user.pk)


def test_staff_whom_a_superuser_made_come_in_by_a_code_and_confirm_their_address(client, db):
    user = User.objects.create_user("neu@example.org")
    response = post(client, "/konto/login/code/", email=user.email)
    response = post(client, response.redirect_chain[-1][0], code=code_in(only_mail()))
    post(client, response.redirect_chain[-1][0], code=code_in(only_mail()))
    assert client.session[SESSION_KEY] == str(user.pk)


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(client, db, settings):
    settings.BASE_URL = "https://beteiligung.example"
    user = person()
    client.post("/konto/password/reset/", {"email": user.email}, HTTP_HOST="boese.example")
    link = re.search(r"https?://\S+", only_mail()).group(0)
    assert link.startswith("https://beteiligung.example/konto/password/reset/key/")
    path = link.removeprefix("https://beteiligung.example")
    form = client.get(path, follow=True)
    post(client, form.redirect_chain[-1][0], password1=NEW_PASSWORD, password2=NEW_PASSWORD)
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    client.logout()
    assert "password1" not in client.get(path, follow=True).content.decode()


FLOWS = [
    ("/konto/password/reset/", lambda email: {"email": email}),
    ("/konto/login/code/", lambda email: {"email": email}),
    ("/konto/signup/", lambda email: {"email": email, "password1": PASSWORD}),
]


@pytest.mark.parametrize(("path", "data"), FLOWS, ids=[path for path, _data in FLOWS])
def test_an_answer_does_not_tell_whether_there_is_an_account(path, data, client, db):
    known = person(email="bekannt@example.org")
    answers = []
    for address in (known.email, "unbekann@example.org"):
        client.cookies.clear()
        response = client.post(path, data(address), follow=True)
        page = re.sub(r'value="[\w-]{60,}"', "", response.content.decode()).replace(address, "ADRESSE")
        answers.append((response.redirect_chain, response.status_code, page))
        only_mail()
    assert answers[0] == answers[1]


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client, db):
    known = person()
    answers = set()
    for address in (known.email, "niemand@example.org"):
        client.cookies.clear()
        page = client.post("/konto/login/", {"login": address, "password": "falsch-falsch"}).content.decode()
        answers.add(re.sub(r'value="[\w-]{60,}"', "", page).replace(address, "ADRESSE"))
    assert len(answers) == 1


PAGES = ["/konto/login/", "/konto/signup/", "/konto/password/reset/", "/konto/login/code/", "/konto/password/reset/done/"]


@pytest.mark.parametrize("path", PAGES)
def test_the_account_pages_speak_german_and_politely(path, client, db):
    page = client.get(path).content.decode()
    text = re.sub(r"<[^>]+>", " ", page.split("<main")[-1].split("</main>")[0])
    assert not INFORMAL.search(text), INFORMAL.search(text)


def catalogue(path: Path) -> dict[str, str]:
    """The messages of a .po file; Babel reads them as the set-up does."""
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="de") if isinstance(message.id, str)}


def test_every_informal_sentence_of_the_account_pages_has_a_polite_one_of_ours():
    ours = catalogue(settings.BASE_DIR / "site/locale/de/LC_MESSAGES/django.po")
    theirs = catalogue(Path(allauth.__file__).parent / "locale/de/LC_MESSAGES/django.po")
    templates = Path(allauth.__file__).parent / "templates/account"
    used = " ".join(" ".join(file.read_text().split()) for file in templates.rglob("*.html"))
    used += " ".join(" ".join(file.read_text().split()) for file in (templates / "messages").glob("*.txt"))
    used += " ".join(file.read_text() for file in (templates.parent.parent / "account").glob("*.py"))
    plain = lambda text: " ".join(re.sub(r"%\((\w+)\)s", r"{{ \1 }}", text).split())  # noqa: E731
    rude = {text for text, german in theirs.items() if text and INFORMAL.search(german) and plain(text) in used}
    assert rude - set(ours) == set()
    assert not [text for text in ours.values() if INFORMAL.search(text)]


def test_who_asks_for_a_new_password_too_often_is_told_so_in_german_and_nobody_is_flooded(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    for _ in range(6):
        response = client.post("/konto/password/reset/", {"email": "opfer@example.org"})
    assert response.status_code == 429
    assert "zu oft hintereinander" in response.content.decode()
    outbox.drain()
    assert len(mail.outbox) == 5


def test_behind_a_proxy_each_reader_has_a_limit_of_their_own(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(3):
        data = {"email": f"neu{number}@example.org", "password1": PASSWORD}
        response = client.post("/konto/signup/", data, headers={"x-forwarded-for": f"192.0.2.{number}"})
        assert response.status_code == 302
