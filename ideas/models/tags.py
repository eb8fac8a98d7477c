"""Tags of ideas and measures, each through a model of its own with a real foreign key."""

from django.db import models
from taggit.models import ItemBase


class IdeaTag(ItemBase):
    tag = models.ForeignKey("taggit.Tag", related_name="idea_tags", on_delete=models.CASCADE)
    content_object = models.ForeignKey("ideas.Idea", related_name="tagged_items", on_delete=models.CASCADE)


class MeasureTag(ItemBase):
    tag = models.ForeignKey("taggit.Tag", related_name="measure_tags", on_delete=models.CASCADE)
    content_object = models.ForeignKey("ideas.Measure", related_name="tagged_items", on_delete=models.CASCADE)
