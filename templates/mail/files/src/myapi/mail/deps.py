from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from fastapi.requests import HTTPConnection

from myapi.mail.delivery import Post
from myapi.mail.mailer import Mailer


async def get_post(connection: HTTPConnection) -> Post:
    post: Post = connection.state["post"]
    return post


PostDep = Annotated[Post, Depends(get_post)]


async def get_mailer(post: PostDep) -> AsyncIterator[Mailer]:
    # What follows `yield` runs after the response, hence after the commit of what has
    # the scope "function"; a request that fails raises here and never comes to it.
    mailer = Mailer()
    yield mailer
    for message in mailer.messages:
        await post(message)


MailerDep = Annotated[Mailer, Depends(get_mailer, scope="request")]
