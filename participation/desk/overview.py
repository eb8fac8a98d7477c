"""All competitions at the desk of the lead, and one of them: where it stands and what comes next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ideas.desk.frame import head

from ..models import Competition
from .frame import ICON, competition_of, header, lead_only, tabs


@lead_only
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    context = {"competitions": Competition.objects.with_phases(), **head(_("Wettbewerbe"), ICON, ("", _("Wettbewerbe")))}
    return render(request, "participation/desk/index.html", context)


@lead_only
@require_safe
def competition(request: HttpRequest, pk: int) -> HttpResponse:
    own = competition_of(pk)
    context = {"competition": own, "tabs": tabs(request.user, own, "competition"), **header(own.title)}
    return render(request, "participation/desk/competition.html", context)
