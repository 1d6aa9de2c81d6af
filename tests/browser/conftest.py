"""A browser, the sites it looks at, and a watch over what goes wrong in it."""

import functools
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, sync_playwright

from tests.browser.lab import Lab, running_lab

HERE = Path(__file__).parent
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# What a host may send with every page of the book. Scripts and styles of the site itself, some of them inline;
# images also from data: addresses, because the theme's style sheet draws with them (Bootstrap's arrows and ticks).
POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"


@dataclass
class Watch:
    """What went wrong in a browser context since it was opened, and which other hosts its pages asked for."""

    host: str
    scripts: bool = True
    problems: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("console", lambda message: self._message(message.type, message.text))
        context.on("weberror", lambda error: self.problems.append(f"uncaught: {error.error}"))
        context.on("request", lambda request: self._request(request.url))
        context.on("requestfailed", self._failed)
        context.on("response", lambda response: self._response(response.status, response.url))

    def _message(self, kind: str, text: str) -> None:
        # The browser reports what the policy forbids as an error in the console.
        if kind in {"error", "warning", "assert"}:
            self.problems.append(f"{kind} in the console: {text}")

    def _request(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in {"data", "blob", "about"} and address.netloc != self.host:
            self.problems.append(f"asked another host: {url}")

    def _failed(self, request: Request) -> None:
        # A context without scripts counts those that a page wants as failed; who leaves a page stops what still loads.
        wanted = self.scripts or request.resource_type != "script"
        if wanted and request.failure != "net::ERR_ABORTED":
            self.problems.append(f"failed: {request.url} {request.failure}")

    def _response(self, status: int, url: str) -> None:
        if status >= 400:
            self.problems.append(f"answered {status}: {url}")


class Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are sent apart, and the body would wait until the head is confirmed

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *arguments: object) -> None:
        """Stay silent."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests: an installed one, else Playwright's own."""
    installed = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=installed,
                args=ARGUMENTS,
                ignore_default_args=["--disable-back-forward-cache"],  # readers have one
            )
        except Error as error:
            stop = pytest.fail if os.environ.get("CI") else pytest.skip
            stop(f"no browser to test with: run `playwright install chromium` ({str(error).splitlines()[0]})")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve a folder on this machine, with the policy; returns its address."""
    servers = []

    def start(folder: Path) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def small_site(once: Callable, build_book: Callable) -> Path:
    """The small book, built with the chapters of `extra` in it."""

    def make(folder: Path) -> Path:
        root = shutil.copytree(HERE.parent / "small_book", folder / "book", ignore=shutil.ignore_patterns("_build"))
        shutil.copytree(HERE / "extra", root, dirs_exist_ok=True)
        # Of a site without an icon browsers ask one all the same, and report the answer as an error.
        config = root / "_config.yml"
        config.write_text(config.read_text().replace("html:\n", "html:\n  favicon: mark.svg\n", 1))
        shutil.copy(HERE.parent.parent / "chapters/figures/mark.svg", root)
        built = build_book(root)
        assert built.status == 0, built.log[-5000:]
        return built.html

    return once("small", make)


@pytest.fixture(scope="session")
def small_address(serve: Callable[[Path], str], small_site: Path) -> str:
    return serve(small_site)


@pytest.fixture(scope="session")
def site_address(serve: Callable[[Path], str], site: Path) -> str:
    return serve(site)


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One JupyterLab for all tests."""
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture(scope="session")
def violations() -> Callable[..., list[str]]:
    """What axe finds on a page, or in the part of it that a selector names, against WCAG 2.2 A and AA."""
    axe = Axe()
    options = {
        "resultTypes": ["violations"],
        "preload": False,  # it would fetch what style sheets import, from the wrong folder
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }

    def violations(
        page: Page, part: str | None = None, *, only: Sequence[str] = (), but: Sequence[str] = (), outside: str = ""
    ) -> list[str]:
        """``only`` or all ``but`` these rules; ``outside`` of what a second selector names."""
        chosen = options | {"runOnly": {"type": "rule", "values": only}} if only else options
        # target-size is of WCAG 2.2, and off unless asked for.
        rules = {} if only else {"target-size": {"enabled": True}} | {rule: {"enabled": False} for rule in but}
        context = {"include": [[part or "html"]], "exclude": [[outside]]} if outside else part
        found = axe.run(page, context, chosen | {"rules": rules}).response["violations"]
        return [
            f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"]
        ]

    return violations


# A browser that lets the book keep nothing, though the theme may: answers do not come back, and nothing is shuffled.
FORBIDDEN = """{
    const getItem = Storage.prototype.getItem;
    Storage.prototype.getItem = function (key) {
        if (key.startsWith("book:")) throw new DOMException("forbidden", "SecurityError");
        return getItem.call(this, key);
    };
}"""


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address in a new context, which may have options of Playwright; fails if anything went wrong in it."""
    opened = []

    def open_page(address: str, *, forgets: bool = False, **options: object) -> Page:
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        if forgets:
            context.add_init_script(FORBIDDEN)
        watch = Watch(urlsplit(address).netloc, scripts=options.get("java_script_enabled", True))
        watch.over(context)
        opened.append((context, watch))
        page = context.new_page()
        page.goto(address)
        return page

    yield open_page
    problems = [problem for _, watch in opened for problem in watch.problems]
    for context, _ in opened:
        context.close()
    assert not problems, "\n".join(problems)
