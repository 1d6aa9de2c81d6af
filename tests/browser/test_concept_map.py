"""The concept map of eighty concepts: lit up by pointer and keys, searched, as a list, coloured by mastery."""

from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.learner import tab_to
from tests.browser.test_questions_accessible import contrast
from tests.concept_outline import CORE, outlined, write_book

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
ROLES = """() => Object.fromEntries(
    [...document.querySelectorAll("a[data-id]")].map((link) => [link.dataset.id, link.dataset.role ?? ""]))"""
# Labels that stand out of their boxes (or over the place of the sign), and titles that reach into the map.
OUTSIDE = """() => {
    const outside = [];
    for (const link of document.querySelectorAll("svg[role=group] a")) {
        const text = link.querySelector("text").getBBox();
        const box = link.querySelector("rect")?.getBBox();
        const fits = box
            ? text.x >= box.x + 18 && text.x + text.width <= box.x + box.width - 3
                && text.y >= box.y && text.y + text.height <= box.y + box.height
            : text.x >= 0 && text.x + text.width <= 120;
        if (!fits) outside.push(link.textContent);
    }
    return outside;
}"""
SIZES = (
    "[...document.querySelectorAll('svg[role=group] text')].map((text) => parseFloat(getComputedStyle(text).fontSize))"
)
SCALE = "document.querySelector('svg[role=group]').getBoundingClientRect().width / 684"
# Answer the question on a concept rightly, in the store.
KNOW = """(name) => {
    const question = bookBank.questions.find(({ id }) => id === `about-${name}`);
    bookStore.put("answer", question.id, {
        print: question.print, type: question.type, response: 0, score: 1, attempt: 1, hints: 0, shown: false,
        first: { score: 1, response: 0, hints: 0, at: 1 }, best: 1,
    });
}"""


@pytest.fixture(scope="module")
def map_site(tmp_path_factory: pytest.TempPathFactory, build_book: Callable) -> Path:
    root = write_book(tmp_path_factory.mktemp("map") / "book", CORE)
    for option in [":parts: Instruction alignment; Putting it together", ":chapters: kl-control"]:
        name = option.split(":")[1]
        (root / f"chapters/map-{name}.md").write_text(f"# Part of it\n\n```{{concept-map}}\n{option}\n```\n")
        with (root / "_toc.yml").open("a") as toc:
            toc.write(f"\n      - file: chapters/map-{name}")
    built = build_book(root)
    assert built.status == 0, built.log[-3000:]
    return built.html


@pytest.fixture(scope="module")
def map_address(serve: Callable, map_site: Path) -> str:
    return f"{serve(map_site)}/chapters/concept-map.html"


@pytest.fixture
def the_map(open_page: Callable[..., Page], map_address: str) -> Page:
    page = open_page(map_address, viewport=WIDE, reduced_motion="reduce")
    expect(page.locator(".bw-map-legend")).to_be_visible()
    return page


@pytest.fixture(scope="module")
def graph() -> nx.DiGraph:
    pages = outlined(CORE)
    known = {concept.id for page in pages for concept in page.concepts}
    graph = nx.DiGraph()
    graph.add_nodes_from(known)
    graph.add_edges_from((b, c.id) for page in pages for c in page.concepts for b in c.after if b in known)
    return graph


def box(page: Page, name: str) -> Locator:
    return page.locator(f"a[data-id={name}]")


def roles(graph: nx.DiGraph, name: str) -> dict[str, str]:
    before, opens = nx.ancestors(graph, name), nx.descendants(graph, name)
    role = dict.fromkeys(before, "before") | dict.fromkeys(opens, "opens") | {name: "here"}
    return {other: role.get(other, "") for other in graph}


def expect_lit(page: Page, graph: nx.DiGraph, name: str) -> None:
    expect(box(page, name)).to_have_attribute("data-role", "here")
    assert page.evaluate(ROLES) == roles(graph, name)


def test_labels_fit_their_boxes_and_can_be_read(the_map: Page) -> None:
    assert the_map.locator("a[data-id]").count() == 80
    assert the_map.evaluate(OUTSIDE) == []
    assert min(the_map.evaluate(SIZES)) >= 12
    assert the_map.evaluate(SCALE) == 1, "shown as large as it is drawn"
    frame = the_map.locator(".bw-map-frame")
    assert frame.evaluate("frame => frame.scrollWidth <= frame.clientWidth"), "no scrolling sideways at 1280 pixels"


