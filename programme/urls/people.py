from django.urls import include, path

from programme.urls.files import files
from programme.views import employment, learning, people, recruitment, spells, training

# people/<person_pk>/
person_urlpatterns = [
    path("applications/add/", recruitment.add_application, name="add-application"),
    path("applications/<uuid:pk>/", recruitment.edit_application, name="edit-application"),
    path(
        "applications/<uuid:pk>/remove/",
        recruitment.remove_application,
        name="remove-application",
    ),
    path("training/add/", training.add_enrolment, name="add-enrolment"),
    path("training/<uuid:pk>/", training.edit_enrolment, name="edit-enrolment"),
    path("training/<uuid:pk>/remove/", training.remove_enrolment, name="remove-enrolment"),
    path("posts/add/", spells.add_spell, name="add-spell"),
    path("posts/<uuid:pk>/", spells.edit_spell, name="edit-spell"),
    path("posts/<uuid:pk>/end/", spells.end_spell, name="end-spell"),
    path("posts/<uuid:pk>/remove/", spells.remove_spell, name="remove-spell"),
    path("posts/<uuid:pk>/move/", employment.move_spell, name="move-spell"),
    path("posts/<uuid:pk>/break/", employment.add_break, name="add-break"),
    path("breaks/<uuid:pk>/", employment.edit_break, name="edit-break"),
    path("breaks/<uuid:pk>/remove/", employment.remove_break, name="remove-break"),
    path("reviews/<uuid:pk>/", employment.record_review, name="record-review"),
]

# people/
urlpatterns = [
    path("", people.people, name="people"),
    *files("people", people.people_file),
    path("learning/", learning.learning, name="learning"),
    path("add/", people.add_person, name="add-person"),
    path("<uuid:pk>/", people.person, name="person"),
    path("<uuid:pk>/edit/", people.edit_person, name="edit-person"),
    path("<uuid:pk>/link-account/", people.link_account, name="link-account"),
    path("<uuid:pk>/unlink-account/", people.unlink_account, name="unlink-account"),
    path("<uuid:person_pk>/", include(person_urlpatterns)),
]
