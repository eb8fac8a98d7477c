"""Mails about participation, signed by the office."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from accounts.known import proof_token
from accounts.models import AddressProof
from common import outbox
from common.models import OutboxMessage
from ideas.notifications import send_signed


@outbox.handler("accounts.proof")
def _deliver_proof(message: OutboxMessage) -> None:
    """The link that proves an address: accounts writes the message, the signature stands further up."""
    asked = AddressProof.objects.valid().filter(pk=message.payload["proof"], done_at=None).first()
    if asked is None:
        return
    # The address is not proved yet: nothing that a stranger typed goes into this mail.
    with override(asked.language):
        path = reverse("prove_address", args=[proof_token(asked.key)])
    context = {"url": settings.BASE_URL + path, "days": AddressProof.DAYS}
    send_signed("accounts/proof", asked.email, message, context, language=asked.language)
