"""Addresses of the review by criteria, below those of the desk."""

from django.urls import path

from . import assigning, compare, notes, reviews, schemes

urlpatterns = [
    path("pruefungen/", reviews.my_reviews, name="reviews"),
    path("pruefungen/<int:pk>/", reviews.review, name="review"),
    path("pruefungen/<int:pk>/befangen/", reviews.conflict, name="review_conflict"),
    path("zuweisen/", assigning.assign_many, name="assign"),
    path("boegen/", schemes.schemes, name="schemes"),
    path("boegen/neu/", schemes.edit, name="scheme_new"),
    path("boegen/<slug:slug>/", schemes.edit, name="scheme"),
    path("<int:number>/pruefung/", compare.compare, name="review_compare"),
    path("<int:number>/pruefung/<slug:task>/", compare.act, name="review_act"),
    path("<int:number>/notiz/", notes.write, name="note"),
]
