// Saves a form while it is typed. Without this script the buttons of the form do the same.
//
// The first saving makes the draft; an application then has the draft's own address. One saving
// is under way at a time, and the form is sent only after it, so that there is never a second draft.

const PAUSE = 2500; // after the last letter, in milliseconds
const AGAIN = 15000; // after a saving that did not get through

const form = document.querySelector("form[data-autosave]");

if (form) {
  const find = (name) => document.querySelector(`[data-autosave-${name}]`);
  let timer = 0;
  let underWay = null;
  let changed = false;
  let stopped = false;

  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  const show = (answer) => {
    find("problem").textContent = answer.problem ?? "";
    if (answer.stop) stopped = true;
    if (!answer.saved) return;
    find("when").textContent = `Saved at ${answer.saved}.`;
    find("saved").hidden = false;
    if (answer.read) form.elements.read.value = answer.read;
    if (!answer.action) return;
    form.elements.version.value = answer.version;
    form.action = answer.action;
    form.dataset.autosave = answer.save;
    history.replaceState(history.state, "", answer.action);
    find("link").href = answer.link;
    find("link").textContent = answer.link;
  };

  const send = async () => {
    changed = false;
    try {
      const response = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      show(await response.json());
      if (response.status === 429) throw new Error("later");
    } catch {
      changed = true;
      if (!find("problem").textContent) {
        find("problem").textContent = "Not saved just now. We try again; keep this page open.";
      }
      later(AGAIN);
    }
  };

  const save = async () => {
    if (underWay || stopped || !changed) return;
    underWay = send();
    await underWay;
    underWay = null;
    if (changed) later(PAUSE);
  };

  form.addEventListener("input", () => {
    changed = true;
    later(PAUSE);
  });

  // Somebody turns to another app on the phone: do not wait for the pause.
  document.addEventListener("visibilitychange", () => document.hidden && save());

  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (underWay) {
      event.preventDefault();
      const button = event.submitter;
      await underWay;
      clearTimeout(timer);
      form.requestSubmit(button);
    }
    stopped = true;
  });
}
