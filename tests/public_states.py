"""Samples for addresses that need an argument, and states of pages that no address shows by itself. Used by public_pages.py."""

import io
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw
from taggit.models import Tag
from wagtail.documents.models import Document

from accounts.contacts import contact_of_address
from accounts.models import User
from ideas import actions, news
from ideas.models import ContactRequest, Edition, Follow, Idea, Measure
from ideas.workflow import AWAITING_DECISION, Action, Contribution, MeasureStatus, Status
from pages import enquiries
from pages.enquiry_views import sent_token
from pages.models import GoneAddress, LoesungPage, Message, NewsIndexPage, NewsPage
from tests import comment_states_moderation, comment_states_writing, competition_states, public_jury, survey_states
from tests.public_ways import Case, Open, Send, Steps

CITIZEN, WITHOUT_PASSWORD = "buergerin@example.org", "ohne-passwort@example.org"
PASSWORD = "ein-langes-passwort-fuer-tests"
TITLE, TEXT = "Trinkbrunnen am Busbahnhof", "Wer auf den Bus wartet, soll seine Flasche kostenlos füllen können."


def _submission(**fields: Any) -> actions.Submission:
    return actions.Submission(**{"title": TITLE, "text": TEXT, "key": uuid.uuid4(), "email": "gast@example.org", **fields})


def _page_taken_off() -> Steps:
    # A page of its own: what others lead to stays.
    news = NewsIndexPage.objects.live().order_by("pk").first()
    assert news is not None
    news.add_child(instance=NewsPage(title="Nicht mehr da", slug="nicht-mehr-da")).unpublish()
    address = GoneAddress.objects.latest("gone_at").path
    return [Open(address)]


def unconfirmed_idea() -> Idea:
    return actions.submit(_submission())[0]


def _receipt_of(idea: Idea, page: str = "") -> Steps:
    """With the secret link, which leads to an address without it, and on to one of the receipt's pages."""
    there = [Open(f"/ideen/verfolgen/{idea.number}/{page}/")] if page else []
    return [Open(f"/ideen/verfolgen/{idea.receipt_token}/"), *there]


def _guests_idea(released: bool = False) -> Idea:
    idea, lead = unconfirmed_idea(), User.objects.get(email="leitung@example.org")
    actions.confirm(idea)
    if released:
        actions.release(idea, idea.latest_version, by=lead)
    return idea


def _idea_in_a_measure() -> Idea:
    idea, lead = _guests_idea(released=True), User.objects.get(email="leitung@example.org")
    actions.take(idea, Action.TAKE_INTO_REVIEW, by=lead)
    actions.take(idea, Action.KEEP, by=lead)
    actions.link_measure(idea, Measure.objects.all()[0], Contribution.PARTLY, by=lead)
    return idea


def _withdrawn(with_text: bool) -> Steps:
    idea = _guests_idea(released=True)
    actions.withdraw(idea, with_text=with_text)
    return [Open(idea.get_absolute_url())]


def _claimed() -> Steps:
    idea = _guests_idea()
    actions.claim(idea, by=User.objects.get(email=CITIZEN))
    return [Open(f"/ideen/verfolgen/{idea.number}/")]


def _for_everybody(query: str = "") -> Steps:
    """A page with a text in easy language and a video in sign language."""
    page = LoesungPage.objects.get(number=3)
    files = {name: ContentFile(b"WEBVTT\n", name=name) for name in ("cockpits.mp4", "cockpits.vtt")}
    page.sign_video, page.sign_captions = (Document.objects.create(title=name, file=file) for name, file in files.items())
    page.easy_language = "<h2>Was ist das?</h2><p>Das ist eine Karte. Sie können die Karte kostenlos nutzen.</p>"
    page.save()
    return [Open(f"{page.url}{query}")]


def _rejected_receipt() -> Steps:
    idea, lead = unconfirmed_idea(), User.objects.get(email="leitung@example.org")
    actions.confirm(idea)
    actions.release(idea, idea.latest_version, by=lead)
    actions.take(idea, Action.REJECT, by=lead, decision=actions.Decision(reason="Am Busbahnhof gibt es schon einen Brunnen."))
    return _receipt_of(idea)


