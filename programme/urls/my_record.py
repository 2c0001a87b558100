from django.urls import path

from programme.views import my_record

# my-record/
urlpatterns = [
    path("", my_record.my_record, name="my-record"),
    path("looks/", my_record.my_looks, name="my-looks"),
]
