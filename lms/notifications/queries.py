from lms.notifications.models import Notice


def notices_visible_to(user):
    return Notice.objects.filter(recipient=user)
