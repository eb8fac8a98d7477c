import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from common import outbox, worker


class Command(BaseCommand):
    help = "Delivers mails and search entries from the outbox and does the housekeeping, until it is told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="deliver what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            count = outbox.drain()
            worker.do_chores()
            self.stdout.write(f"{count} Nachrichten zugestellt oder versucht.")
            return
        stop, wake = threading.Event(), threading.Event()

        def end(*_: Any) -> None:
            stop.set()
            wake.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        self.stdout.write("Ausgang läuft. Ende mit Strg+C.")
        worker.work(stop, wake)
