// The data scripts (pages/bank_scripts.py): what the book asks, for pages that show questions of other pages.
//
// They are classic scripts and not JSON, because browsers refuse to fetch from file://. The index tells what there is;
// the markup of a chapter's questions comes with the chapter's own script, when it is asked for.

/** An address relative to the site's root, as seen from this page. */
function toRoot(href) {
  return (document.documentElement.dataset.content_root ?? "") + href;
}

const arriving = {}; // promises of scripts by name

function loadScript(name, version = "") {
  arriving[name] ??= new Promise((resolve, reject) => {
    const script = element("script", { src: toRoot(`_static/bookwidgets/bank/${name}.js${version}`) });
    const fail = () => {
      delete arriving[name]; // a network that comes back may be asked again
      script.remove();
      reject(new Error(`${script.src} did not arrive`));
    };
    script.addEventListener("load", resolve, { once: true });
    script.addEventListener("error", fail, { once: true });
    document.head.append(script);
  });
  return arriving[name];
}

/** A promise of window.bookBank: {book, chapters, concepts, questions, html}. */
async function loadIndex() {
  if (!window.bookBank) await loadScript("index");
  return window.bookBank;
}

/** A promise of the markup of a chapter's questions and concept cards: {id: markup}. */
async function loadQuestions(slug) {
  const { chapters, html } = await loadIndex();
  const { version } = chapters.find((chapter) => chapter.slug === slug);
  if (!version) return {}; // a chapter without any
  if (!html[slug]) await loadScript(slug, `?v=${version}`);
  return html[slug];
}

/**
 * A new <book-question> for an id whose chapter was loaded; undefined for another. It is `data-fresh`: the store notes
 * its answers and does not put old ones back.
 */
function questionElement(id) {
  const all = Object.values(window.bookBank.html);
  const markup = all.map((some) => some[id]).find(Boolean);
  if (!markup) return undefined;
  const template = document.createElement("template");
  template.innerHTML = markup; // trusted: made at build from checked Markdown, through an allowlist
  const question = template.content.firstElementChild;
  question.dataset.fresh = "";
  for (const name of ["href", "src"]) {
    for (const part of question.querySelectorAll(`[${name}]`)) {
      const address = part.getAttribute(name);
      if (!/^([a-z]+:|#)/i.test(address)) part.setAttribute(name, toRoot(address));
    }
  }
  return question;
}
