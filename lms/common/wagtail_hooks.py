"""The studio's own forms fold text as every other door does."""

from django.db import models
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets import AdminAutoHeightTextInput

from lms.common.typed import TextField

register_form_field_override(models.CharField, override={"form_class": TextField}, exact_class=True)
register_form_field_override(models.TextField, override={"form_class": TextField, "widget": AdminAutoHeightTextInput}, exact_class=True)
