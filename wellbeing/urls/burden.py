from django.urls import path

from wellbeing.views import burden as views

# what-weighs-on-me/
urlpatterns = [
    path("", views.my_burden, name="burden"),
    path("add/", views.add_flag, name="note-burden"),
    path("teams/", views.burden_teams, name="burden-teams"),
    path("<uuid:pk>/", views.edit_flag, name="change-burden"),
    path("<uuid:pk>/take-back/", views.withdraw_flag, name="take-back-burden"),
]
