"""Rules for every answer: which may be cached, what a browser may load, and what we don't even look at."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from .addresses import split_language

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class CacheRulesMiddleware:
    """An answer that is the same for every anonymous reader may be kept by a proxy and asked for again by its ETag; whatever
    belongs to a session, sets a cookie or says so itself stays private."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.has_header("Cache-Control"):
            return response
        personal = settings.SESSION_COOKIE_NAME in request.COOKIES or bool(response.cookies)
        if request.method in ("GET", "HEAD") and not personal and response.status_code in (200, 301, 304, 404, 410):
            response["Cache-Control"] = "public, max-age=0, must-revalidate"
        else:
            response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ["Cookie"])
        return response


class LanguageMiddleware:
    """The language stands in the address and nowhere else: /en/ is English, all the rest German. What a browser prefers doesn't
    count, so that one address is one page for everybody. The back office asks its own users."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language, _path = split_language(request.path_info)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ContentSecurityMiddleware(CSPMiddleware):
    """The strict policy everywhere; under /admin/ Wagtail's own inline scripts and styles are let through."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith("/admin/") and not hasattr(response, "_csp_update"):
            response._csp_update = {  # type: ignore[attr-defined]
                "script-src": ["'unsafe-inline'"],
                "style-src": ["'unsafe-inline'"],
                "img-src": ["blob:"],
                "frame-src": ["'self'"],
                "worker-src": ["blob:"],
            }
        return super().process_response(request, response)


class CleanInputMiddleware:
    """A NUL character in an address, a query or a cookie is no question that anybody asks: PostgreSQL answers it with
    an error, we with a page. Forms clean their own fields (common/text.py)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path_info:
            from .views import bad_request

            return bad_request(request)
        if any("\x00" in value for value in request.COOKIES.values()):
            request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\x00" not in value}
        if any("\x00" in value for values in request.GET.lists() for value in [values[0], *values[1]]):
            cleaned = request.GET.copy()
            for key, values in request.GET.lists():
                del cleaned[key]
                cleaned.setlist(key.replace("\x00", ""), [value.replace("\x00", "") for value in values])
            request.GET = cleaned  # type: ignore[assignment]
        return self.get_response(request)
