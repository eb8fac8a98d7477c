"""The index of terms: what makes German words findable in the same way on every database (docs/adr/0005-term-index.md)."""

from django.db import models


class SearchTerm(models.Model):
    """One term of one thing. `source` is a key of the registry; written only by sync.py."""

    pk = models.CompositePrimaryKey("source", "object_id", "term")
    source = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    term = models.CharField(max_length=60)
    weight = models.PositiveSmallIntegerField(help_text="6 word of the title, 4 part of one, 2 word of the text, 1 part of one")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "Suchwort"
        # Holds all that a search reads, so that the table itself isn't touched.
        indexes = (models.Index(fields=["source", "term", "object_id", "weight"], name="search_by_term"),)

    def __str__(self) -> str:
        return f"{self.term} ({self.source} {self.object_id})"
