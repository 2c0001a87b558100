from django.urls import path

from programme.urls.files import files
from programme.views import leavers, reasons

# leavers/
urlpatterns = [
    path("", leavers.leavers, name="leavers"),
    *files("leavers", leavers.leavers_file),
    path("reasons/", reasons.reasons, name="reasons"),
    *files("reasons", reasons.reasons_file, route="reasons"),
    path("reasons/add/", reasons.add_reason, name="add-reason"),
    path("reasons/<uuid:pk>/", reasons.edit_reason, name="edit-reason"),
]
