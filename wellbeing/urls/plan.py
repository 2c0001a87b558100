from django.urls import path

from wellbeing.views import plan as views

# my-plan/
urlpatterns = [
    path("", views.plan, name="plan"),
    path("begin/", views.begin, name="begin-plan"),
    path("part/<uuid:pk>/", views.section, name="plan-section"),
    path("part/<uuid:pk>/keep/", views.keep_section, name="keep-plan-section"),
    path("part/<uuid:pk>/forget/", views.forget_typed, name="forget-plan-section"),
    path("<uuid:pk>/look-again/", views.review, name="review-plan"),
    path("<uuid:pk>/delete/", views.throw_away, name="delete-plan"),
    path("<uuid:pk>/share/", views.share, name="share-plan"),
    path("shared/<uuid:pk>/", views.change_share, name="change-plan-share"),
    path("shared/<uuid:pk>/take-back/", views.take_back, name="take-back-plan"),
    path("<uuid:pk>/copy/", views.copy, name="copy-plan"),
]
