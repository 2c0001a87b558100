from django.urls import path

from programme.views import attendance, training, training_sessions

# cohorts/
urlpatterns = [
    path("", training.cohorts, name="cohorts"),
    path("cohorts.csv", training.cohorts_csv, name="cohorts-csv"),
    path("cohorts.xlsx", training.cohorts_xlsx, name="cohorts-xlsx"),
    path("add/", training.add_cohort, name="add-cohort"),
    path("<uuid:pk>/", training.cohort, name="cohort"),
    path("<uuid:pk>/cohort.csv", training.cohort_csv, name="cohort-csv"),
    path("<uuid:pk>/cohort.xlsx", training.cohort_xlsx, name="cohort-xlsx"),
    path("<uuid:pk>/edit/", training.edit_cohort, name="edit-cohort"),
    path("<uuid:pk>/sessions/", training_sessions.sessions, name="sessions"),
    path("<uuid:pk>/sessions/add/", training_sessions.add_session, name="add-session"),
    path(
        "<uuid:pk>/sessions/add-weekly/",
        training_sessions.add_weekly_sessions,
        name="add-weekly-sessions",
    ),
    path("sessions/<uuid:pk>/edit/", training_sessions.edit_session, name="edit-session"),
    path("sessions/<uuid:pk>/cancel/", training_sessions.cancel_session, name="cancel-session"),
    path("<uuid:pk>/attendance/", attendance.attendance, name="attendance"),
    path("<uuid:pk>/attendance/mark/", attendance.mark, name="mark-attendance"),
    path("sessions/<uuid:pk>/register/", attendance.register, name="register"),
]
