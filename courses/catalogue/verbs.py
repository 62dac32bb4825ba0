from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import Topic
from lms.audit.verbs import room, studio

room("topic", _("Topics"))
studio(Topic, "code", "name_zh", "name_en", "track", "kinds", "order")
