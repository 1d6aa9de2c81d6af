"""What chapters/supervised-fine-tuning.md says about trained models holds on five seeds that it does not show.

The chapter's own functions are run, as they stand in its cells. The chapter reports seeds 0 to 4, these are 5 to 9.
"""

import ast
from functools import cache
from pathlib import Path

import jupytext
import numpy as np
import pytest

from tinylab.model import TinyLM
from tinylab.packing import laid_out
from tinylab.sampling import greedy
from tinylab.stats import seed_interval
from tinylab.training import demonstrations, exact_match, train
from tinylab.world import END, V, answer, arguments, ask, encode, encode_prompts, split

CHAPTER = Path(__file__).parents[2] / "chapters" / "supervised-fine-tuning.md"
SEEDS = range(5, 10)


def defined_in_the_chapter():
    """Its imports from tinylab, its lists in capitals, and its functions; nothing else of it is run."""
    kept = []
    for cell in jupytext.read(CHAPTER).cells:
        for node in ast.parse(cell.source).body if cell.cell_type == "code" else []:
            capitals = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "").isupper()
            from_lab = isinstance(node, ast.ImportFrom) and node.module.startswith("tinylab.")
            plain = isinstance(node, ast.FunctionDef) and not node.decorator_list
            if capitals or from_lab or plain or ast.unparse(node) == "import numpy as np":
                kept.append(node)
    found = {}
    exec(compile(ast.Module(kept, []), str(CHAPTER), "exec"), found)
    return found


chapter = type("Chapter", (), {name: staticmethod(thing) if callable(thing) else thing
                               for name, thing in defined_in_the_chapter().items()})  # fmt: skip


@cache
def replay_start(seed):
    return chapter.before_fine_tuning(seed)


@cache
def without_replay(seed):
    base, shown, _ = replay_start(seed)
    return chapter.fine_tune(base, shown, seed, 0)


@cache
def few(seed):
    shown, test = chapter.few_demonstrations(seed)
    model = TinyLM(V, window=12, seed=seed)
    train(model, *demonstrations(shown), np.random.default_rng(seed), steps=400)
    return chapter.after_own_mistake(model, test)


@pytest.mark.parametrize("seed", SEEDS)
def test_without_loss_on_its_end_a_right_reply_runs_on(seed):
    known, held_out = split(arguments(3), np.random.default_rng(seed))
    tokens, mask = demonstrations([ask(task, a) for task in chapter.TEN_TASKS for a in known])
    unseen = [ask(task, a) for task in chapter.TEN_TASKS for a in held_out]
    last = {}
    for name, weights in {"taught": mask, "not": mask * (tokens != END)}.items():
        model = TinyLM(V, window=10, seed=seed)
        last[name] = train(model, tokens, weights, np.random.default_rng(seed), steps=600)[-50:].mean()
        ends, begins = chapter.ends_and_begins_right(model, unseen)
        assert begins > 0.95
        assert ends > 0.98 if name == "taught" else ends < 0.1
    assert max(last.values()) < 0.06


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_cut_before_the_reply_leave_a_healthy_loss_and_no_skill(seed):
    rng = np.random.default_rng(seed)
    known, held_out = split(arguments(3), rng)
    long_known, long_held_out = split(arguments(6)[::40], rng)
    tasks = ("first", "last", "outer")
    prompts = [ask(task, a) for task in tasks for a in known + long_known]
    rows, said, _ = laid_out([[(encode(x), [*encode(answer(x)), END])] for x in prompts], length=12)
    assert np.mean(said[:, :9].sum(axis=1) == 0) == len(long_known) / len(known + long_known)
    for limit in (9, 12):
        model = TinyLM(V, window=12, seed=seed)
        losses = train(model, rows[:, :limit], said[:, :limit], np.random.default_rng(seed), steps=400)
        short, long = (exact_match(model, [ask(t, a) for t in tasks for a in g]) for g in (held_out, long_held_out))
        assert losses[-50:].mean() < 0.05
        assert short > 0.9
        assert long < 0.5 if limit == 9 else long > 0.9


def test_the_mask_helps_and_helps_less_once_the_model_has_read():
    runs = {reading: np.array([chapter.with_and_without_mask(s, reading) for s in SEEDS]) for reading in (0, 400)}
    gap, gap_read = runs[0] @ [1, -1], runs[400] @ [1, -1]
    assert min(gap.min(), gap_read.min(), (gap - gap_read).min()) > 0
    for values, least in ((gap, 0.1), (gap_read, 0.03), (gap - gap_read, 0.0)):
        mean, half = seed_interval(values)
        assert mean - half > least


