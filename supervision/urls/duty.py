from django.urls import path

from programme.urls.files import files
from supervision.views import duty

# supervision/
urlpatterns = [
    path("", duty.home, name="home"),
    path("duty/", duty.duty, name="duty"),
    *files("duty", duty.duty_file),
    path("duty/unassigned/", duty.unassigned, name="duty-unassigned"),
    *files("duty-unassigned", duty.unassigned_file, route="duty/unassigned"),
]
