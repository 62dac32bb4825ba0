from lms.people.choices import Role
from lms.people.roles import allow, edits

# Whoever writes what people learn writes what they are asked as well, keys included: an author is a signer.
allow(*edits("catalogue.topic"), to=[Role.AUTHOR], signs=True)
allow(
    "wagtail_localize.submit_translation",
    "wagtailimages.add_image",
    "wagtailimages.change_image",
    "wagtailimages.choose_image",
    "wagtaildocs.add_document",
    "wagtaildocs.change_document",
    "wagtaildocs.choose_document",
    to=[Role.AUTHOR],
)
