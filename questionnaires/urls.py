from django.urls import path

from questionnaires.views import drafts, imports, lists, preview

app_name = "questionnaires"

urlpatterns = [
    path("", lists.questionnaires, name="questionnaires"),
    path("import/", imports.upload, name="import"),
    path("import/keep/", imports.keep, name="keep-import"),
    path("instruments/", imports.instruments, name="instruments"),
    path("instruments/<slug:key>/", imports.begin, name="begin"),
    path("<uuid:pk>/", lists.questionnaire, name="questionnaire"),
    path("<uuid:pk>/draft/", lists.revise, name="revise"),
    path("<uuid:pk>/retire/", lists.retire, name="retire"),
    path("versions/<uuid:pk>/", drafts.version, name="version"),
    path("versions/<uuid:pk>/details/", drafts.edit_details, name="edit-details"),
    path("versions/<uuid:pk>/items/<int:place>/", drafts.edit_item, name="edit-item"),
    path("versions/<uuid:pk>/scores/add/", drafts.add_scale, name="add-scale"),
    path("versions/<uuid:pk>/scores/<int:place>/", drafts.remove_scale, name="remove-scale"),
    path("versions/<uuid:pk>/publish/", drafts.publish, name="publish"),
    path("versions/<uuid:pk>/discard/", drafts.discard, name="discard"),
    path("versions/<uuid:pk>/preview/", preview.preview, name="preview"),
    path("versions/<uuid:pk>/preview/<int:place>/", preview.preview_one, name="preview-one"),
    path("versions/<uuid:pk>/questionnaire.json", preview.export, name="export"),
]
