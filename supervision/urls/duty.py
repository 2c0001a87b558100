from django.urls import path

from supervision.views import duty

# supervision/
urlpatterns = [
    path("", duty.home, name="home"),
]
