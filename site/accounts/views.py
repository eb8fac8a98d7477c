from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .forms import ProfileForm
from .models import User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """The person's own page: their name as others see it, and the ways to everything else of theirs."""
    # A copy of its own: the form writes refused values into its instance, the header must not greet by them.
    form = ProfileForm(request.POST or None, instance=get_object_or_404(User, pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Ihre Angaben sind gespeichert."))
        return redirect("account_home")
    return render(request, "accounts/home.html", {"form": form})
