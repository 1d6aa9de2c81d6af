"""The concepts that the book plans, with plausible edges: a graph of the size that maps must stay readable at.

It tells of no chapter that exists. A line is a concept, and after it what to learn before.
"""

import re
import shutil
from pathlib import Path

from bookwidgets.bank.page import Concept, Page

SMALL_BOOK = Path(__file__).parent / "small_book"

OUTLINE = """
# What alignment is
## What is alignment?
fine-tuning-with-labelled-data
human-intentions
llm-alignment: fine-tuning-with-labelled-data human-intentions
misalignment: llm-alignment
sources-of-guidance: llm-alignment
human-feedback: sources-of-guidance
helpful-honest-harmless: llm-alignment
surrogate-objective: sources-of-guidance misalignment
goodharts-law: surrogate-objective
defining-human-preferences: human-feedback human-intentions
## From pre-training to post-training
pre-training
post-training: pre-training llm-alignment
cost-of-fine-tuning: pre-training fine-tuning-with-labelled-data
instruction-alignment: post-training fine-tuning-with-labelled-data
human-preference-alignment: post-training human-feedback
constitution: post-training sources-of-guidance
reasoning-training: post-training
dialogue-data: instruction-alignment
tool-use: post-training
## A model small enough to see
autoregressive-model: pre-training
next-token-loss: autoregressive-model
temperature: autoregressive-model
policy: autoregressive-model
entropy: next-token-loss
kl-divergence: policy entropy
one-gradient-many-weights: policy next-token-loss
seed-interval
## The whole pipeline in ten minutes
pipeline: instruction-alignment human-preference-alignment one-gradient-many-weights
# Instruction alignment
## Supervised fine-tuning
supervised-fine-tuning: instruction-alignment next-token-loss one-gradient-many-weights
demonstration: supervised-fine-tuning fine-tuning-with-labelled-data
chat-template: dialogue-data supervised-fine-tuning
loss-mask: chat-template next-token-loss
stop-token: chat-template
teacher-forcing: supervised-fine-tuning autoregressive-model
exposure-bias: teacher-forcing
packing: loss-mask
catastrophic-forgetting: supervised-fine-tuning
## Instruction data
instruction-data: demonstration
data-quality: instruction-data
data-diversity: instruction-data
self-instruct: instruction-data data-diversity
distillation: instruction-data kl-divergence
contamination: instruction-data
model-collapse: self-instruct entropy
## Efficient fine-tuning
parameter-efficient-fine-tuning: supervised-fine-tuning cost-of-fine-tuning
lora: parameter-efficient-fine-tuning catastrophic-forgetting
quantization: parameter-efficient-fine-tuning
memory-of-training: lora quantization
## Instruction generalization
instruction-generalization: instruction-data data-diversity
compositional-generalization: instruction-generalization
superficial-alignment: instruction-generalization data-quality
elicitation: superficial-alignment pre-training
misaligned-instruction-following: instruction-generalization misalignment
## Dialogue
multi-turn-dialogue: chat-template dialogue-data
system-prompt: multi-turn-dialogue
turn-masking: multi-turn-dialogue loss-mask
# Human preference alignment
## Preference data
preference-data: human-preference-alignment human-feedback defining-human-preferences
pairwise-comparison: preference-data
bradley-terry: pairwise-comparison
plackett-luce: bradley-terry
annotator-agreement: pairwise-comparison
intransitivity: bradley-terry
## Reward models
reward-model: bradley-terry surrogate-objective
reward-margin: reward-model
reward-centring: reward-model
reward-calibration: reward-model
reward-ensemble: reward-model seed-interval
llm-as-judge: pairwise-comparison helpful-honest-harmless
length-bias: reward-model annotator-agreement
refusal: reward-model helpful-honest-harmless
## Best-of-n
best-of-n: reward-model policy
reranking: best-of-n
rejection-sampling: best-of-n supervised-fine-tuning
best-of-n-kl: best-of-n kl-divergence
tilted-distribution: kl-divergence reward-model
## Reward hacking and over-optimization
reward-hacking: reward-model misalignment goodharts-law
proxy-reward: reward-hacking surrogate-objective
gold-reward: proxy-reward
overoptimization: proxy-reward gold-reward best-of-n-kl
kl-frontier: overoptimization
regressional-goodhart: goodharts-law overoptimization
## Policy gradients
policy-gradient: one-gradient-many-weights reward-model
reinforce: policy-gradient
baseline: reinforce
rloo: baseline
advantage: baseline
on-policy-data: reinforce
## KL control
kl-penalty: kl-divergence policy-gradient reward-hacking
kl-regularised-optimum: kl-penalty tilted-distribution
kl-estimators: kl-penalty
## RLHF with PPO
rlhf: reward-model policy-gradient kl-penalty
importance-ratio: on-policy-data advantage
clipping: importance-ratio
value-function: baseline
gae: value-function advantage
ppo: clipping gae rlhf
## Direct preference optimization
dpo: bradley-terry kl-regularised-optimum preference-data
implicit-reward: dpo
beta: dpo kl-penalty
likelihood-displacement: dpo
preference-support: dpo on-policy-data
## Preference objectives
ipo: dpo
kto: dpo
orpo: dpo supervised-fine-tuning
simpo: dpo length-bias
online-preference-optimization: dpo on-policy-data
## GRPO and verifiable rewards
verifiable-reward: reward-model reasoning-training
rlvr: verifiable-reward rlhf
grpo: rloo clipping verifiable-reward
dr-grpo: grpo length-bias
dapo: grpo
gspo: grpo importance-ratio
# Putting it together
## Instruction and preference alignment together
combined-alignment: supervised-fine-tuning dpo rlhf
differing-motivations: instruction-alignment human-preference-alignment
preference-model-generalization: combined-alignment reward-model
joint-objectives: combined-alignment orpo
alignment-tax: combined-alignment catastrophic-forgetting
## Constitutional AI
constitutional-ai: constitution rlhf
critique-and-revision: constitutional-ai
ai-feedback: constitutional-ai llm-as-judge
rlaif: ai-feedback rlhf
## Reasoning
chain-of-thought: reasoning-training
star: chain-of-thought rejection-sampling
outcome-reward: verifiable-reward chain-of-thought
process-reward: outcome-reward
self-consistency: chain-of-thought temperature
faithfulness: chain-of-thought
## Safety
over-refusal: refusal alignment-tax
red-teaming: refusal
jailbreak: red-teaming
sycophancy: reward-hacking human-feedback
honesty: helpful-honest-harmless
hallucination: honesty
alignment-faking: misalignment rlhf
emergent-misalignment: misalignment supervised-fine-tuning
## Evaluation
win-rate: pairwise-comparison llm-as-judge
elo: bradley-terry win-rate
arena: elo
judge-bias: llm-as-judge length-bias
length-controlled-win-rate: win-rate judge-bias
confidence-interval: win-rate seed-interval
## Scalable oversight
weak-to-strong: supervised-fine-tuning elicitation
performance-gap-recovered: weak-to-strong
debate: llm-as-judge
pluralism: defining-human-preferences
social-choice: pluralism intransitivity
"""

