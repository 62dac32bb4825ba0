from django.urls import include, path

urlpatterns = [
    path("pay/", include("talent_pool.pay.urls")),
    path("schools/", include("talent_pool.schools.urls")),
]
