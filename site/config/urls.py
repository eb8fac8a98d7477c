"""All addresses of the site. The German path words are fixed (docs/glossary.md)."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts import proof_views
from accounts import views as account_views
from common import views as common_views
from pages import sitemaps as page_maps
from pages import views as page_views
from pages.videos import document

handler400 = "common.views.bad_request"
handler404 = "pages.views.not_found"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", common_views.healthz, name="healthz"),
    path("readyz", common_views.readyz, name="readyz"),
    # Wagtail's own login lets a password alone past a second factor: there is one door for everybody.
    path("admin/login/", account_views.back_office_door, name="back_office_door"),
    path("admin/logout/", RedirectView.as_view(pattern_name="account_logout")),
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include(wagtailadmin_urls)),
    re_path(r"^dokumente/(?P<document_id>\d+)/(?P<document_filename>.*)$", document),
    path("dokumente/", include(wagtaildocs_urls)),
    re_path(r"^media/(?P<path>.*)$", common_views.media, name="media"),
    path("farben.css", page_views.colours, name="colours"),
    path("robots.txt", page_views.robots, name="robots"),
    path("sitemap.xml", page_maps.index, name="sitemap"),
    path("sitemap-<slug:section>.xml", page_maps.part, name="sitemap_part"),
    # German bare, English under /en/, with the same words.
    *i18n_patterns(
        path("konto/", account_views.home, name="account_home"),
        path("konto/adresse/<str:token>/", proof_views.prove_address, name="prove_address"),
        path("konto/", include("allauth.account.urls")),
        path("", include("participation.urls")),
        path("", include("ideas.urls")),
        path("", include("search.urls")),
        path("", include("pages.urls")),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]

if settings.DEBUG:
    from django.contrib.staticfiles.urls import staticfiles_urlpatterns

    urlpatterns = [*staticfiles_urlpatterns(), *urlpatterns]
