// The attendance grid, filled by keyboard and saved cell by cell.
//
// What is typed stands in its cell at once and in this tab (sessionStorage: ids and letters, never a
// name) until the server has it. A lost connection or an ended sign-in loses nothing: it is sent
// again by itself, by the button, or when the page is next opened in this tab. A cell that somebody
// else changed meanwhile is not overwritten: both marks are shown and one is chosen.

const grid = document.getElementById("attendance");
const table = grid.querySelector("table");
const token = grid.querySelector("[name=csrfmiddlewaretoken]").value;
const part = (name) => grid.querySelector(`[data-${name}]`);

const buttons = [...grid.querySelectorAll("[data-key]")];
const stateOf = Object.fromEntries(buttons.map((one) => [one.dataset.key, one.dataset.state]));
const wordsOf = Object.fromEntries(buttons.map((one) => [one.dataset.key, one.textContent]));
const sessions = [...table.tHead.rows[0].cells].slice(1);
const rows = [...table.tBodies[0].rows];

const TRY_AGAIN_AFTER = 10_000; // milliseconds
const ANSWER_WITHIN = 15_000;
const typed = new Map(); // cell → the letter that the server does not have yet
const stale = new Map(); // cell → { letter, by } as somebody else saved it
const sending = new Set();
let lost = "";
let timer = 0;

// --- Cells --------------------------------------------------------------------------------------

const person = (cell) => cell.parentElement.cells[0].textContent.trim();
const session = (cell) => sessions[cell.cellIndex - 1].textContent.trim();
const keyOf = (cell) =>
  `${cell.parentElement.dataset.enrolment} ${sessions[cell.cellIndex - 1].dataset.session}`;

const SAID = {
  saving: ", being saved",
  saved: ", saved",
  failed: ", not saved",
  stale: ", not saved: somebody else changed it",
};

function show(cell, state) {
  const mine = typed.has(cell) ? typed.get(cell) : cell.dataset.saved;
  cell.textContent = stale.has(cell) ? `${mine || "–"}≠${stale.get(cell).letter || "–"}` : mine;
  cell.dataset.mark = mine;
  if (state) cell.dataset.state = state;
  else delete cell.dataset.state;
  const words = `${person(cell)}, ${session(cell)}: ${wordsOf[mine]}`;
  cell.setAttribute("aria-label", words + (SAID[state] || ""));
}

function choose(cell) {
  table.querySelector("td[tabindex='0']")?.setAttribute("tabindex", "-1");
  cell.tabIndex = 0;
  part("chosen").textContent = `${person(cell)}, ${session(cell)}.`;
  cell.focus();
}

function move(cell, down, right) {
  const row = rows[rows.indexOf(cell.parentElement) + down];
  const next = row?.cells[cell.cellIndex + right];
  if (next?.matches("td")) choose(next);
}

// --- What is said -------------------------------------------------------------------------------

function keep() {
  try {
    const kept = [...typed].map(([cell, letter]) => [keyOf(cell), letter, cell.dataset.v]);
    if (kept.length) sessionStorage.setItem(grid.dataset.keep, JSON.stringify(kept));
    else sessionStorage.removeItem(grid.dataset.keep);
  } catch {
    // The browser keeps nothing (private mode, or full): the page itself still does.
  }
}

function tell() {
  const waiting = typed.size - stale.size;
  let words = "Everything is saved.";
  if (lost) words = `${lost} ${waiting === 1 ? "1 mark is" : `${waiting} marks are`} kept here and not saved yet.`;
  else if (waiting) words = "Saving …";
  else if (stale.size) words = "Somebody else marked the same. Choose what to keep:";
  part("status").textContent = words;
  part("again").hidden = !lost;
  part("stale").replaceChildren(...[...stale.keys()].map(line));
}

function line(cell) {
  const { letter, by } = stale.get(cell);
  const item = part("line").content.cloneNode(true).firstElementChild;
  item.querySelector("[data-words]").textContent =
    `${person(cell)}, ${session(cell)}: you typed “${wordsOf[typed.get(cell)]}”, ` +
    `${by || "somebody else"} saved “${wordsOf[letter]}”.`;
  item.querySelector("[data-mine]").addEventListener("click", () => mark(cell, typed.get(cell)));
  item.querySelector("[data-theirs]").addEventListener("click", () => mark(cell, letter));
  return item;
}

const speak = (words) => (part("spoken").textContent = words);

// --- Saving -------------------------------------------------------------------------------------

function mark(cell, letter) {
  stale.delete(cell);
  part("problem").textContent = "";
  if (letter === cell.dataset.saved && !sending.has(cell)) typed.delete(cell);
  else typed.set(cell, letter);
  show(cell, typed.has(cell) ? "saving" : "saved");
  keep();
  tell();
  if (typed.has(cell)) send(cell);
}

