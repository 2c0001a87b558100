from django.urls import path

from programme.views import own_counts

# dashboard/own-counts/
urlpatterns = [
    path("ethnicity/", own_counts.by_ethnicity, name="likelihood-by-ethnicity"),
    path("disability/", own_counts.by_disability, name="likelihood-by-disability"),
    path("sickness/", own_counts.sickness_absence, name="sickness-absence"),
]
