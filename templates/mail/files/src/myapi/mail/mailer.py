from myapi.mail.message import Message, written


class Mailer:
    """The mail of one request; it leaves after the response, if there is no error."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def send(self, to: str, template: str, **context: object) -> None:
        """Queue the message `template`, such as `auth/verify_email`, to one address."""
        self.messages.append(written(to, template, **context))