async function send(cell) {
  if (sending.has(cell) || stale.has(cell)) return;
  sending.add(cell);
  const letter = typed.get(cell);
  const [enrolment, at] = keyOf(cell).split(" ");
  try {
    const response = await fetch(grid.dataset.url, {
      method: "POST",
      headers: { "X-CSRFToken": token },
      body: new URLSearchParams({ enrolment, session: at, state: stateOf[letter], revision: cell.dataset.v }),
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    sending.delete(cell);
    if (response.ok) saved(cell, letter, await response.json());
    else if (response.status === 409) refused(cell, await response.json());
    else if (response.status === 400) wrong(cell, letter, (await response.json()).problem);
    else later(response.status === 403 ? "You may be signed out: open this page again." : "The server did not answer.");
  } catch {
    sending.delete(cell);
    later("The connection is lost, or you are signed out.");
  }
  keep();
  tell();
}

function saved(cell, letter, now) {
  back();
  cell.dataset.v = now.revision;
  cell.dataset.saved = now.letter;
  if (typed.get(cell) === letter) typed.delete(cell);
  show(cell, typed.has(cell) ? "saving" : "saved");
  if (typed.has(cell)) send(cell);
  else speak(`${person(cell)}: ${wordsOf[letter]}, saved`);
}

function refused(cell, now) {
  back();
  cell.dataset.v = now.revision;
  cell.dataset.saved = now.letter;
  if (typed.get(cell) === now.letter) typed.delete(cell);
  else stale.set(cell, now);
  show(cell, stale.has(cell) ? "stale" : "saved");
  speak(`${person(cell)}: not saved, ${now.by || "somebody else"} marked ${wordsOf[now.letter]}`);
}

function wrong(cell, letter, problem) {
  back();
  typed.delete(cell);
  show(cell, "failed");
  part("problem").textContent = `${person(cell)}, ${session(cell)}: ${wordsOf[letter]} is not saved. ${problem}`;
  speak(problem);
}

function later(words) {
  if (!lost) speak(words);
  lost = words;
  for (const cell of typed.keys()) if (!stale.has(cell)) show(cell, "failed");
  clearTimeout(timer);
  timer = setTimeout(sendAll, TRY_AGAIN_AFTER);
}

function back() {
  if (!lost) return;
  lost = "";
  clearTimeout(timer);
  sendAll();
}

function sendAll() {
  for (const cell of typed.keys()) send(cell);
}

// --- Keyboard, mouse and touch ------------------------------------------------------------------

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [1, 0] };

table.addEventListener("keydown", (event) => {
  const cell = event.target.closest("td");
  if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
  const letter = ["Delete", "Backspace", " "].includes(event.key) ? "" : event.key.toUpperCase();
  if (event.key in STEPS) move(cell, ...STEPS[event.key]);
  else if (event.key === "Home") choose(cell.parentElement.cells[1]);
  else if (event.key === "End") choose(cell.parentElement.cells[sessions.length]);
  else if (letter in stateOf) {
    mark(cell, letter);
    move(cell, 1, 0);
  } else return;
  event.preventDefault();
});

table.addEventListener("click", (event) => {
  const cell = event.target.closest("td");
  if (cell) choose(cell);
});

grid.addEventListener("click", (event) => {
  const button = event.target.closest("[data-key]");
  const cell = table.querySelector("td[tabindex='0']");
  if (!button || !cell) return;
  mark(cell, button.dataset.key);
  move(cell, 1, 0);
});

part("again").addEventListener("click", sendAll);
window.addEventListener("online", sendAll);
window.addEventListener("beforeunload", (event) => {
  if (typed.size) event.preventDefault();
});

// --- Start --------------------------------------------------------------------------------------

function putBack() {
  const cells = new Map(rows.flatMap((row) => [...row.cells].slice(1).map((cell) => [keyOf(cell), cell])));
  const kept = JSON.parse(sessionStorage.getItem(grid.dataset.keep) || "[]");
  for (const [key, letter, version] of kept) {
    const cell = cells.get(key);
    if (!cell || !(letter in stateOf) || cell.dataset.saved === letter) continue;
    cell.dataset.v = version; // as it was when it was typed, so that a later mark is not lost
    mark(cell, letter);
  }
  keep();
}

table.setAttribute("role", "grid");
for (const row of rows)
  for (const cell of [...row.cells].slice(1)) {
    cell.setAttribute("role", "gridcell");
    cell.tabIndex = -1;
    cell.dataset.saved = cell.textContent;
    show(cell);
  }
rows[0].cells[1].tabIndex = 0;
grid.querySelectorAll("[data-script]").forEach((one) => (one.hidden = false));
part("no-script").hidden = true;
putBack();
