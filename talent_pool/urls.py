from django.urls import include, path

urlpatterns = [
    path("interns/", include("talent_pool.interns.urls")),
    path("onboarding/", include("talent_pool.onboarding.urls")),
    path("pay/", include("talent_pool.pay.urls")),
    path("labour/", include("talent_pool.labour.urls")),
    path("selection/", include("talent_pool.selection.urls")),
    path("schools/", include("talent_pool.schools.urls")),
]
