from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = "Seiten"

    def ready(self) -> None:
        from . import documents  # noqa: F401
