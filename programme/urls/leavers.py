from django.urls import path

from programme.views import leavers

# leavers/
urlpatterns = [
    path("", leavers.leavers, name="leavers"),
    path("leavers.csv", leavers.leavers_csv, name="leavers-csv"),
    path("leavers.xlsx", leavers.leavers_xlsx, name="leavers-xlsx"),
]
