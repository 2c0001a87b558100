from django.urls import path

from wellbeing.views import leaving as views

# take-along/
urlpatterns = [
    path("", views.take_along, name="take-along"),
    path("my-private-things.json", views.take_along_file, name="take-along-file"),
]
