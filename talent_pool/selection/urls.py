from django.urls import path

from talent_pool.selection.views import rankings

urlpatterns = [
    path("", rankings.selection, name="selection"),
    path("batches/<number:pk>/", rankings.batch_ranking, name="batch_ranking"),
    path("batches/<number:pk>/rank/", rankings.batch_rank, name="batch_rank"),
    path("rankings/<number:pk>/ties/<number:place>/", rankings.tie_decide, name="tie_decide"),
]
