from django.urls import include, path

app_name = "programme"

urlpatterns = [
    path("people/", include("programme.urls.people")),
    path("cohorts/", include("programme.urls.training")),
    path("cohorts/<uuid:cohort_pk>/", include("programme.urls.requirements")),
    path("programmes/", include("programme.urls.training_programmes")),
    path("posts/", include("programme.urls.posts")),
    path("my-record/", include("programme.urls.my_record")),
    path("dashboard/planning/", include("programme.urls.planning")),
    path("import/", include("programme.urls.imports")),
]
