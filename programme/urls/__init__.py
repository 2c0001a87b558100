from django.urls import include, path

app_name = "programme"

urlpatterns = [
    path("people/", include("programme.urls.people")),
    path("apply/", include("programme.urls.apply")),
    path("recruitment/", include("programme.urls.recruitment")),
    path("cohorts/", include("programme.urls.training")),
    path("cohorts/<uuid:cohort_pk>/", include("programme.urls.requirements")),
    path("programmes/", include("programme.urls.training_programmes")),
    path("posts/", include("programme.urls.posts")),
    path("leavers/", include("programme.urls.leavers")),
    path("my-record/", include("programme.urls.my_record")),
    path("dashboard/planning/", include("programme.urls.planning")),
    path("dashboard/own-counts/", include("programme.urls.own_counts")),
    path("recruitment/", include("programme.urls.applicants")),
    path("import/", include("programme.urls.imports")),
]
