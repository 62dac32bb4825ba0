from wagtail import hooks

from lms.trail.studio import remember


@hooks.register("before_edit_snippet")
def keep_what_it_was(request, instance):
    if request.method == "POST":
        remember(instance)
