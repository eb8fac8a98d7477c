"""What every mail has: text and simple HTML that say the same, the reader's language, a way to stop a subscription.
That every sentence has its English says tests/test_consistency.py."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from accounts.models import User
from common import outbox
from common.mail import written
from ideas import actions, mail_samples
from ideas.models import IdeaAuthor
from ideas.templatetags.mails import translated
from ideas.workflow import Status
from pages.models import SiteSettings
from tests.factories import UserFactory, make_idea, submission

ROOT = Path(settings.BASE_DIR)
# Words that no English sentence has.
GERMAN = re.compile(r"[äöüßÄÖÜ„]|\b(und|die|der|das|ist|Sie|Ihre?|Idee|wir|nicht|Guten|bis zum|Maßnahme|Prüfung|E-Mail)\b")
HOUSE = SiteSettings(office="Office", region_name="Region", email="office@example.org")


@pytest.mark.parametrize("sample", mail_samples.SAMPLES, ids=lambda sample: sample.key)
def test_each_kind_of_mail_is_english_for_who_wants_it(sample: mail_samples.Sample) -> None:
    letter = sample.letter("en", HOUSE)
    for part in (letter.subject, letter.text, letter.html):
        without_addresses = re.sub(r"https?://[^\s<\"]+", "", part)
        assert GERMAN.findall(without_addresses) == [], part
    german = sample.letter("de", HOUSE)
    assert german.subject != letter.subject
    assert GERMAN.search(german.text)


def test_every_template_of_a_mail_has_a_sample_to_look_at() -> None:
    shown = {sample.template for sample in mail_samples.SAMPLES}
    folders = [folder for folder in (ROOT / "templates/emails").iterdir() if folder.is_dir()]
    there = {f"{folder.name}/{file.stem}" for folder in folders for file in folder.glob("[!_]*.txt")}
    assert shown == there


def test_the_html_says_what_the_text_says_with_links_and_without_what_could_run() -> None:
    letter = written(
        "Neu", "Guten Tag,\n\nerste Zeile\nzweite Zeile\n\nhttps://example.org/a?b=1&c=2\n\n<script>x</script>\n\n-- \nAmt\n"
    )
    assert 'href="https://example.org/a?b=1&amp;c=2"' in letter.html
    assert "erste Zeile<br>zweite Zeile</p>" in letter.html
    assert "<script" not in letter.html
    assert letter.html.count("<p ") == 5
    assert '<html lang="de">' in letter.html
    assert not re.search(r"<(img|link|style)\b|\ssrc=", letter.html), "nothing is loaded: nobody learns that it was read"


def test_a_mail_has_both_parts_and_the_language_of_the_account(db: None) -> None:
    make_idea(user=UserFactory(language="en", email="reader@example.org"), title="Fountain")
    make_idea(user=UserFactory(email="leserin@example.org"), title="Brunnen")
    outbox.drain()
    english_one, german_one = mail.outbox
    assert english_one.subject.endswith("has arrived")
    assert german_one.subject.endswith("ist da")
    for letter, language in ((english_one, "en"), (german_one, "de")):
        [(html, kind)] = letter.alternatives  # type: ignore[attr-defined]
        assert kind == "text/html"
        assert f'lang="{language}"' in html
    assert "“Fountain”" in english_one.body
    assert "„Brunnen“" in german_one.body


def test_a_guest_is_written_to_in_the_language_of_the_idea(db: None) -> None:
    idea, _new = actions.submit(submission(email="guest@example.org"))
    IdeaAuthor.objects.filter(idea=idea).update(language="en")
    outbox.drain()
    assert mail.outbox[0].subject == f"Please confirm your idea {idea.number}"


def test_only_mail_that_somebody_subscribed_to_can_be_unsubscribed(db: None) -> None:
    make_idea(Status.IN_REVIEW)
    outbox.drain()
    assert all("List-Unsubscribe" not in letter.extra_headers for letter in mail.outbox)


def test_mails_about_the_account_speak_its_language(client: Client, db: None) -> None:
    UserFactory(email="reader@example.org", language="en")
    client.post("/konto/login/code/", {"email": "reader@example.org"})
    outbox.drain()
    [letter] = mail.outbox
    assert letter.subject == "Your code to sign in"
    assert GERMAN.findall(re.sub(r"\S+@\S+|https?://\S+", "", letter.body.partition("-- ")[0])) == []


def test_a_person_chooses_the_language_of_their_mails(client: Client, db: None) -> None:
    user = UserFactory()
    client.force_login(user)
    assert "Sprache der E-Mails" in client.get("/konto/").text
    client.post("/konto/", {"display_name": "Anna", "language": "en"})
    assert User.objects.get(pk=user.pk).language == "en"


@pytest.mark.parametrize(
    ("german", "text"),
    [
        ("Radweg (fließt ganz ein)", "Radweg (goes in fully)"),
        ("Radweg: In Planung", "Radweg: Being planned"),
        ("Idee 145", "Idea 145"),
        ("Maßnahme", "Measure"),
        ("", ""),
        ("Ein Titel (mit Klammer)", "Ein Titel (mit Klammer)"),
    ],
)
def test_what_the_trail_keeps_in_words_is_translated_around_the_titles(german: str, text: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        assert translated(german) == text


# --- the preview ------------------------------------------------------------------------------------------------------


def test_staff_see_each_kind_of_mail_in_both_languages(client: Client, db: None) -> None:
    client.force_login(UserFactory(reviewer=True))
    for sample in mail_samples.SAMPLES:
        for language, hello in (("de", "Guten Tag"), ("en", "Hello")):
            page = client.get(f"/admin/ideen/e-mails/?art={sample.key}&sprache={language}")
            assert page.status_code == 200
            assert hello in page.text
            frame = client.get(f"/admin/ideen/e-mails/html/?art={sample.key}&sprache={language}")
            assert hello in frame.text
            assert "sandbox" in frame["Content-Security-Policy"]
            assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert client.get("/admin/ideen/e-mails/?art=gibtesnicht&sprache=xx").status_code == 200


@pytest.mark.parametrize("role", ["", "editor", "project_lead"])
def test_nobody_else_sees_the_preview(client: Client, db: None, role: str) -> None:
    client.force_login(UserFactory(**({role: True} if role else {})))
    assert client.get("/admin/ideen/e-mails/").status_code == 302
    assert client.get("/admin/ideen/e-mails/html/").status_code == 302
