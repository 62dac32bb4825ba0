from django.urls import path

from talent_pool.selection.views import offers, pictures, rankings

urlpatterns = [
    path("", rankings.selection, name="selection"),
    path("batches/<number:pk>/", rankings.batch_ranking, name="batch_ranking"),
    path("batches/<number:pk>/rank/", rankings.batch_rank, name="batch_rank"),
    path("rankings/<number:pk>/ties/<number:place>/", rankings.tie_decide, name="tie_decide"),
    path("pictures/", pictures.pictures, name="selection_pictures"),
    path("pictures/people/", pictures.funnel_people, name="funnel_people"),
    path("offers/", offers.offers, name="offers"),
    path("offers/mine/", offers.my_offer, name="my_offer"),
    path("offers/new/<number:pk>/", offers.offer_new, name="offer_new"),
    path("offers/<number:pk>/", offers.offer, name="offer"),
    path("offers/<number:pk>/<slug:act>/", offers.offer_act, name="offer_act"),
]
