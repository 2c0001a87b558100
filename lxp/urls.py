from django.urls import include, path

from lxp import views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("programme.urls")),
    path("", include("accounts.urls")),
    path("support/", include("wellbeing.urls")),
    path("design/", include("design.urls")),
    path("account/", include("allauth.urls")),
]