@pytest.mark.parametrize("name", ["reward-model", "fine-tuning-with-labelled-data", "alignment-tax", "seed-interval"])
def test_the_pointer_lights_up_before_and_after(name: str, the_map: Page, graph: nx.DiGraph) -> None:
    box(the_map, name).hover()
    expect_lit(the_map, graph, name)
    lines = the_map.locator(".bw-lines path").evaluate_all(
        "lines => lines.map((line) => [line.dataset.e, line.dataset.role, getComputedStyle(line).display])"
    )
    order = the_map.locator("a[data-id]").evaluate_all("links => links.map((link) => link.dataset.id)")
    family = {name, *nx.ancestors(graph, name)}, {name, *nx.descendants(graph, name)}
    assert len(lines) == graph.number_of_edges()
    reduced = nx.transitive_reduction(graph)
    for edge, role, display in lines:
        ends = [order[int(number)] for number in edge.split()]
        lit = "before" if {*ends} <= family[0] else "opens" if {*ends} <= family[1] else ""
        if reduced.has_edge(*ends):
            assert (role, display) == (lit, "inline")
        else:  # shown only where it begins or ends at what is lit
            assert (role, display != "none") == ((lit, True) if lit and name in ends else ("", False))
    the_map.mouse.move(0, 0)
    expect(the_map.locator("a[data-role]")).to_have_count(0)


def test_before_and_after_differ_in_more_than_colour(the_map: Page) -> None:
    box(the_map, "reward-model").hover()
    dashes = {}
    for role in ["before", "opens"]:
        for kind in [f".bw-lines path:not(.bw-light)[data-role={role}]", f"a[data-role={role}] rect"]:
            found = the_map.locator(kind).evaluate_all(
                "all => [...new Set(all.map((one) => getComputedStyle(one).strokeDasharray))]"
            )
            assert len(found) == 1
            dashes.setdefault(role, set()).update(found)
    assert dashes["before"] == {"none"}
    assert "none" not in dashes["opens"]
    arrows = {role: the_map.locator(f"a[data-role={role}] .bw-flag path").first.get_attribute("d") for role in dashes}
    assert arrows["before"] != arrows["opens"]
    panel = the_map.get_by_role("status")
    expect(panel).to_contain_text("Reward model")
    expect(panel.get_by_text("Before: Surrogate objective, Bradley terry, ")).to_be_visible()
    expect(panel.get_by_text("Opens: Reward ")).to_contain_text(" more")


def test_the_keyboard_walks_in_reading_order_and_along_lines(the_map: Page, graph: nx.DiGraph) -> None:
    first = the_map.locator("a[data-id]").first
    tab_to(the_map, first)
    places = []
    for _ in range(30):
        here = the_map.evaluate(
            "[document.activeElement.dataset.id, document.activeElement.getBoundingClientRect().y + scrollY]"
        )
        assert (
            the_map.evaluate("document.activeElement.getBoundingClientRect().bottom")
            < the_map.locator(".bw-map-panel").bounding_box()["y"]
        ), "not behind the words"
        if here[0]:
            places.append(here[1])
            expect_lit(the_map, graph, here[0])
        the_map.keyboard.press("Tab")
    assert [round(place) for place in places] == sorted(round(place) for place in places)

    box(the_map, "reward-model").focus()
    before, opens = set(graph.predecessors("reward-model")), set(graph.successors("reward-model"))
    focused = "document.activeElement.dataset.id"
    the_map.keyboard.press("ArrowUp")
    assert the_map.evaluate(focused) in before
    beside = {the_map.evaluate(focused)}
    for key in ["ArrowLeft", "ArrowLeft", "ArrowRight", "ArrowRight"]:
        the_map.keyboard.press(key)
        beside.add(the_map.evaluate(focused))
    assert beside == before, "sideways among what comes before"
    box(the_map, "reward-model").focus()
    the_map.keyboard.press("ArrowDown")
    child = the_map.evaluate(focused)
    assert child in opens
    expect_lit(the_map, graph, child)
    box(the_map, "human-intentions").focus()
    the_map.keyboard.press("ArrowUp")
    assert the_map.evaluate(focused) == "human-intentions", "nothing comes before"


def test_a_click_and_enter_lead_to_the_definition(the_map: Page, map_address: str) -> None:
    box(the_map, "loss-mask").click()
    the_map.wait_for_url("**/supervised-fine-tuning.html#concept-loss-mask")
    expect(the_map.locator("#concept-loss-mask")).to_contain_text("Loss mask")
    the_map.goto(map_address)
    box(the_map, "dpo").focus()
    the_map.keyboard.press("Enter")
    the_map.wait_for_url("**/direct-preference-optimization.html#concept-dpo")


