"""Chromium, as a person sees it; from Debian's packages."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

PATIENCE = 20.0  # seconds, on a machine that is busy with other tests
# Where pictures go: docs/images, to renew those of the documents.
PICTURES = os.environ.get("FASTGEN_PICTURES")


MOVING = (ElementClickInterceptedException, StaleElementReferenceException)


class Browser:
    def __init__(self, chrome: Chrome, site: str) -> None:
        self.chrome = chrome
        self.site = site

    def go(self, path: str) -> None:
        self.chrome.get(f"{self.site}{path}")

    @property
    def path(self) -> str:
        return self.chrome.current_url.removeprefix(self.site)

    @property
    def text(self) -> str:
        return self.chrome.find_element(By.TAG_NAME, "body").text

    def until(self, done: Callable[[], Any], what: str) -> Any:
        """Within a while: after a click, and while a script is at work."""
        wait = WebDriverWait(self.chrome, PATIENCE, ignored_exceptions=MOVING)
        try:
            return wait.until(lambda _: done())
        except TimeoutException:
            raise AssertionError(f"{what} is not there:\n{self.text}") from None

    def sees(self, text: str) -> bool:
        return bool(self.until(lambda: text in self.text, text))

    def find(self, selector: str) -> WebElement:
        """The first that can be seen."""

        def found() -> WebElement | None:
            elements = self.chrome.find_elements(By.CSS_SELECTOR, selector)
            return next(filter(WebElement.is_displayed, elements), None)

        return self.until(found, selector)

    def type(self, name: str, text: str) -> None:
        element = self.find(f"[name={name}]")
        element.clear()
        element.send_keys(text)

    def choose(self, name: str, value: str) -> None:
        Select(self.find(f"select[name={name}]")).select_by_value(value)

    def click(self, selector: str) -> None:
        scroll = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})"

        def clicked() -> bool:
            element = self.find(selector)
            self.chrome.execute_script(scroll, element)
            element.click()
            return True

        self.until(clicked, selector)

    def take_picture(self, name: str) -> None:
        if PICTURES:
            self.chrome.save_screenshot(str(Path(PICTURES) / f"{name}.png"))

    def hosts(self) -> set[str]:
        """Whom all its pages so far asked for anything."""
        events = [
            json.loads(entry["message"])["message"]
            for entry in self.chrome.get_log("performance")
        ]
        urls = [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        ]
        return {url.split("/")[2] for url in urls if url.startswith("http")}

    def complaints(self) -> list[str]:
        """What its console has, such as what a policy forbids."""
        return [entry["message"] for entry in self.chrome.get_log("browser")]


@contextmanager
def browser_at(site: str) -> Iterator[Browser]:
    programs = shutil.which("chromium"), shutil.which("chromedriver")
    assert all(programs), "apt-get install chromium chromium-driver: it is needed here"
    options = ChromeOptions()
    options.binary_location = str(programs[0])
    for argument in (
        "--headless=new",
        "--no-sandbox",  # it refuses to be run by root otherwise
        "--disable-dev-shm-usage",
        "--window-size=1100,700",
    ):
        options.add_argument(argument)
    options.set_capability(
        "goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"}
    )
    chrome = Chrome(options=options, service=Service(str(programs[1])))
    try:
        yield Browser(chrome, site)
    finally:
        chrome.quit()
