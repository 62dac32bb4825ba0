from django.urls import path

from talent_pool.interns.views import rotations, stations

urlpatterns = [
    path("stations/", stations.stations, name="stations"),
    path("stations/new/", stations.station_new, name="station_new"),
    path("stations/weeks/", stations.station_weeks, name="station_weeks"),
    path("stations/<number:pk>/", stations.station, name="station"),
    path("stations/<number:pk>/edit/", stations.station_edit, name="station_edit"),
    path("batches/<number:pk>/rotations/", rotations.rotations, name="rotations"),
    path("batches/<number:pk>/rotations/plan/", rotations.rotations_plan, name="rotations_plan"),
    path("rotations/<number:pk>/", rotations.rotation, name="rotation"),
    path("rotations/<number:pk>/transfer/", rotations.rotation, {"way": "transfer"}, name="rotation_transfer"),
    path("rotations/<number:pk>/mentor/", rotations.rotation, {"way": "mentor"}, name="rotation_mentor"),
    path("rotations/<number:pk>/drop/", rotations.rotation, {"way": "drop"}, name="rotation_drop"),
    path("<number:pk>/rotations/new/", rotations.rotation_new, name="rotation_new"),
]