def test_every_link_leads_to_something(map_site: Path, the_map: Page) -> None:
    hrefs = the_map.locator("concept-map a[href]").evaluate_all("links => links.map((a) => a.getAttribute('href'))")
    for href in set(hrefs):
        file, _, anchor = href.partition("#")
        target = map_site / "chapters" / (file or "concept-map.html")
        assert not anchor or f'id="{anchor}"' in target.read_text(), href


def test_search(the_map: Page, graph: nx.DiGraph) -> None:
    field = the_map.get_by_role("searchbox")
    field.fill("kl DIV")
    expect_lit(the_map, graph, "kl-divergence")
    expect(the_map.get_by_role("status")).to_contain_text("1 found, first KL divergence.")
    field.press("Enter")
    expect(box(the_map, "kl-divergence")).to_be_focused()
    expect(box(the_map, "kl-divergence")).to_be_in_viewport()
    field.fill("nothing like it")
    expect(the_map.get_by_role("status")).to_have_text("No concept found.")
    expect(the_map.locator("a[data-role]")).to_have_count(0)
    field.fill("reward")
    assert the_map.locator("a.bw-found").count() == 6
    the_map.get_by_role("button", name="Show as a list").click()
    entries = the_map.locator(".bw-map-list li[id]:visible")
    assert all("eward" in text for text in entries.locator("> a").all_text_contents())
    assert entries.count() == 6
    expect(the_map.locator(".bw-map-list").get_by_text("Supervised fine-tuning")).to_be_hidden()
    field.press("Enter")
    expect(entries.first.locator("> a")).to_be_focused()
    field.fill("")
    assert entries.count() == 80


def test_the_list_says_the_same_and_is_remembered(the_map: Page, graph: nx.DiGraph) -> None:
    the_map.get_by_role("button", name="Show as a list").click()
    expect(the_map.locator("svg[role=group]")).to_be_hidden()
    said = the_map.locator(".bw-map-list li[id]").evaluate_all(
        """entries => Object.fromEntries(entries.map((entry) => [
            entry.querySelector("a").hash.replace("#concept-", ""),
            [...entry.querySelectorAll("p")].flatMap((line) => [...line.querySelectorAll("a")].map((link) => [
                line.textContent.split(":")[0],
                document.querySelector(link.hash).querySelector("a").hash.replace("#concept-", ""),
            ])),
        ]))"""
    )
    assert said.keys() == set(graph)
    for name, links in said.items():
        expected = {("Before", other) for other in graph.predecessors(name)}
        assert {tuple(link) for link in links} == expected | {("Opens", other) for other in graph.successors(name)}
    nested = the_map.locator(".bw-map-list > li > ul > li > ul > li[id]")
    assert nested.count() == 80, "by part and chapter"

    other = the_map.context.new_page()
    other.goto(the_map.url)
    expect(other.locator(".bw-map-list")).to_be_visible()
    other.get_by_role("button", name="Show the map").click()
    expect(the_map.locator("svg[role=group]")).to_be_visible()  # chosen in another tab


def test_mastery_and_what_to_learn_next(the_map: Page) -> None:
    states = "[...document.querySelectorAll('a[data-id] .bw-sign')].map((sign) => sign.getAttribute('class'))"
    assert set(the_map.evaluate(states)) == {"bw-sign bw-new", "bw-sign bw-none"}
    next_links = the_map.locator(".bw-map-next a")
    expect(next_links).to_have_text(["Fine tuning with labelled data", "Human intentions"])
    for name in ["fine-tuning-with-labelled-data", "human-intentions", "llm-alignment"]:
        the_map.evaluate(KNOW, name)
    expect(box(the_map, "llm-alignment").locator(".bw-sign.bw-mastered .bw-tick")).to_have_count(1)
    expect(box(the_map, "misalignment").locator(".bw-sign.bw-new")).to_have_count(1)
    expect(box(the_map, "dpo").locator(".bw-sign.bw-none")).to_have_count(1)
    expect(next_links).to_have_text(["Misalignment", "Sources of guidance"])
    for state in ["mastered", "not begun", "no question asks about it"]:
        expect(the_map.locator(".bw-map-legend").get_by_text(state, exact=True)).to_be_visible()
    box(the_map, "llm-alignment").hover()
    expect(the_map.get_by_role("status")).to_contain_text("LLM alignment (mastered)")
    the_map.get_by_role("button", name="Show as a list").click()
    entry = the_map.locator(".bw-map-list li[id]", has=the_map.locator("a[href$='#concept-llm-alignment']"))
    expect(entry.locator("small")).to_have_text("mastered, 100 % (1 of 1 questions answered)")
    next_links.first.click()
    the_map.wait_for_url("**/what-is-alignment.html#concept-*")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible_in_every_state(scheme: str, open_page: Callable, map_address: str, violations: Callable) -> None:
    page = open_page(map_address, viewport=WIDE, color_scheme=scheme, reduced_motion="reduce")
    expect(page.locator(f"html[data-theme={scheme}]")).to_have_count(1)
    expect(page.locator(".bw-map-legend")).to_be_visible()
    for name in ["fine-tuning-with-labelled-data", "human-intentions"]:
        page.evaluate(KNOW, name)
    found = violations(page)
    box(page, "reward-model").focus()
    found += violations(page, "article")
    page.get_by_role("searchbox").fill("reward")
    found += violations(page, "article")
    page.get_by_role("button", name="Show as a list").click()
    found += violations(page, "article")
    assert not found, "\n\n".join(found)


