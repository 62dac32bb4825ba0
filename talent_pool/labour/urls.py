from django.urls import path

from talent_pool.labour.views import findings, rules, wages

urlpatterns = [
    path("", findings.findings, name="labour_findings"),
    path("rules/", rules.rules, name="labour_rules"),
    path("rules/<slug:code>/", rules.rule, name="labour_rule"),
    path("rules/<slug:code>/new/", rules.threshold_new, name="labour_threshold_new"),
    path("wages/", wages.wages, name="labour_wages"),
    path("wages/<number:pk>/", wages.wage, name="labour_wage"),
]
