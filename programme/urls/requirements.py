from django.urls import include, path

from programme.urls.files import files
from programme.views import completion, feedback, mentoring, requirements

# cohorts/<cohort_pk>/trainees/<trainee_pk>/
of_trainee = [
    path("results/<uuid:pk>/remove/", requirements.remove_result, name="remove-result"),
    path(
        "placement/<uuid:pk>/remove/",
        requirements.remove_placement_day,
        name="remove-placement-day",
    ),
    path("mentors/<uuid:pk>/end/", mentoring.end_mentoring, name="end-mentoring"),
    path("mentors/<uuid:pk>/meetings/add/", mentoring.log_meeting, name="log-meeting"),
    path("meetings/<uuid:pk>/remove/", mentoring.remove_meeting, name="remove-meeting"),
]

# cohorts/<cohort_pk>/
urlpatterns = [
    path("requirements/", requirements.requirements, name="requirements"),
    *files("requirements", requirements.requirements_file),
    path("requirements/record/", requirements.record_results, name="record-results"),
    path("feedback/", feedback.feedback, name="feedback"),
    path("mentors/", mentoring.mentors, name="mentors"),
    *files("mentors", mentoring.mentors_file),
    path("trainees/<uuid:pk>/mentors/add/", mentoring.pair_mentor, name="pair-mentor"),
    path("trainees/<uuid:pk>/", requirements.trainee, name="trainee"),
    path("trainees/<uuid:pk>/results/add/", requirements.record_result, name="record-result"),
    path(
        "trainees/<uuid:pk>/placement/add/",
        requirements.add_placement_day,
        name="add-placement-day",
    ),
    path("trainees/<uuid:pk>/complete/", completion.confirm_completion, name="confirm-completion"),
    path(
        "trainees/<uuid:pk>/complete/take-back/",
        completion.take_back_completion,
        name="take-back-completion",
    ),
    path("trainees/<uuid:pk>/certificate.pdf", completion.certificate, name="certificate"),
    path("trainees/<uuid:trainee_pk>/", include(of_trainee)),
]
