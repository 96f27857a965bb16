from pathlib import Path

import pytest
from jinja2 import DictLoader

import myapi
from myapi.mail.message import templates, written

ADA = "ada@example.com"
ROOT = Path(myapi.__file__).parent

GREETING = {
    "greeting.txt": '{% set subject = "Hello " ~ name %}\nGood day, {{ name }}.\n',
    "greeting.html": "<title>{{ subject }}</title><p>{{ name }}</p>\n",
}


@pytest.fixture
def greeting(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(templates, "loader", DictLoader(GREETING))
    return "greeting"


def test_values_are_escaped_in_html_alone(greeting: str) -> None:
    message = written(ADA, greeting, name="<b>Ada</b> & Co")
    assert message.subject == "Hello <b>Ada</b> & Co"
    assert message.text == "Good day, <b>Ada</b> & Co.\n"
    assert message.html.count("&lt;b&gt;Ada&lt;/b&gt; &amp; Co") == 2


@pytest.mark.parametrize(
    "name", ["a\r\nBcc: eve@example.com", "a\nb", "a\x00", "\u2028"]
)
def test_no_value_adds_a_header_through_the_subject(greeting: str, name: str) -> None:
    with pytest.raises(ValueError, match="not one line"):
        written(ADA, greeting, name=name)


@pytest.mark.parametrize(
    "to",
    [
        "ada@example.com\r\nBcc: eve@example.com",
        "ada@example.com\n",
        "ada@example.com, eve@example.com",
        "Ada <ada@example.com>",
        "ada",
        "",
    ],
)
def test_mail_goes_to_one_address_alone(to: str) -> None:
    with pytest.raises(ValueError, match=r"email address|@-sign"):
        written(to, "mail/test")


def test_a_domain_is_written_as_name_servers_have_it() -> None:
    assert written("ada@bücher.example", "mail/test").to == "ada@xn--bcher-kva.example"


def test_every_message_has_text_and_html_that_compile() -> None:
    files = ROOT.glob("**/mails/*.txt")
    names = [f"{f.parent.parent.relative_to(ROOT).as_posix()}/{f.stem}" for f in files]
    assert "mail/test" in names
    for name in names:
        templates.get_template(f"{name}.txt")
        templates.get_template(f"{name}.html")
