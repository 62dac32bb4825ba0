from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

RICH_TEXT = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class StepsBlock(blocks.StructBlock):
    """A procedure, in the order in which it is done."""

    title = blocks.CharBlock(label=_("Title"))
    items = blocks.ListBlock(blocks.TextBlock(label=_("One step")), label=_("Steps"), min_num=1)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "courses/catalogue/blocks/steps.html"


class NoteBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(
        label=_("Kind"), choices=[("tip", _("Tip")), ("warning", _("Warning")), ("example", _("Example"))], default="tip"
    )
    title = blocks.CharBlock(label=_("Title"))
    value = blocks.TextBlock(label=_("Text"))

    class Meta:
        icon = "warning"
        label = _("Note")
        template = "courses/catalogue/blocks/note.html"


class LineBlock(blocks.StructBlock):
    speaker = blocks.CharBlock(label=_("Who speaks"))
    text = blocks.TextBlock(label=_("What they say"))


class DialogueBlock(blocks.StructBlock):
    """A conversation at the counter, line by line."""

    lines = blocks.ListBlock(LineBlock(), label=_("Lines"), min_num=2)

    class Meta:
        icon = "openquote"
        label = _("Dialogue")
        template = "courses/catalogue/blocks/dialogue.html"


class FactsBlock(blocks.StructBlock):
    """A small table; its first row is the head, cells are parted by a vertical bar."""

    title = blocks.CharBlock(label=_("Title"))
    rows = blocks.ListBlock(blocks.CharBlock(label=_("Row")), label=_("Rows"), min_num=2, help_text=_("Cells parted by |"))

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        rows = [[cell.strip() for cell in row.split("|")] for row in value["rows"]]
        return {**context, "head": rows[0] if rows else [], "body": rows[1:]}

    class Meta:
        icon = "table"
        label = _("Facts")
        template = "courses/catalogue/blocks/facts.html"


class VideoBlock(blocks.StructBlock):
    video = DocumentChooserBlock(label=_("Video file (MP4)"))
    captions = DocumentChooserBlock(label=_("Captions (WebVTT)"), required=False)
    title = blocks.CharBlock(label=_("Title"))

    class Meta:
        icon = "media"
        label = _("Video")
        template = "courses/catalogue/blocks/video.html"


class LessonBody(blocks.StreamBlock):
    text = blocks.RichTextBlock(label=_("Text"), features=RICH_TEXT, template="courses/catalogue/blocks/text.html")
    steps = StepsBlock()
    note = NoteBlock()
    dialogue = DialogueBlock()
    facts = FactsBlock()
    image = ImageBlock(label=_("Image"), template="courses/catalogue/blocks/image.html")
    video = VideoBlock()
    document = DocumentChooserBlock(label=_("Document"), template="courses/catalogue/blocks/document.html")


class LessonCheck(blocks.StreamBlock):
    """Questions of the bank that end a lesson. The chooser is lazy: courses know nothing of assessments."""

    question = SnippetChooserBlock("questions.Question", label=_("Question"))
