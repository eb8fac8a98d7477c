"""The site's settings of a demo profile: who stands behind it, how it looks, what its things are called (seiten.yaml)."""

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Page, Site

from pages import site
from pages.models import HomePage, SiteSettings

from ..models import ReviewScheme, ReviewSettings
from .texts import Row


def make_site(home: HomePage, name: str) -> None:
    """Wagtail's own mails and previews take their links from here."""
    address = urlsplit(settings.BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    values = {"hostname": address.hostname or "localhost", "port": port, "root_page": home, "site_name": name}
    Site.objects.update_or_create(is_default_site=True, defaults=values)


def fill(row: Row) -> None:
    """Write the settings as an administrator would, with the checks of the form. Raises ValidationError."""
    address = row["anschrift"]
    own = SiteSettings.objects.filter(site__is_default_site=True).first()
    own = own or SiteSettings(site=Site.objects.get(is_default_site=True))
    values = {
        "region_name": row["name"],
        "claim": row["claim"],
        "office": row["kontakt_stelle"],
        "operator": address["stelle"],
        "address": f"{address['strasse']}\n{address['ort']}",
        "email": row["kontakt_email"],
        "phone": row["kontakt_telefon"],
        "responsible_editor": row["kontakt_stelle"],
        "data_protection_contact": row.get("datenschutz_kontakt", ""),
        "enforcement_body": row.get("durchsetzungsstelle", ""),
        "funding_note": row.get("demo_hinweis", ""),
        "colour_action": row.get("farbe", ""),
        "colour_action_dark": row.get("farbe_dunkel", ""),
        "terms": [("term", _term(term)) for term in row.get("begriffe", [])],
        "names": [("name", _state_name(state)) for state in row.get("staende", [])],
        "required_answers": row.get("pflichtangaben"),
    }
    for name, value in values.items():
        setattr(own, name, value)
    own.full_clean()
    own.save()
    site.forget()
    _scheme_in_force(row["pruefbogen"])


def _term(row: Row) -> Row:
    return {
        "key": row["was"],
        "singular": row["einzahl"],
        "gender": row["artikel"],
        "plural": row["mehrzahl"],
        "genitive": row.get("wessen", ""),
        "dative_plural": row.get("wem_mehrzahl", ""),
        "english": row.get("englisch", ""),
        "english_plural": row.get("englisch_mehrzahl", ""),
    }


def _state_name(row: Row) -> Row:
    return {
        "key": row["stand"],
        "name": row["name"],
        "explanation": row.get("erklaerung", ""),
        "english": row.get("englisch", ""),
        "english_explanation": row.get("englische_erklaerung", ""),
    }


def _scheme_in_force(slug: str) -> None:
    """New reviews begin by this scheme; the others wait to be switched on."""
    ReviewScheme.objects.exclude(slug=slug).update(is_active=False)
    ReviewScheme.objects.filter(slug=slug).update(is_active=True)
    ReviewSettings.objects.update(scheme=ReviewScheme.objects.get(slug=slug))


def footer(rows: list[Row]) -> None:
    """Further links in the footer, once their pages are there: `seite` is a page's address, `adresse` one elsewhere."""
    own = SiteSettings.objects.get(site__is_default_site=True)
    home = Site.objects.get(is_default_site=True).root_page
    own.footer_links = [
        (
            "link",
            {
                "text": row["text"],
                "page": Page.objects.get(url_path=f"{home.url_path}{row['seite'].strip('/')}/") if "seite" in row else None,
                "url": row.get("adresse", ""),
            },
        )
        for row in rows
    ]
    own.full_clean()
    own.save()
