"""Secrets of mailed links about comments: each is derived for one purpose (common/tokens.py)."""

from secrets import compare_digest

from common import tokens

from .models import Comment, Report


def receipt_token(report: Report) -> str:
    """The secret of a report's receipt."""
    return tokens.derive("report", str(report.key))


def complaint_token(comment: Comment) -> str:
    """The secret of the link in the mail about a decision."""
    return tokens.derive("comment.complain", str(comment.key))


def is_same(secret: str, token: str) -> bool:
    """Whether an address carries this secret, whatever else somebody may have typed there."""
    return compare_digest(secret.encode(), token.encode())
