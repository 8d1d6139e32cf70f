// @ts-check
/** One page of a lesson: its text, its question, what it waits for, the reveal and the task. */

import { element } from "../dom.js";
import { formatCount } from "../format.js";

/** @typedef {{name: string, text: string, answers: string[], right: number, reveal: string}} Question */
/** @typedef {{words: string, goal: Record<string, any>, by: number}} Waiting */
/** @typedef {{text: string, waiting?: Waiting, knobs?: string[], solution?: Record<string, unknown>, solution_text?: string}} Task */
/** @typedef {{preset?: string, changes?: Record<string, unknown>, seed?: number, step?: number, speed?: number|"frame"|"max"}} Experiment */
/** @typedef {{preset?: string, changes?: Record<string, unknown>}} PageGame of two numbers */
/**
 * @typedef {object} LessonPage
 * @property {string} title
 * @property {string} text
 * @property {string[]} [lit]
 * @property {Experiment} [experiment]
 * @property {PageGame} [game] in the place of a run
 * @property {Question} [question]
 * @property {Waiting} [waiting]
 * @property {string} [reveal]
 * @property {Task} [task]
 * @property {"before"|"after"} [inventory]
 * @property {string} [language] that of the page where it is not the reader's
 */
/** @typedef {Record<string, string>} Words */
/** @typedef {ReturnType<typeof import("./progress.js").readProgress>} Progress */
/**
 * @typedef {object} Context
 * @property {Words} words
 * @property {Question[]} questions
 * @property {Progress} progress
 * @property {import("./progress.js").Place} place
 * @property {() => void} onChange the answer to a question was given
 * @property {(changes: Record<string, unknown>) => void} apply change settings
 */

/** Words with their fields replaced. @param {string} text @param {Record<string, string|number>} fields */
export function fill(text, fields) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(fields[name] ?? whole));
}

/** Font size in pixels below which a formula is scrolled and set no smaller. */
const SMALLEST_FORMULA = 14;

/** Set formulas that are wider than their column smaller; one that is still wider is scrolled, by keys, too. @param {HTMLElement} text */
export function fitFormulas(text) {
  for (const formula of /** @type {NodeListOf<MathMLElement>} */ (text.querySelectorAll("math[display='block']"))) {
    formula.style.fontSize = "";
    const share = formula.clientWidth / formula.scrollWidth;
    if (share < 1) formula.style.fontSize = `${Math.max(SMALLEST_FORMULA, parseFloat(getComputedStyle(formula).fontSize) * share * 0.98)}px`;
    if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
    else formula.removeAttribute("tabindex");
  }
}

/** HTML of the server as an element. @param {string} html @param {string} kind of the element */
function prose(html, kind) {
  const node = element("div", { class: kind, translate: "no" });
  node.innerHTML = html;
  for (const button of node.querySelectorAll("button[data-lit]")) button.setAttribute("aria-pressed", "false");
  return node;
}

/**
 * @param {LessonPage} page @param {Context} context
 * @returns {{nodes: HTMLElement[], update: (metAt: (name: "waiting"|"task") => number|undefined) => void, knobs: HTMLElement|null}}
 *   `update`: show what was seen; `knobs`: the place of the task's controls
 */
export function viewOf(page, context) {
  const text = prose(page.text, "prose");
  if (page.inventory) return inventoryView(page.inventory, text, context);
  const question = page.question ? questionView(page.question, { ...context, onChange }, page.waiting ? context.words.committed : "") : null;
  const waiting = page.waiting ? waitingLine(page.waiting, context.words) : null;
  const reveal = revealView(page, context);
  const task = page.task ? taskView(page.task, context) : null;
  /** The focus of the button, which goes away, moves on to what is read next. */
  function onChange() {
    context.onChange();
    (reveal.isShown() ? reveal.node : question?.said)?.focus();
  }
  const nodes = [text, question?.node, waiting?.node, reveal.node, task?.node].filter((node) => node !== undefined && node !== null);
  return {
    nodes,
    knobs: task?.knobs ?? null,
    update(metAt) {
      const seen = metAt("waiting");
      question?.update();
      waiting?.update(seen);
      reveal.update(seen !== undefined || !page.waiting);
      task?.update(metAt("task"));
    },
  };
}

/** @param {Question} question @param {Pick<Context, "words"|"progress"|"place">} context @param {number|undefined} chosen */
function choices(question, { words: { yours }, place }, chosen) {
  const group = `${place.lesson}-${question.name}`;
  const legend = element("legend", {});
  legend.append(prose(question.text, "prose"));
  return element("fieldset", { class: "choices" }, legend, ...question.answers.map((answer, index) => {
    const label = element("label", {});
    const words = element("span", {});
    words.innerHTML = answer;
    label.append(words);
    const input = element("input", { type: "radio", name: group, value: index, checked: chosen === index, disabled: chosen !== undefined });
    label.prepend(input);
    if (chosen === index) words.append(element("span", { class: "chosen" }, ` ${yours}`));
    return label;
  }));
}