CORE = [1, 2, 3, 4, 5, 10, 11, 12, 14, 15, 17, 18, 20]  # 80 concepts


def outlined(chapters: list[int] | None = None) -> list[Page]:
    """The chapters of the outline with these numbers (default: all), each a page with its part and its concepts."""
    pages: list[Page] = []
    part = ""
    for line in OUTLINE.strip().splitlines():
        if line.startswith("# "):
            part = line[2:]
        elif line.startswith("## "):
            slug = "-".join(re.findall(r"[a-z]+", line.lower()))
            pages.append(Page(f"chapters/{slug}", f"chapters/{slug}.md", line[3:], part=part))
        else:
            name, _, after = line.partition(":")
            page = pages[-1]
            page.concepts.append(Concept(name, titled(name), tuple(after.split()), (), (), "It is.", page.file, 1))
    return [pages[number - 1] for number in chapters] if chapters else pages


def titled(name: str) -> str:
    """A title such as the book would give."""
    short = {"llm", "kl", "dpo", "ipo", "kto", "orpo", "rlhf", "ppo", "gae", "rloo", "grpo", "dr", "dapo", "gspo", "ai"}
    short |= {"rlaif", "rlvr", "sft"}
    words = [word.upper() if word in short else word for word in name.split("-")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


QUESTION = """\
- id: about-{id}
  type: choice
  concepts: [{id}]
  level: apply
  prompt: Case {number}. What follows?
  hints: [Think.]
  options:
    - text: This follows, in case {number}.
      correct: true
      feedback: It does.
    - text: That follows, in case {number}.
      feedback: It does not.
    - text: Neither one, in case {number}.
      feedback: One does.
  explanation: It is so.
  see: {slug}#{slug}
"""


def write_book(root: Path, chapters: list[int], asked: int = 6) -> Path:
    """A book of these chapters with nothing in them but definitions, a map, and a question on the first concepts."""
    shutil.copytree(SMALL_BOOK, root, ignore=shutil.ignore_patterns("_build", "chapters", "quizzes", "*.md"))
    # Of a site without an icon browsers ask one all the same, and report the answer as an error.
    config = (root / "_config.yml").read_text()
    (root / "_config.yml").write_text(config.replace("html:\n", "html:\n  favicon: mark.svg\n", 1))
    shutil.copy(SMALL_BOOK.parent.parent / "chapters/figures/mark.svg", root)
    pages = outlined(chapters)
    (root / "chapters").mkdir()
    (root / "quizzes").mkdir()
    known = {concept.id for page in pages for concept in page.concepts}
    toc, part = ["format: jb-book", "root: index", "parts:"], None
    for page in pages:
        toc += [f"  - caption: {page.part}", "    chapters:"] if page.part != part else []
        toc.append(f"      - file: {page.name}")
        part = page.part
        (root / page.file).write_text(_chapter(page, known))
    toc += ["  - caption: Appendices", "    chapters:", "      - file: chapters/concept-map"]
    (root / "_toc.yml").write_text("\n".join(toc))
    (root / "index.md").write_text("# A book of concepts\n")
    (root / "chapters/concept-map.md").write_text("# Concept map\n\n```{concept-map}\n```\n")
    first = [(concept.id, page.slug) for page in pages for concept in page.concepts][:asked]
    for slug in dict.fromkeys(slug for _, slug in first):
        own = [(number, name) for number, (name, place) in enumerate(first) if place == slug]
        texts = [QUESTION.format(id=name, slug=slug, number=number) for number, name in own]
        (root / f"quizzes/{slug}.yml").write_text("".join(texts))
    return root


def _chapter(page: Page, known: set[str]) -> str:
    text = f"({page.slug})=\n# {page.title}\n"
    for concept in page.concepts:
        after = ", ".join(before for before in concept.after if before in known)
        related = "" if after or concept.id in OUTLINE.replace(f"\n{concept.id}", "") else "llm-alignment"
        options = f":title: {concept.title}\n" + (f":after: {after}\n" if after else "")
        options += f":related: {related}\n" if related else ""
        text += f"\n```{{concept}} {concept.id}\n{options}It is.\n```\n"
    return text
