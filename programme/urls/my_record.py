from django.urls import path

from programme.urls.files import files
from programme.views import feedback, learning, mentoring, my_record, my_training, own_words

# my-record/
urlpatterns = [
    path("", my_record.my_record, name="my-record"),
    path("looks/", my_record.my_looks, name="my-looks"),
    *files("my-looks", my_record.my_looks_file, route="looks/who-has-seen-my-record"),
    path("mentoring/", mentoring.my_mentoring, name="my-mentoring"),
    path("mentoring/<uuid:pk>/meetings/add/", mentoring.log_own_meeting, name="log-own-meeting"),
    path(
        "mentoring/meetings/<uuid:pk>/remove/",
        mentoring.remove_own_meeting,
        name="remove-own-meeting",
    ),
    path("learning/", learning.my_learning, name="my-learning"),
    *files("my-learning", learning.my_learning_file, route="learning/my-learning"),
    path("learning/add/", learning.add_learning, name="log-learning"),
    path("learning/<uuid:pk>/", learning.edit_learning, name="edit-learning"),
    path("learning/<uuid:pk>/remove/", learning.remove_learning, name="remove-learning"),
    path("sessions/<uuid:pk>/feedback/", feedback.give_feedback, name="session-feedback"),
    path("training/", my_training.my_training, name="my-training"),
    path("training/<uuid:pk>/", my_training.my_training, name="my-training-in"),
    path("training/<uuid:pk>/certificate.pdf", my_training.my_certificate, name="my-certificate"),
    path("post/", own_words.my_post, name="my-post"),
    path("goals/add/", own_words.add_goal, name="add-goal"),
    path("goals/<uuid:pk>/", own_words.edit_goal, name="edit-goal"),
    path("goals/<uuid:pk>/remove/", own_words.remove_goal, name="remove-goal"),
    path("adjustments/", own_words.my_adjustments, name="my-adjustments"),
    path("adjustments/add/", own_words.add_adjustment, name="add-adjustment"),
    path("adjustments/<uuid:pk>/", own_words.edit_adjustment, name="edit-adjustment"),
    path("adjustments/<uuid:pk>/remove/", own_words.remove_adjustment, name="remove-adjustment"),
    path("leaving/<uuid:pk>/", own_words.my_exit_interview, name="my-exit-interview"),
]
