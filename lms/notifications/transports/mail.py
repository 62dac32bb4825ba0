from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext_lazy as _

from lms.common.typed import line, shown
from lms.notifications.transports import NotReachable, transport


@transport("mail", title=_("E-mail"), address_of=lambda user: user.email)
class Mail:
    connection = None

    def send(self, message):
        """The Message-ID stays the same over retries, so mail servers drop a double."""
        if self.connection is None:
            self._open()
        body = shown(f"{message.body}\n\n{message.link}" if message.link else message.body)
        headers = {"Message-ID": f"<{message.identity}@pitlane>"}
        try:
            EmailMessage(line(shown(message.subject)), body, to=[message.address], headers=headers, connection=self.connection).send()
        except OSError:  # smtplib's errors are OSErrors; the next message may fare better on a connection of its own
            self.close()
            raise

    def _open(self):
        connection = get_connection()
        try:
            connection.open()
        except OSError as error:
            raise NotReachable(str(error)) from error
        self.connection = connection

    def close(self):
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.close()
