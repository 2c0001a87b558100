from django.urls import path

from programme.urls.files import files
from programme.views import attendance, completion, training, training_sessions

# cohorts/
urlpatterns = [
    path("", training.cohorts, name="cohorts"),
    *files("cohorts", training.cohorts_file),
    path("ready/", completion.ready, name="ready"),
    *files("ready", completion.ready_file),
    path("add/", training.add_cohort, name="add-cohort"),
    path("<uuid:pk>/", training.cohort, name="cohort"),
    *files("cohort", training.cohort_file, route="<uuid:pk>/cohort"),
    path("<uuid:pk>/edit/", training.edit_cohort, name="edit-cohort"),
    path("<uuid:pk>/sessions/", training_sessions.sessions, name="sessions"),
    *files("sessions", training_sessions.sessions_file, route="<uuid:pk>/sessions"),
    path("<uuid:pk>/sessions/add/", training_sessions.add_session, name="add-session"),
    path(
        "<uuid:pk>/sessions/add-weekly/",
        training_sessions.add_weekly_sessions,
        name="add-weekly-sessions",
    ),
    path("sessions/<uuid:pk>/edit/", training_sessions.edit_session, name="edit-session"),
    path("sessions/<uuid:pk>/cancel/", training_sessions.cancel_session, name="cancel-session"),
    path("sessions/<uuid:pk>/hold/", training_sessions.hold_session, name="hold-session"),
    path("<uuid:pk>/attendance/", attendance.attendance, name="attendance"),
    *files("attendance", attendance.attendance_file, route="<uuid:pk>/attendance"),
    path("<uuid:pk>/attendance/mark/", attendance.mark, name="mark-attendance"),
    path("sessions/<uuid:pk>/register/", attendance.register, name="register"),
]
