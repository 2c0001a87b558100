from django.urls import include, path

from programme.views import applicant, applicants

# recruitment/<round_pk>/
round_urlpatterns = [
    path("board/", applicants.show_board, name="board"),
    path("applicants/", applicants.applicants, name="applicants"),
    path("applicants/<uuid:pk>/", applicant.show_applicant, name="applicant"),
    path("applicants/<uuid:pk>/back/", applicant.bring_back, name="bring-applicant-back"),
    path("applicants.csv", applicants.applicants_csv, name="applicants-csv"),
    path("applicants.xlsx", applicants.applicants_xlsx, name="applicants-xlsx"),
    path("move/", applicants.move_applicants, name="move-applicants"),
]

# recruitment/
urlpatterns = [
    path("<uuid:round_pk>/", include(round_urlpatterns)),
]
