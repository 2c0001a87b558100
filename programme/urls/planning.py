from django.urls import path

from programme.views import planning

# dashboard/planning/
urlpatterns = [
    path("", planning.planning, name="planning"),
    path("planning.json", planning.planning_json, name="planning-json"),
    path("planning.csv", planning.planning_csv, name="planning-csv"),
    path("planning.svg", planning.planning_svg, name="planning-svg"),
]
