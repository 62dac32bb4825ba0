from django.urls import include, path

urlpatterns = [
    path("interns/", include("talent_pool.interns.urls")),
    path("onboarding/", include("talent_pool.onboarding.urls")),
    path("pay/", include("talent_pool.pay.urls")),
]
