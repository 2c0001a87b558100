from django.urls import path

from wellbeing.views import support as views

# support/
urlpatterns = [
    path("", views.support, name="support"),
    path("contacts/", views.contacts, name="contacts"),
    path("contacts/add/", views.add_contact, name="add-contact"),
    path("contacts/<uuid:pk>/", views.edit_contact, name="edit-contact"),
    path("contacts/<uuid:pk>/remove/", views.remove_contact, name="remove-contact"),
]
