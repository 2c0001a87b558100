from django.urls import path

from programme.urls.files import files
from programme.views import establishment, funding, pathways, posts, teams

# posts/
urlpatterns = [
    path("", posts.posts, name="posts"),
    *files("posts", posts.posts_file),
    path("establishment/", establishment.establishment, name="establishment"),
    *files("establishment", establishment.establishment_file),
    path("ahead/", establishment.ahead, name="ahead"),
    *files("ahead", establishment.ahead_file),
    path("add/", posts.add_post, name="add-post"),
    path("<uuid:pk>/", posts.post, name="post"),
    *files("post", posts.post_file, route="<uuid:pk>/post"),
    path("<uuid:pk>/edit/", posts.edit_post, name="edit-post"),
    path("<uuid:pk>/funding/add/", funding.add_funding, name="add-funding"),
    path("funding/<uuid:pk>/", funding.edit_funding, name="edit-funding"),
    path("funding/<uuid:pk>/remove/", funding.remove_funding, name="remove-funding"),
    path("teams/", teams.teams, name="teams"),
    *files("teams", teams.teams_file),
    path("teams/add/", teams.add_team, name="add-team"),
    path("teams/<uuid:pk>/", teams.team, name="team"),
    path("teams/<uuid:pk>/edit/", teams.edit_team, name="edit-team"),
    *files("preparations", teams.preparations_file, route="teams/<uuid:pk>/sessions"),
    path("teams/<uuid:pk>/sessions/add/", teams.add_preparation, name="add-preparation"),
    path("teams/sessions/<uuid:pk>/", teams.edit_preparation, name="edit-preparation"),
    path("teams/sessions/<uuid:pk>/remove/", teams.remove_preparation, name="remove-preparation"),
    path("pathways/", pathways.pathways, name="pathways"),
    *files("pathways", pathways.pathways_file),
    path("pathways/add/", pathways.add_pathway, name="add-pathway"),
    path("pathways/<uuid:pk>/", pathways.pathway, name="pathway"),
    path("pathways/<uuid:pk>/edit/", pathways.edit_pathway, name="edit-pathway"),
    path("pathways/<uuid:pk>/steps/add/", pathways.add_step, name="add-step"),
    path("pathways/steps/<uuid:pk>/", pathways.edit_step, name="edit-step"),
    path("pathways/steps/<uuid:pk>/remove/", pathways.remove_step, name="remove-step"),
    path("employers/", teams.employers, name="employers"),
    *files("employers", teams.employers_file),
    path("employers/add/", teams.add_employer, name="add-employer"),
    path("employers/<uuid:pk>/", teams.edit_employer, name="edit-employer"),
]
