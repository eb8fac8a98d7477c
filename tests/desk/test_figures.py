"""The list of figures in the back office."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from ideas.models import Kpi, KpiValue
from tests.factories import LoesungFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Client:
    """Somebody with every right there is."""
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_figure_goes_only_as_long_as_nobody_has_entered_a_value(administrator: Client) -> None:
    loesung = LoesungFactory()
    measured, unused = (Kpi.objects.create(loesung=loesung, name=name) for name in ("Fahrgäste im Jahr", "Haltestellen"))
    KpiValue.objects.create(kpi=measured, measured_on=date(2026, 3, 1), value=Decimal(7))
    both = reverse("wagtail_bulk_action", args=["ideas", "kpi", "delete"]) + f"?id={measured.pk}&id={unused.pk}"
    for address in (reverse("kpis:delete", args=[measured.pk]), both):
        for ask in (administrator.get, administrator.post):
            page = ask(address, follow=True).content.decode()
            assert "Zu diesen Kennzahlen gibt es schon Werte, darum lassen sie sich nicht löschen: Fahrgäste im Jahr." in page
    assert Kpi.objects.count() == 2
    administrator.post(reverse("kpis:delete", args=[unused.pk]))
    assert [kpi.name for kpi in Kpi.objects.all()] == ["Fahrgäste im Jahr"]
    assert KpiValue.objects.count() == 1
