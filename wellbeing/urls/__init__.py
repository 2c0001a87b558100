from django.urls import include, path

app_name = "wellbeing"

urlpatterns = [
    path("support/", include("wellbeing.urls.support")),
]
