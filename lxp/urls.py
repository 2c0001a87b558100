from django.urls import include, path

from lxp import (
    dashboard,
    dashboard_figures,
    dashboard_supervision,
    data_protection,
    reports,
    trail,
    views,
)

handler500 = views.server_error

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/funnel.json", dashboard.funnel_json, name="dashboard-funnel-json"),
    path("dashboard/funnel.csv", dashboard.funnel_csv, name="dashboard-funnel-csv"),
    path("dashboard/funnel.svg", dashboard.funnel_svg, name="dashboard-funnel-svg"),
    path("dashboard/retention.json", dashboard.retention_json, name="dashboard-retention-json"),
    path("dashboard/retention.csv", dashboard.retention_csv, name="dashboard-retention-csv"),
    path("dashboard/retention.svg", dashboard.retention_svg, name="dashboard-retention-svg"),
    path("dashboard/figures/", dashboard_figures.figures, name="dashboard-figures"),
    path("dashboard/figures.json", dashboard_figures.figures_json, name="dashboard-figures-json"),
    path("dashboard/figures.csv", dashboard_figures.figures_csv, name="dashboard-figures-csv"),
    path("dashboard/supervision/", dashboard_supervision.supervision, name="dashboard-supervision"),
    path(
        "dashboard/supervision.json",
        dashboard_supervision.supervision_json,
        name="dashboard-supervision-json",
    ),
    path(
        "dashboard/supervision.csv",
        dashboard_supervision.supervision_csv,
        name="dashboard-supervision-csv",
    ),
    path("dashboard/reports/", reports.reports, name="reports"),
    path("dashboard/reports/<uuid:pk>/", reports.report, name="report"),
    path("dashboard/reports/<uuid:pk>/file/", reports.report_file, name="report-file"),
    path("data-protection/", data_protection.page, name="data-protection"),
    path("data-protection.csv", data_protection.file, name="data-protection-csv"),
    path("audit/", trail.audit_trail, name="audit-trail"),
    path("audit/trail.csv", trail.audit_trail_csv, name="audit-trail-csv"),
    path("", include("programme.urls")),
    path("", include("accounts.urls")),
    path("supervision/", include("supervision.urls")),
    path("questionnaires/", include("questionnaires.urls")),
    path("messages/week/", views.this_week, name="this-week"),
    path("messages/", include("notifications.urls")),
    path("", include("wellbeing.urls")),
    path("design/", include("design.urls")),
    path("account/", include("accounts.allauth_urls")),
]