def _asked_back_receipt() -> Steps:
    idea, lead = unconfirmed_idea(), User.objects.get(email="leitung@example.org")
    actions.confirm(idea)
    actions.take(idea, Action.ASK_BACK, by=lead, decision=actions.Decision(reason="Welchen der beiden Busbahnhöfe meinen Sie?"))
    return _receipt_of(idea)


def idea_in(status: Status, progress: str = "") -> Steps:
    idea = Idea.objects.public().filter(status=status, progress=progress).order_by("number").first()
    assert idea is not None, f"The demo content has no public idea „{status.label}“ {progress}."
    return [Open(idea.get_absolute_url())]


def _first_idea(**conditions: Any) -> Steps:
    idea = Idea.objects.public().filter(**conditions).order_by("number").first()
    assert idea is not None, f"The demo content has no public idea with {conditions}."
    return [Open(idea.get_absolute_url())]


def _idea_with_picture() -> Steps:
    idea = Idea.objects.public().filter(released_version__pictures__isnull=False).first()
    assert idea is not None, "The demo content has no public idea with a picture."
    return [Open(idea.get_absolute_url())]


def _form_of_idea(name: str) -> Steps:
    [page] = idea_in(Status.KEPT)
    assert isinstance(page, Open)
    return [Open(f"{page.path}{name}/")]


def _mailed_link(kind: ContactRequest.Kind) -> Steps:
    """The link that a guest gets who wants to support or follow an idea."""
    email = f"gast-{uuid.uuid4().hex[:8]}@example.org"
    asked = actions.ask_with_address(kind, Idea.objects.public().exclude(status=Status.WITHDRAWN).earliest("number"), email)
    assert asked is not None
    return [Open(f"/mitmachen/{actions.request_token(asked.key)}/")]


def _a_follow() -> Follow:
    email = f"gast-{uuid.uuid4().hex[:8]}@example.org"
    return actions.follow(contact_of_address(email), Measure.objects.earliest("pk"))[0]


def _idea_with_review() -> Steps:
    idea = Idea.objects.public().filter(review_rounds__published_at__isnull=False).first()
    assert idea is not None, "The demo content has no public idea with a published review."
    return [Open(idea.get_absolute_url())]


def _measure_in(status: MeasureStatus) -> Steps:
    measure = Measure.objects.filter(status=status).first()
    assert measure is not None, f"The demo content has no measure „{status.label}“."
    return [Open(measure.get_absolute_url())]


def _measure_with_charts() -> Steps:
    measure = Measure.objects.filter(kpis__values__state="released", trail__isnull=False).order_by("pk").first()
    assert measure is not None, "The demo content has no measure with values."
    return [Open(measure.get_absolute_url())]


def _edition(page: str = "", state: Edition.State = Edition.State.ADOPTED) -> Steps:
    """A page of the newest edition in this state; "loesung": of its first Lösung."""
    edition = Edition.objects.filter(state=state).first()
    assert edition is not None, f"The demo content has no edition „{state.label}“."
    if page == "loesung":
        page = f"{edition.data['zielbilder'][0]['loesungen'][0]['slug']}/"
    return [Open(f"{edition.get_absolute_url()}{page}")]


def _corrected_edition() -> Steps:
    """An adopted edition that has a newer version."""
    lead = User.objects.get(email="leitung@example.org")
    edition = Edition.objects.adopted().earliest("year")
    if not Edition.objects.corrections_of(edition).exists():
        second = actions.open_correction(edition, "Eine Zahl war falsch.", by=lead)
        actions.propose_edition(second, by=lead)
        decision = {"body": "Kreistag", "adopted_on": edition.adopted_on, "resolution_number": "Beispiel 2"}
        actions.adopt_edition(second, by=lead, **decision)  # type: ignore[arg-type]
    return [Open(edition.get_absolute_url())]


def _password_page() -> Steps:
    if not User.objects.filter(email=WITHOUT_PASSWORD).exists():
        User.objects.create_user(WITHOUT_PASSWORD)  # signs in by mailed code
    return [Open("/konto/password/set/")]


def _reset_link() -> Steps:
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    user = User.objects.get(email=CITIZEN)
    return [Open(f"/konto/password/reset/key/{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}/")]


