from django.urls import path

from programme.urls.files import files
from programme.views import training_programmes as views

# programmes/
urlpatterns = [
    path("", views.programmes, name="programmes"),
    *files("programmes", views.programmes_file),
    path("add/", views.add_programme, name="add-programme"),
    path("<uuid:pk>/", views.programme, name="programme"),
    path("<uuid:pk>/edit/", views.edit_programme, name="edit-programme"),
    path("<uuid:pk>/versions/add/", views.add_version, name="add-version"),
    path("versions/<uuid:pk>/", views.version, name="version"),
    path("versions/<uuid:pk>/edit/", views.edit_version, name="edit-version"),
    path("versions/<uuid:pk>/publish/", views.publish_version, name="publish-version"),
    path("versions/<uuid:pk>/requirements/add/", views.add_requirement, name="add-requirement"),
    path("requirements/<uuid:pk>/edit/", views.edit_requirement, name="edit-requirement"),
    path("requirements/<uuid:pk>/remove/", views.remove_requirement, name="remove-requirement"),
]
