from django.urls import include, path

app_name = "supervision"

urlpatterns = [
    path("", include("supervision.urls.agreements")),
    path("", include("supervision.urls.duty")),
    path("", include("supervision.urls.sessions")),
    path("", include("supervision.urls.oversight")),
]
