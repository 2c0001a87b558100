from django.urls import include, path

app_name = "wellbeing"

urlpatterns = [
    path("contact/", include("wellbeing.urls.contact")),
    path("support/", include("wellbeing.urls.support")),
]
