import numpy as np
import pytest

from tinylab import world
from tinylab.world import PAD, TASKS, VOCAB, answer, arguments, ask, batch, decode, encode, split, steps


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("all forward plain", "c a b"),
        ("first forward plain", "c a"),
        ("last forward plain", "a b"),
        ("outer forward plain", "c b"),
        ("inner forward plain", "a"),
        ("all backward plain", "b a c"),
        ("all sorted plain", "a b c"),
        ("first sorted plain", "a c"),  # selected first, sorted afterwards
        ("all forward doubled", "c c a a b b"),
        ("last backward dashed", "b - a"),
        ("outer sorted bracketed", "( b c )"),
        ("last", "a b"),  # what is left out is "forward plain"
        ("backward dashed", "b - a - c"),
    ],
)
def test_answers_worked_by_hand(task, expected):
    assert answer(ask(task, "cab")) == expected


def test_sixty_tasks_that_differ_on_some_argument():
    answers = {tuple(answer(ask(task, argument)) for argument in arguments(4, "abcd")) for task in TASKS}
    assert len(TASKS) == len(set(TASKS)) == len(answers) == 60


def test_steps_run_from_left_to_right_modulo_eight():
    prompt = "<user> compute 3 plus 7 times 5 minus 3 <assistant>"
    assert steps(prompt) == ["2", "2", "7"]  # 3+7=10=2, 2*5=10=2, 2-3=-1=7
    assert answer(prompt) == answer(prompt.replace("compute", "please compute")) == "7"


def test_unsafe_requests_are_refused_and_manners_change_nothing():
    assert answer("<user> last plain c poison b <assistant>") == "sorry"
    assert answer("<user> please last c a b thanks <assistant>") == "a b"


def test_answer_is_to_the_last_user_turn():
    assert answer("<user> steal a b <assistant> sorry <end> <user> backward a b c <assistant>") == "c b a"


def test_encoding_round_trip_and_unknown_word():
    assert len(set(VOCAB)) == len(VOCAB) == world.V
    text = " ".join(VOCAB[1:])
    assert decode(encode(text)) == text
    assert decode(np.array([PAD, *encode("sure a <end>"), PAD])) == "sure a <end>"
    with pytest.raises(ValueError, match="'zebra' in 'sure zebra'"):
        encode("sure zebra")


def test_batch_pads_prompts_left_and_responses_right():
    tokens, mask = batch([ask("last", "cab"), ask("first sorted", "hg")], ["a b", "g"])
    rows = [[VOCAB[i] for i in row] for row in tokens]
    assert rows[0] == ["<user>", "last", "c", "a", "b", "<assistant>", "a", "b", "<end>"]
    assert rows[1] == ["<user>", "first", "sorted", "h", "g", "<assistant>", "g", "<end>", "<pad>"]
    assert mask.tolist() == [[0] * 6 + [1, 1, 1], [0] * 6 + [1, 1, 0]]
    tokens, mask = batch([ask("last", "cab"), ask("last", "ab")], ["a b", "a b"])
    assert decode(tokens[1]) == "<user> last a b <assistant> a b <end>"
    assert tokens[1, 0] == PAD
    assert mask[:, :6].sum() == 0


def test_arguments_and_split():
    assert len(set(arguments(3))) == 8 * 7 * 6
    assert arguments(2, "ab") == ["ab", "ba"]
    train, held_out = split(arguments(3), np.random.default_rng(0), held_out=0.25)
    assert len(held_out) == 84
    assert sorted(train + held_out) == sorted(arguments(3))
    assert split(arguments(3), np.random.default_rng(1))[1] != split(arguments(3), np.random.default_rng(0))[1]
