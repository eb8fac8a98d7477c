from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = "Seiten"

    def ready(self) -> None:
        from . import documents, enquiries, gone, housekeeping, site, statement  # noqa: F401

        site.connect()
        gone.connect()
