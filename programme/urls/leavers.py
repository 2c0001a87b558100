from django.urls import path

from programme.urls.files import files
from programme.views import leavers

# leavers/
urlpatterns = [
    path("", leavers.leavers, name="leavers"),
    *files("leavers", leavers.leavers_file),
]
