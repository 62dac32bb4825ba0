from lms.common.registries import card, tile


@tile(order=5, needs=["people.view_dealer_people"])
def tyres(user, employee, at):
    yield {"label": "Tyres in stock", "value": 412, "url": "/tyres/"}


@card("components/notice.html", order=5)
def storage(user, employee, at):
    yield {"title": "Winter tyres"}
