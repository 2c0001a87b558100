from django.urls import path

from wellbeing.views import answering, checkins, groups, sharing, trend

# check-ins/
urlpatterns = [
    path("", checkins.my_check_ins, name="my-check-ins"),
    path("new/", answering.check_in, name="new-check-in"),
    path("new/<slug:key>/", answering.check_in, name="new-of-questionnaire"),
    path("new/<slug:key>/keep/", answering.keep, name="keep-check-in"),
    path("new/<slug:key>/<int:number>/", answering.step, name="check-in-step"),
    path("rhythm/", checkins.rhythm, name="rhythm"),
    path("pause/", checkins.pause, name="pause"),
    path("go-on/", checkins.go_on, name="go-on"),
    path("not-now/", checkins.not_now, name="not-now"),
    path("skip/", checkins.skip, name="skip"),
    path("stop/", checkins.stop_asking, name="stop-asking"),
    path("delete-all/", checkins.delete_all, name="delete-check-ins"),
    path("trend/", trend.trend, name="trend"),
    path("trend/<slug:key>/", trend.trend, name="trend-of"),
    path("trend/<slug:key>/picture.svg", trend.trend_svg, name="trend-svg"),
    path("my-check-ins.csv", trend.check_ins_csv, name="check-ins-csv"),
    path("my-check-ins.json", trend.check_ins_json, name="check-ins-json"),
    path("groups/", groups.group_results, name="group-results"),
    path("groups/results.csv", groups.group_results_csv, name="group-results-csv"),
    path("shared/<uuid:pk>/", sharing.shared, name="shared-check-in"),
    path("shares/<uuid:pk>/take-back/", sharing.take_back, name="take-back-share"),
    path("<uuid:pk>/", checkins.one, name="check-in"),
    path("<uuid:pk>/answers.json", trend.check_in_fhir, name="check-in-fhir"),
    path("<uuid:pk>/finished/", checkins.finished, name="finished"),
    path("<uuid:pk>/note/", checkins.note, name="check-in-note"),
    path("<uuid:pk>/share/", sharing.share, name="share-check-in"),
    path("<uuid:pk>/groups/", sharing.count, name="count-in-groups"),
    path("<uuid:pk>/delete/", checkins.delete, name="delete-check-in"),
]