def test_neighbours_harm_when_they_stay_and_not_because_they_leak():
    ways = ("same neighbours", "new neighbours", "kept apart")
    runs = {way: [chapter.packed_training(seed, way) for seed in SEEDS] for way in ways}
    right = {way: np.array([exact_match(model, test) for model, _, test in runs[way]]) for way in ways}
    for better in ways[1:]:
        mean, half = seed_interval(right[better] - right["same neighbours"])
        assert mean - half > 0.05
    assert abs(np.mean(right["kept apart"] - right["new neighbours"])) < 0.1
    for way, (least, most) in {"same neighbours": (2.5, np.inf), "new neighbours": (0.8, 1.5)}.items():
        for model, packed, _ in runs[way]:
            in_row, alone = chapter.loss_in_and_out_of_the_row(model, packed)
            assert least < alone / in_row < most


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_left_of_old_instructions_is_what_the_new_one_agrees_with(seed):
    base, _, (old, new) = replay_start(seed)
    model = without_replay(seed)
    assert exact_match(base, old) > 0.95
    assert exact_match(base, old) - exact_match(model, old) > 0.25
    assert exact_match(model, new) > exact_match(base, new) + 0.2
    agree, differ = chapter.by_agreement(model, old)
    assert agree > 0.65
    assert differ < 0.35


def test_a_tenth_of_replay_saves_about_half_and_costs_little():
    at = {0: [], 0.1: [], 0.8: []}
    for seed in SEEDS:
        base, shown, tests = replay_start(seed)
        for share, found in at.items():
            model = without_replay(seed) if share == 0 else chapter.fine_tune(base, shown, seed, share)
            found.append([exact_match(model, test) for test in tests])
    none, tenth, most = (np.array(found) for found in at.values())  # (5, 2): old, new
    lost = 1 - none[:, 0].mean()
    assert 0.35 * lost < (tenth - none)[:, 0].mean() < 0.7 * lost
    assert (tenth - none)[:, 1].mean() > -0.08
    mean, half = seed_interval((most - none)[:, 1])
    assert mean + half < 0


def test_a_quarter_of_the_rate_forgets_less_and_learns_less():
    gently, usual = [], []
    for seed in SEEDS:
        base, shown, tests = replay_start(seed)
        for found, model in ((usual, without_replay(seed)), (gently, chapter.fine_tune(base, shown, seed, 0, lr=5e-3))):
            found.append([exact_match(model, test) for test in tests])
    kept, learned = np.transpose(np.array(gently) - usual)  # (5,) each: old, new
    mean, half = seed_interval(kept)
    assert mean - half > 0.05
    assert learned.mean() < -0.02


def test_after_its_own_mistakes_a_model_errs_more_and_less_so_with_planted_ones():
    rates = np.array([few(seed) for seed in SEEDS])  # (5, 2): after the teacher's beginning, after its own
    mean, half = seed_interval(rates[:, 1] - rates[:, 0])
    assert mean - half > 0.04
    mended = []
    for seed in SEEDS:
        shown, test = chapter.few_demonstrations(seed)
        model = TinyLM(V, window=12, seed=seed)
        chapter.train_with_planted_mistakes(model, *demonstrations(shown), np.random.default_rng(seed))
        mended.append(chapter.after_own_mistake(model, test)[1])
    assert np.all(rates[:, 1] - mended > 0.03)


@pytest.mark.parametrize("seed", SEEDS)
def test_where_the_letters_are_out_of_sight_the_model_answers_all_the_same(seed):
    rng = np.random.default_rng(seed)
    known, _ = split(arguments(3), rng)
    seven, unseen = split(arguments(7)[::80], rng)
    prompts = [ask("first", a) for a in known + seven]
    model = TinyLM(V, window=6, seed=seed)
    train(model, *demonstrations(prompts), np.random.default_rng(seed), steps=400)
    unseen = [ask("first", a) for a in unseen]
    replies = greedy(model, encode_prompts(unseen), max_len=3)
    assert (replies[:, 2] == END).mean() > 0.9  # two words and an end, as if it knew
    assert exact_match(model, unseen) < 0.4


def test_token_errors_against_a_model_written_down():
    """A teacher who answers 'c a' and a model that says 'a' first and then repeats what it said."""

    class Parrot:
        def next_logp(self, rows):
            said = np.where(rows[:, -1] == encode("<assistant>")[0], encode("a")[0], rows[:, -1])
            said = np.where(np.count_nonzero(rows == rows[:, -1:], axis=1) >= 3, END, said)
            return np.log(np.eye(V)[said] + 1e-9)

    forced, own = chapter.token_errors(Parrot(), [ask("first", "ca")])  # wanted: c a <end>
    assert forced.tolist() == [[True, True, True]]  # a, then c after c, then a after c a
    assert own.tolist() == [[True, False, False]]  # a a <end>: the second letter is right by chance
    assert chapter.after_own_mistake(Parrot(), [ask("first", "ca")]) == (1.0, 0.0)
