"""A plain ipywidget on a page keeps working as stock does; our own cells need none of what that takes."""

import json
import re
from pathlib import Path

NEEDS_A_MANAGER = ["application/vnd.jupyter.widget-state+json", "require", "html-manager"]


def test_a_plain_widget_is_embedded_as_stock_does(small_site: Path) -> None:
    html = (small_site / "chapters/widget.html").read_text(encoding="utf-8")
    for need in NEEDS_A_MANAGER:
        assert need in html
    state = json.loads(
        re.search(r'<script type="application/vnd.jupyter.widget-state\+json">(.*?)</script>', html, re.S)[1]
    )
    models = state["state"]
    assert {"IntSliderModel", "SliderStyleModel", "LayoutModel"} == {model["model_name"] for model in models.values()}
    slider = next(name for name, model in models.items() if model["model_name"] == "IntSliderModel")
    assert models[slider]["state"]["value"] == 7
    assert f'"model_id": "{slider}"' in html
    assert html.count("widget-view+json") == 1


def test_a_page_with_quiz_cells_alone_embeds_nothing(small_site: Path) -> None:
    html = (small_site / "chapters/one.html").read_text(encoding="utf-8")
    assert "<book-question" in html
    for need in [*NEEDS_A_MANAGER, "widget-view"]:
        assert need not in html