def a_photograph(width: int = 1600, height: int = 1200) -> bytes:
    """A JPEG as a phone makes it, with an orientation."""
    image = Image.new("RGB", (width, height), "#7aa36b")
    ImageDraw.Draw(image).ellipse((width // 4, height // 4, width // 2, height // 2), fill="#d8c27a")
    exif = Image.Exif()
    exif[0x0112] = 1
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif)
    return file.getvalue()


def _sign_up() -> Steps:
    """As somebody who has no account yet, as often as this is called."""
    return [Open("/konto/signup/"), Send({"email": f"neu-{uuid.uuid4().hex[:8]}@example.org", "password1": PASSWORD})]


def _message_sent(kind: Message.Kind, **fields: Any) -> Steps:
    """The page with the number, as after sending the form."""
    message, _new = enquiries.receive(enquiries.Enquiry(kind, TEXT, uuid.uuid4(), **fields))
    return [Open(f"/kontakt/danke/{sent_token(message)}/")]


# Pages of the account that send a stranger to the door.
SIGNED_IN = {
    "konto/": CITIZEN,
    "konto/ideen/": CITIZEN,
    "konto/abos/": CITIZEN,
    "konto/email/": CITIZEN,
    "konto/logout/": CITIZEN,
    "konto/password/change/": CITIZEN,
    "konto/password/set/": WITHOUT_PASSWORD,
    "konto/reauthenticate/": CITIZEN,
    **competition_states.SIGNED_IN,
    **comment_states_writing.SIGNED_IN,
    **survey_states.SIGNED_IN,
    **public_jury.SIGNED_IN,
    **comment_states_moderation.SIGNED_IN,
}
SAMPLES: dict[str, Callable[[], Steps]] = {
    **public_jury.SAMPLES,
    "konto/password/set/": _password_page,
    "ideen/<number:number>/": lambda: idea_in(Status.KEPT, MeasureStatus.IMPLEMENTATION),
    "ideen/bestaetigen/<str:token>/": lambda: [Open(f"/ideen/bestaetigen/{unconfirmed_idea().confirm_token}/")],
    "ideen/verfolgen/<str:token>/": lambda: _receipt_of(unconfirmed_idea()),
    "ideen/verfolgen/<number:number>/": lambda: _receipt_of(_guests_idea()),
    "ideen/verfolgen/<number:number>/aendern/": lambda: _receipt_of(_guests_idea(released=True), "aendern"),
    "ideen/verfolgen/<number:number>/zurueckziehen/": lambda: _receipt_of(_guests_idea(released=True), "zurueckziehen"),
    "ideen/verfolgen/<number:number>/uebernehmen/": lambda: _receipt_of(_guests_idea(), "uebernehmen"),
    "agenda/personas/<slug:slug>/": lambda: [Open("/agenda/personas/helga/")],
    "massnahmen/<slug:slug>/": lambda: _measure_in(MeasureStatus.IMPLEMENTATION),
    "ideen/<number:number>/unterstuetzen/": lambda: _form_of_idea("unterstuetzen"),
    "ideen/<number:number>/folgen/": lambda: _form_of_idea("folgen"),
    "massnahmen/<slug:slug>/folgen/": lambda: [Open(f"{_measure_in(MeasureStatus.IMPLEMENTATION)[0].path}folgen/")],  # type: ignore[union-attr]
    "agenda/<slug:zielbild>/<slug:slug>/folgen/": lambda: [Open(f"{LoesungPage.objects.live().first().url}folgen/")],  # type: ignore[union-attr]
    "agenda/editionen/<edition:key>/": _edition,
    "agenda/editionen/<edition:key>/ideen/": lambda: _edition("ideen/"),
    "agenda/editionen/<edition:key>/aenderungen/": lambda: _edition("aenderungen/"),
    "agenda/editionen/<edition:key>/druck/": lambda: _edition("druck/"),
    "agenda/editionen/<edition:key>/<slug:slug>/": lambda: _edition("loesung"),
    "mitmachen/<str:token>/": lambda: _mailed_link(ContactRequest.Kind.SUPPORT),
    "abos/beenden/<str:token>/": lambda: [Open(f"/abos/beenden/{news.stop_token(_a_follow().key)}/")],
    "abos/alle-beenden/<str:token>/": lambda: [Open(f"/abos/alle-beenden/{news.stop_all_token(_a_follow().contact)}/")],
    "stichworte/<str:slug>/": lambda: [Open(f"/stichworte/{Tag.objects.order_by('pk').first().slug}/")],  # type: ignore[union-attr]
    "kontakt/danke/<str:token>/": lambda: _message_sent(Message.Kind.CONTACT),
    "konto/confirm-email/": _sign_up,
    "konto/login/code/confirm/": lambda: [Open("/konto/login/code/"), Send({"email": CITIZEN})],
    "konto/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": _reset_link,
    **competition_states.SAMPLES,
    **comment_states_writing.SAMPLES,
    **comment_states_moderation.SAMPLES,
    **survey_states.SAMPLES,
}
STATES: list[Case] = [
    *(Case(f"an idea {status.value}", partial(idea_in, status)) for status in (*AWAITING_DECISION, Status.REJECTED)),
    Case("an idea that became part of another one", partial(idea_in, Status.MERGED)),
    Case("an idea that took in others", lambda: _first_idea(merged_ideas__isnull=False)),
    Case("an idea that was split", lambda: _first_idea(split_off_ideas__isnull=False)),
    Case("an idea that was split off", lambda: _first_idea(origin__isnull=False)),
    Case("an idea with a picture", _idea_with_picture),
    Case("a measure with charts and a way", _measure_with_charts),
    Case("an idea with its published review", _idea_with_review),
    Case("a page with easy language and a sign video", _for_everybody),
    Case("a page in easy language", lambda: _for_everybody("?fassung=leicht")),
    Case("a measure that is planned", lambda: _measure_in(MeasureStatus.PLANNING)),
    Case("an edition that is proposed", lambda: _edition(state=Edition.State.PROPOSAL)),
    Case("what a proposed edition changes", lambda: _edition("aenderungen/", Edition.State.PROPOSAL)),
    Case("an edition that was corrected", _corrected_edition),
    Case("list of ideas, filters chosen", lambda: [Open("/ideen/?status=idee&sort=aelteste&q=digital")]),
    Case("list of ideas, second page", lambda: [Open("/ideen/?seite=2")]),
    Case("list of ideas, nothing found", lambda: [Open("/ideen/?q=xyzxyz")]),
    Case("list of ideas, unknown values", lambda: [Open("/ideen/?status=gibtesnicht&seite=99999&sort=%27")]),
    Case("list of measures, nothing found", lambda: [Open("/massnahmen/?q=xyzxyz")]),
    Case("a list behind a number, second page", lambda: [Open("/fortschritt/liste/?art=eingereicht&seite=2")]),
    Case("a list behind a number, nothing in it", lambda: [Open("/fortschritt/liste/?art=eingereicht&monat=2000-01")]),
    Case("answers, some of ideas that are not public", lambda: [Open("/fortschritt/liste/?art=ueberfaellig")]),
    Case("figures without a value", lambda: [Open("/fortschritt/kennzahlen/?stand=ohne-wert")]),
    Case("indicators off their path", lambda: [Open("/fortschritt/indikatoren/?stand=hinter-dem-pfad")]),
    Case("report, filters chosen", lambda: [Open("/fortschritt/bericht/?status=in-umsetzung")]),
    Case("report, nothing found", lambda: [Open("/fortschritt/bericht/?status=abgeschlossen&status=&stelle=quatsch")]),
    Case("search, hits", lambda: [Open("/suche/?q=digital")]),
    Case("search, nothing found", lambda: [Open("/suche/?q=xyzxyz")]),
    Case("hand in, everything missing", lambda: [Open("/ideen/einreichen/"), Send()], status=422),
    Case(
        "hand in, consent missing, picture kept",
        lambda: [
            Open("/ideen/einreichen/"),
            Send(
                {
                    "title": TITLE,
                    "text": TEXT,
                    "email": "gast@example.org",
                    "picture": ("brunnen.jpg", "image/jpeg", a_photograph()),
                    "picture_alt": "Ein Brunnen",
                }
            ),
        ],
        status=422,
    ),
    Case(
        "hand in, similar ideas",
        lambda: [Open("/ideen/einreichen/"), Send({"title": "Ladesäule am Marktplatz", "action": "similar"})],
    ),
    Case("hand in, with an account", lambda: [Open("/ideen/einreichen/")], CITIZEN),
    Case("receipt of a rejected idea", _rejected_receipt),
    Case("receipt of an idea with a question", _asked_back_receipt),
    Case("link to confirm that is wrong", lambda: [Open("/ideen/bestaetigen/falsch/")], status=404),
    Case("answer, empty", lambda: [*_asked_back_receipt(), Send()], status=422),
    Case("change an idea, nothing in it", lambda: [*_receipt_of(_guests_idea(), "aendern"), Send({"title": "x"})], status=422),
    Case("change an idea that is decided", lambda: _receipt_of(_idea_in_a_measure(), "aendern")),
    Case("withdraw an idea that was never public", lambda: _receipt_of(_guests_idea(), "zurueckziehen")),
    Case("withdraw an idea in a measure", lambda: _receipt_of(_idea_in_a_measure(), "zurueckziehen")),
    Case("a withdrawn idea", lambda: _withdrawn(with_text=False)),
    Case("a withdrawn idea without its text", lambda: _withdrawn(with_text=True)),
    Case(
        "several receipts", lambda: [*_receipt_of(_guests_idea()), *_receipt_of(_guests_idea(True)), Open("/ideen/verfolgen/")]
    ),
    Case("lost receipt, no address", lambda: [Open("/ideen/verfolgen/"), Send()], status=422),
    Case("receipt of an account, claimed", _claimed, CITIZEN),
    Case("receipt that is wrong", lambda: [Open("/ideen/verfolgen/falsch/")], status=404),
    Case("link to follow", lambda: _mailed_link(ContactRequest.Kind.FOLLOW)),
    Case("link to support that is wrong", lambda: [Open("/mitmachen/falsch/")], status=404),
    Case("support, address missing", lambda: [*_form_of_idea("unterstuetzen"), Send()], status=422),
    Case("support, link is on its way", lambda: [*_form_of_idea("unterstuetzen"), Send({"email": "gast@example.org"})]),
    Case("support, with an account", lambda: _form_of_idea("unterstuetzen"), CITIZEN),
    Case("support, done", lambda: [*_form_of_idea("unterstuetzen"), Send({"action": "start"})], CITIZEN),
    Case("follow, done", lambda: [*_form_of_idea("folgen"), Send({"action": "start", "frequency": "daily"})], CITIZEN),
    Case("follow, by a guest who proved the address", lambda: [*_mailed_link(ContactRequest.Kind.FOLLOW), Send()]),
    Case("stopped already", lambda: [Open("/abos/beenden/falsch/")]),
    Case("contact, everything missing", lambda: [Open("/kontakt/"), Send()], status=422),
    Case("contact, sent with an address", lambda: _message_sent(Message.Kind.CONTACT, email="gast@example.org")),
    Case("report a barrier, address wrong", lambda: [Open("/barrierefreiheit/melden/"), Send({"email": "gast@"})], status=422),
    Case("report a barrier, from a page", lambda: [Open("/barrierefreiheit/melden/?seite=/ideen/")]),
    Case("report a barrier, sent", lambda: _message_sent(Message.Kind.BARRIER, email="gast@example.org")),
    Case("list of ideas, most supported first", lambda: [Open("/ideen/?sort=unterstuetzt")]),
    Case("page not found", lambda: [Open("/gibt-es-nicht/")], status=404),
    Case("page that is gone", _page_taken_off, status=410),
    Case("idea not found", lambda: [Open("/ideen/999999999/")], status=404),
    Case("form open too long", lambda: [Open("/ideen/einreichen/"), Send({"title": TITLE}, with_token=False)], status=403),
    Case("sign in, refused", lambda: [Open("/konto/login/"), Send({"login": CITIZEN, "password": "falsch-und-lang"})]),
    Case("sign up, refused", lambda: [Open("/konto/signup/"), Send({"email": "kein-at", "password1": "kurz"})]),
    Case("sign up, wrong code", lambda: [*_sign_up(), Send({"code": "FALSCH"})]),
    Case("new password, link is wrong", lambda: [Open("/konto/password/reset/key/1-falsch/")]),
    Case("change password, refused", lambda: [Open("/konto/password/change/"), Send()], CITIZEN),
    *competition_states.STATES,
    *comment_states_writing.STATES,
    *survey_states.STATES,
    *public_jury.STATES,
    *comment_states_moderation.STATES,
]
