from django.urls import path

from programme.views import my_record, my_training

# my-record/
urlpatterns = [
    path("", my_record.my_record, name="my-record"),
    path("looks/", my_record.my_looks, name="my-looks"),
    path("training/", my_training.my_training, name="my-training"),
    path("training/<uuid:pk>/", my_training.my_training, name="my-training-in"),
    path("training/<uuid:pk>/certificate.pdf", my_training.my_certificate, name="my-certificate"),
]
