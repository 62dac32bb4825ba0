import json
import re

from django.core.exceptions import PermissionDenied
from wagtail.admin.auth import user_has_any_page_permission

RIGHTS = ("view", "add", "change", "delete")
# What holds no records: open to whoever may enter the studio at all.
FRAME = {
    "wagtailadmin_home",
    "wagtailadmin_account",
    "wagtailadmin_logout",
    "wagtailadmin_dismissibles",
    "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog",
}


class StudioDoorMiddleware:
    """Who may open what in the course studio, before Wagtail's own checks.

    Without the studio's right one reads our page about it; Wagtail would send a signed-in person to the sign-in and back for ever.
    What shows the records of a model (its list, chooser, usage, history) needs a right to that model: for choosers Wagtail asks
    nothing but the studio's right, and a whole question bank could be paged through. All the rest, from pages and files to reports
    that name everybody's work, is for people who write pages.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.path.startswith("/studio/") or not request.user.is_authenticated:
            return
        if not request.user.has_perm("wagtailadmin.access_admin") or not may_open(request.user, request.resolver_match):
            raise PermissionDenied


def may_open(user, match):
    model = model_shown(match)
    if model:
        app, _, name = model.rpartition("_")
        return any(user.has_perm(f"{app}.{right}_{name}") for right in RIGHTS)
    return match.url_name in FRAME or user_has_any_page_permission(user)


def model_shown(match):
    """`app_model` of a snippet's list, forms, chooser or bulk actions; empty for every other address."""
    if match.url_name == "wagtail_bulk_action" and match.kwargs["app_label"] not in {"wagtailcore", "wagtailimages", "wagtaildocs"}:
        return f"{match.kwargs['app_label']}_{match.kwargs['model_name']}"
    for namespace in match.namespaces:
        kind, _, model = namespace.partition("_")
        if kind in {"wagtailsnippets", "wagtailsnippetchoosers"}:
            return model
    return ""


# Wagtail's form widgets set themselves up by a script in the page. These calls, with nothing but data in them, may run.
INLINE = re.compile(r"<script>(\s*)(.*?)(\s*)</script>", re.S)
NAMED_CALL = re.compile(r'(?:new )?[A-Za-z]{1,40}\("[-\w]*", (.*)\);?', re.S)
PANEL_CALL = re.compile(
    r'\(function\(\) \{\s*var panel = new (?:InlinePanel|MultipleChooserPanel)\(JSON\.parse\("([^"<>\\]|\\u[0-9A-F]{4})*"\)\);\s*\}\)\(\);'
)
CALLS = {"initDateChooser", "initTimeChooser", "initDateTimeChooser"}
CHOOSERS = {"Chooser", "SnippetChooser", "PageChooser", "ImageChooser", "DocumentChooser", "TaskChooser"}


def is_setting_up(script):
    """Whether an inline script is one call of a widget of Wagtail's with its id and its options as JSON: data, nothing that acts."""
    if PANEL_CALL.fullmatch(script):
        return True
    call = NAMED_CALL.fullmatch(script)
    if call is None or script.partition("(")[0].removeprefix("new ") not in CALLS | CHOOSERS:
        return False
    try:
        json.loads(call[1])
    except ValueError:
        return False
    return True


class StudioScriptsMiddleware:
    """The studio runs no inline script but those that set Wagtail's widgets up: they get the nonce that its policy names."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith("/studio/") and response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            before = response.content.decode(response.charset)
            after = INLINE.sub(lambda found: self.marked(found, request), before)
            if after != before:
                response.content = after
        return response

    @staticmethod
    def marked(found, request):
        return found[0].replace("<script>", f'<script nonce="{request.csp_nonce}">', 1) if is_setting_up(found[2]) else found[0]
