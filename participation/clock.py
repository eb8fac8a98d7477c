"""One clock for phases: the database's. Web servers whose clocks differ would disagree on when a phase ends."""

from datetime import UTC, datetime

from django.db import connection


def now() -> datetime:
    """The moment by the clock of the database, in UTC. One query."""
    sql = (
        "SELECT clock_timestamp()" if connection.vendor == "postgresql" else "SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        value = cursor.fetchone()[0]
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)
