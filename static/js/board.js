// Cards of a board by mouse and by arrow keys. Each way fills in the form that is there without it.

const form = document.getElementById("board");
const board = form?.querySelector(".lxp-board");
const to = form?.elements.namedItem("to");

const cardOf = (element) => element.closest?.(".lxp-card");
const columnOf = (element) => element.closest?.("[data-stage]");
const boxOf = (card) => card.querySelector("input");
const columns = () => [...board.querySelectorAll("[data-stage]")];

// Sends the chosen cards to a stage: all that are ticked if this one is, else this one alone.
function send(card, column) {
  if (column === columnOf(card) || "closed" in column.dataset) return;
  if (!boxOf(card).checked) {
    form.querySelectorAll("input[name=picked]:checked").forEach((box) => (box.checked = false));
    boxOf(card).checked = true;
  }
  to.value = column.dataset.stage;
  form.requestSubmit();
}

// --- Mouse ----------------------------------------------------------------------------------------

let dragged = null;

function over(column) {
  columns().forEach((each) => each.toggleAttribute("data-over", each === column));
}

function dragByMouse() {
  board.querySelectorAll(".lxp-card").forEach((card) => (card.draggable = true));
  board.querySelectorAll(".lxp-card a").forEach((link) => (link.draggable = false));
  board.addEventListener("dragstart", (event) => {
    dragged = cardOf(event.target);
    if (dragged) event.dataTransfer.setData("text/plain", "");
  });
  board.addEventListener("dragover", (event) => {
    const column = columnOf(event.target);
    if (!dragged || !column || "closed" in column.dataset) return;
    event.preventDefault();
    over(column);
  });
  board.addEventListener("drop", (event) => {
    const column = columnOf(event.target);
    if (!dragged || !column) return;
    event.preventDefault();
    send(dragged, column);
  });
  board.addEventListener("dragend", () => {
    dragged = null;
    over(null);
  });
}

// --- Arrow keys -----------------------------------------------------------------------------------

function goTo(card) {
  if (card) boxOf(card).focus();
}

// The nearest column on one side that `fits`.
function beside(column, step, fits) {
  const all = columns();
  for (let at = all.indexOf(column) + step; all[at]; at += step) if (fits(all[at])) return all[at];
  return null;
}

function sideways(card, step, moving) {
  const column = columnOf(card);
  if (moving) {
    const next = beside(column, step, (each) => !("closed" in each.dataset));
    if (next) send(card, next);
    return;
  }
  const next = beside(column, step, (each) => each.querySelector(".lxp-card"));
  const cards = [...(next?.querySelectorAll(".lxp-card") ?? [])];
  const row = [...column.querySelectorAll(".lxp-card")].indexOf(card);
  goTo(cards[Math.min(row, cards.length - 1)]);
}

function moveByKeys(event) {
  const card = cardOf(event.target);
  if (!card || event.altKey || event.ctrlKey || event.metaKey) return;
  const actions = {
    ArrowLeft: () => sideways(card, -1, event.shiftKey),
    ArrowRight: () => sideways(card, 1, event.shiftKey),
    ArrowUp: () => goTo(card.previousElementSibling),
    ArrowDown: () => goTo(card.nextElementSibling),
  };
  if (!(event.key in actions)) return;
  event.preventDefault();
  actions[event.key]();
}

if (form && to) {
  dragByMouse();
  board.addEventListener("keydown", moveByKeys);
  document.getElementById("board-keys").hidden = false;
}
