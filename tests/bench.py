"""What the public pages cost: queries, time and bytes of each, for a reader without an account.

    python tests/bench.py [--rounds 30] [/ /ideen/ …]

Measures in one process with Django's test client, on the database of DATABASE_URL. No server and no network are in the figures;
they say what a request costs, not how many a server answers.
"""

import argparse
import os
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path[:1] = [str(ROOT), str(ROOT / "site")]

FLOOR = "/impressum/"  # a bare Wagtail page: what the others are measured against
PAGES = [
    "/healthz",
    FLOOR,
    "/",
    "/agenda/",
    "/agenda/myk-veraendert-sich/regionale-entwicklungscockpits/",
    "/massnahmen/",
    "/massnahmen/kommunale-datenplattform/",
    "/ideen/",
    "/ideen/?sort=bewegt&status=in-umsetzung",
    "/ideen/?q=Radweg",
    "/ideen/64/",
    "/suche/?q=Bus",
    "/beteiligung/",
    "/wettbewerbe/digitales-myk-unterwegs/",
    "/wettbewerbe/digitales-myk-klima/ergebnis/",
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("pages", nargs="*", default=PAGES)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    os.environ["BASE_URL"] = "http://localhost"
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    print(f"{connection.vendor}, {options.rounds} requests a page\n")
    print(f"{'page':60} {'status':>6} {'queries':>8} {'median ms':>10} {'CPU ms':>8} {'÷ floor':>8} {'kB':>7}")
    failed, floor = False, 0.0
    for page in options.pages:
        client.get(page)  # templates and caches are warm from here on
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(page)
        asked = len(queries)  # counted now: the next request clears the log
        times, cpu = [], time.process_time()
        for _ in range(options.rounds):
            started = time.perf_counter()
            client.get(page)
            times.append((time.perf_counter() - started) * 1000)
        cpu = (time.process_time() - cpu) * 1000 / options.rounds
        size = len(answer.content) / 1024
        floor = cpu if page == FLOOR else floor
        ratio = f"{cpu / floor:.2f}" if floor else ""
        print(f"{page:60} {answer.status_code:>6} {asked:>8} {median(times):>10.1f} {cpu:>8.1f} {ratio:>8} {size:>7.1f}")
        failed |= answer.status_code >= 500
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