def test_without_scripts_map_and_list_are_there(open_page: Callable[..., Page], map_address: str) -> None:
    page = open_page(map_address, viewport=WIDE, java_script_enabled=False)
    expect(page.locator("svg[role=group]")).to_be_visible()
    expect(page.locator(".bw-map-list")).to_be_visible()
    expect(page.locator("concept-map input, concept-map button")).to_have_count(0)
    expect(page.get_by_role("link", name="KL regularised optimum")).not_to_have_count(0)
    box(page, "loss-mask").click()
    page.wait_for_url("**/supervised-fine-tuning.html#concept-loss-mask")


def test_on_a_phone_the_list_comes_first(open_page: Callable[..., Page], map_site: Path) -> None:
    page = open_page((map_site / "chapters/concept-map.html").as_uri(), viewport=PHONE)
    expect(page.locator(".bw-map-legend")).to_be_visible()
    expect(page.locator(".bw-map-list")).to_be_visible()
    expect(page.locator("svg[role=group]")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("button", name="Show the map").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 360, "the map scrolls within its frame"
    assert page.evaluate(SCALE) == 1, "and is not made smaller"
    signs = page.locator("a[data-id] .bw-sign")
    expect(signs).to_have_count(80)
    box(page, "reward-model").focus()
    expect(page.get_by_role("status")).to_contain_text("Before: Surrogate objective")


def test_paper_shows_the_list(the_map: Page) -> None:
    the_map.emulate_media(media="print")
    the_map.set_viewport_size({"width": 700, "height": 1000})
    expect(the_map.locator(".bw-map-list")).to_be_visible()
    for part in ["svg[role=group]", ".bw-map-panel", ".bw-map-tools", ".bw-map-next"]:
        expect(the_map.locator(part)).to_be_hidden()
    assert the_map.evaluate("document.documentElement.scrollWidth") <= 700


def test_a_part_of_the_map(open_page: Callable[..., Page], map_address: str) -> None:
    page = open_page(map_address.replace("concept-map", "map-chapters"), viewport=WIDE)
    names = page.locator("a[data-id]").evaluate_all("links => links.map((link) => link.dataset.id)")
    assert set(names) == {"kl-penalty", "kl-estimators", "kl-regularised-optimum"}
    page.goto(map_address.replace("concept-map", "map-parts"))
    expect(page.locator(".bw-part")).to_have_text(["Instruction alignment", "Putting it together"])
    chapters = [page for page in outlined(CORE) if page.part in {"Instruction alignment", "Putting it together"}]
    assert page.locator("a[data-id]").count() == sum(len(chapter.concepts) for chapter in chapters)


@pytest.mark.parametrize("palette", ["light", "dark"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_in_the_readers_own_colours(open_page: Callable[..., Page], map_address: str, palette: str, theme: str) -> None:
    """High contrast: ink and ground come from one palette, also where the book's theme is the other one."""
    page = open_page(map_address, viewport=WIDE, forced_colors="active", color_scheme=palette)
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    page.locator("a[data-id]", has_text="Surrogate objective").first.focus()
    ground = page.locator(".bw-bands rect").first.evaluate("one => getComputedStyle(one).fill")
    for part, ink, least in [
        ("a[data-id] text", "fill", 4.5),
        (".bw-part", "fill", 4.5),
        ("a[data-role=here] rect", "stroke", 3),
        (".bw-lines path[data-role=before]", "stroke", 3),
        (".bw-lines path[data-role=opens]", "stroke", 3),
        (".bw-sign", "stroke", 3),
    ]:
        colour = page.locator(f"svg[role=group] {part}").first.evaluate("(one, ink) => getComputedStyle(one)[ink]", ink)
        assert contrast(ground, colour) >= least, part
