"""The receipt as a sheet of paper."""

from common.pdf import render_pdf
from pages.models import SiteSettings

from .models import Idea
from .notifications import receipt_url
from .receipts import qr_code


def receipt_pdf(idea: Idea, house: SiteSettings) -> bytes:
    """Number, title, secret link as text and as QR code. An accessible PDF."""
    url = receipt_url(idea)
    context = {"idea": idea, "newest": idea.latest_version, "house": house, "receipt_url": url, "qr_code": qr_code(url)}
    return render_pdf("ideas/receipt_pdf.html", "css/receipt_pdf.css", context)
