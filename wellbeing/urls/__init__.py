from django.urls import include, path

app_name = "wellbeing"

urlpatterns = [
    path("contact/", include("wellbeing.urls.contact")),
    path("my-plan/", include("wellbeing.urls.plan")),
    path("what-weighs-on-me/", include("wellbeing.urls.burden")),
    path("shared-with-me/", include("wellbeing.urls.shared_with_me")),
    path("check-ins/", include("wellbeing.urls.checkins")),
    path("take-along/", include("wellbeing.urls.leaving")),
    path("support/", include("wellbeing.urls.support")),
]
