from allauth.mfa.base import views as factor_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as passkey_views
from django.urls import path

from lms.people.views import directory, importing, person, proposals, second_factor

FACTOR = "account/second-factor/"

# The names are those that allauth looks for.
factors = [
    path("sign-in/code/", second_factor.SignInCodeView.as_view(), name="mfa_authenticate"),
    path(f"{FACTOR}begin/", second_factor.second_factor, name="second_factor"),
    path(FACTOR, second_factor.FactorsView.as_view(), name="mfa_index"),
    path(f"{FACTOR}confirm/", factor_views.reauthenticate, name="mfa_reauthenticate"),
    path(f"{FACTOR}app/", second_factor.AuthenticatorAppView.as_view(), name="mfa_activate_totp"),
    path(f"{FACTOR}app/remove/", app_views.deactivate_totp, name="mfa_deactivate_totp"),
    path(f"{FACTOR}recovery-codes/", recovery_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(f"{FACTOR}recovery-codes/new/", recovery_views.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(f"{FACTOR}passkeys/", passkey_views.list_webauthn, name="mfa_list_webauthn"),
    path(f"{FACTOR}passkeys/new/", second_factor.PasskeyView.as_view(), name="mfa_add_webauthn"),
    path(f"{FACTOR}passkeys/confirm/", passkey_views.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path(f"{FACTOR}passkeys/<number:pk>/remove/", passkey_views.remove_webauthn, name="mfa_remove_webauthn"),
    path(f"{FACTOR}passkeys/<number:pk>/", passkey_views.edit_webauthn, name="mfa_edit_webauthn"),
]

urlpatterns = [
    *factors,
    path("people/<number:pk>/enrolment-code/", second_factor.enrolment_code, name="person_enrolment_code"),
    path("people/", directory.people, name="people"),
    path("people/new/", person.person_new, name="person_new"),
    path("people/import/", importing.people_import, name="people_import"),
    path("people/import/template.<str:kind>", importing.import_template, name="people_import_template"),
    path("people/import/<number:pk>/", importing.import_result, name="people_import_result"),
    path("people/import/<number:pk>/apply/", importing.import_apply, name="people_import_apply"),
    path("people/proposals/", proposals.proposals, name="proposals"),
    path("people/proposals/<number:pk>/", proposals.proposal, name="proposal"),
    path("people/proposals/<number:pk>/confirm/", proposals.proposal_confirm, name="proposal_confirm"),
    path("people/proposals/<number:pk>/take-up/", proposals.proposal_take_up, name="proposal_take_up"),
    path("people/proposals/<number:pk>/decline/", proposals.proposal_decline, name="proposal_decline"),
    path("people/<number:pk>/first-password/", person.first_password, name="person_first_password"),
    path("people/<number:pk>/second-factor/reset/", person.second_factor_reset, name="person_second_factor_reset"),
    path("people/<number:pk>/coming/<number:change_pk>/withdraw/", person.coming_change_withdraw, name="coming_change_withdraw"),
    path("people/<number:pk>/leave/<number:leave_pk>/withdraw/", person.leave_withdraw, name="leave_withdraw"),
    path("people/<number:pk>/<slug:name>/", person.person_act, name="person_act"),
]
