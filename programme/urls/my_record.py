from django.urls import path

from programme.views import mentoring, my_record, my_training

# my-record/
urlpatterns = [
    path("", my_record.my_record, name="my-record"),
    path("looks/", my_record.my_looks, name="my-looks"),
    path("mentoring/", mentoring.my_mentoring, name="my-mentoring"),
    path("mentoring/<uuid:pk>/meetings/add/", mentoring.log_own_meeting, name="log-own-meeting"),
    path("training/", my_training.my_training, name="my-training"),
    path("training/<uuid:pk>/", my_training.my_training, name="my-training-in"),
    path("training/<uuid:pk>/certificate.pdf", my_training.my_certificate, name="my-certificate"),
]
