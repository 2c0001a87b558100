from django.urls import path

from programme.urls.files import files
from programme.views import imports

# import/
urlpatterns = [
    path("", imports.imports, name="imports"),
    *files("imports", imports.imports_file),
    path("template.csv", imports.import_template, name="import-template"),
    path("example.csv", imports.import_example, name="import-example"),
    path("<uuid:pk>/", imports.import_job, name="import"),
    path("<uuid:pk>/columns/", imports.import_mapping, name="import-mapping"),
    path("<uuid:pk>/apply/", imports.import_apply, name="import-apply"),
    path("<uuid:pk>/cancel/", imports.import_cancel, name="import-cancel"),
    path("<uuid:pk>/refused.csv", imports.import_refused, name="import-refused"),
]
