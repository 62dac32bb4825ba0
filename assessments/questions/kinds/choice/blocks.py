from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class OptionBlock(blocks.StructBlock):
    text_zh = blocks.TextBlock(label=_("Text in Chinese"), rows=1)
    text_en = blocks.TextBlock(label=_("Text in English"), rows=1, required=False)
    correct = blocks.BooleanBlock(label=_("Is right"), required=False)
    last = blocks.BooleanBlock(
        label=_("Stays last"),
        required=False,
        help_text=_("Such as “All of the above”: the others are shuffled for each candidate, this one is not."),
    )

    class Meta:
        icon = "list-ul"
        label = _("Option")


class OptionsBlock(blocks.StreamBlock):
    option = OptionBlock()
