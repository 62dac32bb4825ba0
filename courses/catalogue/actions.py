from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupApprovalTask, GroupCollectionPermission, GroupPagePermission, Locale, Page, Site

from courses.catalogue.models import CataloguePage
from lms.people.choices import Role

TITLES = {"zh-hans": "课程", "en": "Courses"}
PAGE_PERMISSIONS = ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"]
WAGTAILS_GROUPS = ["Editors", "Moderators"]
FILE_PERMISSIONS = ["add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document"]


@transaction.atomic
def open_catalogue():
    """The shelf in each language, which authors may fill, as the root of the site. Done after each `migrate`, once."""
    locales = [Locale.objects.get_or_create(language_code=code)[0] for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES]
    shelf = CataloguePage.objects.filter(locale=locales[0]).first() or _new_shelf(locales[0])
    shelves = [shelf, *(shelf.get_translation_or_none(locale) or _translated(shelf, locale) for locale in locales[1:])]
    _make_site_root(shelf)
    _let_authors_in(shelves)
    _leave_rights_to_roles()
    return shelf


def _new_shelf(locale):
    root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root", locale=locale))
    shelf = root.add_child(instance=CataloguePage(title=TITLES[locale.language_code], slug="courses", locale=locale))
    shelf.save_revision().publish()
    return shelf


def _translated(shelf, locale):
    translation = shelf.copy_for_translation(locale)
    translation.title = TITLES.get(locale.language_code, shelf.title)
    translation.save_revision().publish()
    return translation


def _make_site_root(shelf):
    """The site begins at the shelf; Wagtail's page of welcome goes."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        Site.objects.create(hostname="localhost", site_name=settings.WAGTAIL_SITE_NAME, root_page=shelf, is_default_site=True)
    elif site.root_page.specific_class is Page:
        welcome, site.root_page, site.site_name = site.root_page, shelf, settings.WAGTAIL_SITE_NAME
        site.save()
        if welcome.is_leaf():
            welcome.delete()


def _let_authors_in(shelves):
    authors, _new = Group.objects.get_or_create(name=Role.AUTHOR.value)
    everything = Collection.get_first_root_node() or Collection.add_root(instance=Collection(name="Root"))
    of_pages = Permission.objects.filter(content_type__app_label="wagtailcore", content_type__model="page", codename__in=PAGE_PERMISSIONS)
    for permission in of_pages:
        for shelf in shelves:
            GroupPagePermission.objects.get_or_create(group=authors, page=shelf, permission=permission)
    apps = ["wagtailimages", "wagtaildocs"]
    for permission in Permission.objects.filter(content_type__app_label__in=apps, codename__in=FILE_PERMISSIONS):
        GroupCollectionPermission.objects.get_or_create(group=authors, collection=everything, permission=permission)


def _leave_rights_to_roles():
    """Wagtail brings two groups of its own along, which may publish anywhere. Here rights come by role alone: an author's page is
    approved by an author."""
    authors = Group.objects.get(name=Role.AUTHOR.value)
    for task in GroupApprovalTask.objects.filter(groups__name__in=WAGTAILS_GROUPS).distinct():
        task.groups.set([authors])
    Group.objects.filter(name__in=WAGTAILS_GROUPS).delete()