/** @param {Question} question @param {Context} context @param {string} next what to do after the answer */
function questionView(question, context, next) {
  const { words, progress, place, onChange } = context;
  const node = element("div", { class: "question" });
  const said = element("p", { class: "quiet-line", role: "status", tabindex: -1 });

  function update() {
    const given = progress.answerTo(question.name)?.answer;
    if (node.dataset.given === String(given) && node.firstChild) return;
    node.dataset.given = String(given);
    const field = choices(question, context, given);
    const commit = element("button", { type: "button", class: "commit", hidden: given !== undefined, onclick: () => {
      const picked = /** @type {HTMLInputElement|null} */ (field.querySelector("input:checked"));
      if (!picked) said.textContent = words.pick_first;
      else {
        progress.answer({ when: new Date().toISOString(), ...place, question: question.name, answer: Number(picked.value), right: question.right });
        onChange();
      }
    } }, words.commit);
    node.replaceChildren(element("h3", {}, words.predict), field, commit, said);
    if (given !== undefined) said.textContent = next;
  }
  update();
  return { node, said, update };
}

/** @param {Waiting} waiting @param {Words} words */
function waitingLine(waiting, words) {
  const node = element("p", { class: "waiting", role: "status" });
  return {
    node,
    /** @param {number|undefined} step */
    update(step) {
      const text = step === undefined ? fill(words.waiting, { what: waiting.words }) : fill(words.done, { what: waiting.words, step: formatCount(step) });
      if (node.textContent !== text) node.textContent = text;
      node.classList.toggle("done", step !== undefined);
    },
  };
}

/** The answer to the question, or what was to be seen: hidden until it was seen or asked for. @param {LessonPage} page @param {Context} context */
function revealView(page, { words, progress }) {
  const { question } = page;
  const html = question?.reveal || page.reveal || "";
  const node = element("div", { class: "reveal", hidden: html === "", tabindex: -1 });
  let isAsked = false;
  return {
    node,
    isShown: () => node.querySelector(".prose") !== null,
    /** @param {boolean} isSeen */
    update(isSeen) {
      if (html === "") return;
      const given = question && progress.answerTo(question.name)?.answer;
      const isShown = isAsked || (isSeen && (!question || given !== undefined));
      const state = `${isShown} ${given}`;
      if (node.dataset.state === state) return;
      node.dataset.state = state;
      if (!isShown) {
        const ask = element("button", { type: "button", class: "quiet", onclick: () => {
          isAsked = true;
          this.update(isSeen);
          node.focus();
        } }, question ? words.show_answer : words.show_reveal);
        node.replaceChildren(ask);
        return;
      }
      node.replaceChildren(element("h3", {}, words.reveal), ...verdict(question, given, words), prose(html, "prose"));
    },
  };
}

/** @param {Question|undefined} question @param {number|undefined} given @param {Words} words @returns {HTMLElement[]} */
function verdict(question, given, words) {
  if (!question) return [];
  const right = element("p", { class: "verdict" });
  right.innerHTML = fill(given === undefined ? words.right_answer : given === question.right ? words.you_were_right : words.it_was, { answer: question.answers[question.right] });
  return [right];
}

/** @param {Task} task @param {Context} context */
function taskView(task, { words, apply }) {
  const knobs = element("div", { class: "lesson-knobs" });
  const judged = task.waiting ? waitingLine(task.waiting, words) : null;
  const node = element("div", { class: "task" }, element("h3", {}, words.task), prose(task.text, "prose"), knobs);
  if (judged) node.append(judged.node);
  const { solution } = task;
  if (task.solution_text) {
    const fold = element("details", { class: "solution" }, element("summary", {}, words.solution), prose(task.solution_text, "prose"));
    if (solution) fold.append(element("button", { type: "button", onclick: () => apply(solution) }, words.apply_solution));
    node.append(fold);
  }
  return { node, knobs, update: (/** @type {number|undefined} */ step) => judged?.update(step) };
}

/** @param {"before"|"after"} when @param {HTMLElement} text @param {Context} context */
function inventoryView(when, text, context) {
  const { words, questions, progress, place } = context;
  const form = element("div", { class: "inventory" });
  const said = element("p", { class: "quiet-line", role: "status", tabindex: -1 });
  const isDone = () => questions.every(({ name }) => progress.answerTo(name, place.lesson));
  function keep() {
    const picked = questions.map((_, index) => /** @type {HTMLInputElement|null} */ (form.children[index].querySelector("input:checked")));
    if (picked.some((input) => input === null)) {
      said.textContent = words.answer_all;
      return;
    }
    const now = new Date().toISOString();
    questions.forEach(({ name, right }, index) => progress.answer({ when: now, ...place, question: name, answer: Number(picked[index]?.value), right }));
    fillForm();
    said.textContent = when === "before" ? words.kept_before : words.kept_after;
    said.focus();
    context.onChange();
  }
  const button = element("button", { type: "button", class: "commit", onclick: keep }, words.keep_answers);
  function fillForm() {
    button.hidden = isDone();
    form.replaceChildren(...questions.map((question) => {
      const given = progress.answerTo(question.name, place.lesson)?.answer;
      const block = element("div", { class: "question" }, choices(question, context, given));
      if (when === "after" && given !== undefined) {
        block.append(...verdict(question, given, words), prose(question.reveal, "prose"));
        const before = progress.answerTo(question.name, "before");
        if (before) block.append(element("p", { class: "quiet-line" }, before.answer === question.right ? words.before_right : words.before_wrong));
      }
      return block;
    }));
  }
  fillForm();
  return { nodes: [text, form, button, said], update() {}, knobs: null };
}
