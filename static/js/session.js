// Warns two minutes before a session ends, and loses no typed text when it does.
//
// What somebody types into a form is kept in this tab (sessionStorage: it never leaves the browser
// and ends with the tab) under the account and the page. It is put back only after an ended session,
// on the same page, for the same account, and removed at every other page and at signing out.
// Passwords, codes, files and hidden fields are never kept.

const ENDED = "lxp-session-ended";
const KEPT = "lxp-typed:";
const KEEP_FOR = 12 * 60 * 60 * 1000;
const ASK = "input:not([type=password]):not([type=file]):not([type=hidden]), textarea, select";
const ANNOUNCED = [120, 60, 30, 15]; // seconds left at which a screen reader is told

const dialog = document.getElementById("session-warning");

// --- What is typed ------------------------------------------------------------------------------

const page = () => location.pathname + location.search;
const keyFor = (user) => `${KEPT}${user}:${page()}`;

const keptKeys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(KEPT));

const forget = () => keptKeys().forEach((key) => sessionStorage.removeItem(key));

const fieldsOf = (form) =>
  [...form.elements].filter(
    (field) => field.name && field.matches(ASK) && field.autocomplete !== "one-time-code",
  );

const typedForms = () =>
  [...document.forms].filter((form) => form.method === "post" && fieldsOf(form).length > 0);

function valueOf(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked;
  if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
  return field.value;
}

function putBack(field, value) {
  if (field.type === "checkbox" || field.type === "radio") field.checked = value;
  else if (field.multiple)
    [...field.options].forEach((option) => (option.selected = value.includes(option.value)));
  else field.value = value;
}

function keep(user) {
  const forms = typedForms().map((form) =>
    fieldsOf(form).map((field) => [field.name, valueOf(field)]),
  );
  try {
    sessionStorage.setItem(keyFor(user), JSON.stringify({ at: Date.now(), forms }));
  } catch {
    // The browser keeps nothing (private mode, or full): the warning alone has to do.
  }
}

function takeKept(user) {
  const found = sessionStorage.getItem(keyFor(user));
  if (!found) return null;
  const { at, forms } = JSON.parse(found);
  return Date.now() - at < KEEP_FOR ? forms : null;
}

function restore(user) {
  const kept = takeKept(user);
  const forms = typedForms();
  if (!kept || kept.length !== forms.length) return false;
  forms.forEach((form, index) => {
    fieldsOf(form).forEach((field, number) => {
      const [name, value] = kept[index][number] ?? [];
      if (name === field.name) putBack(field, value);
    });
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  return true;
}

function tellThatTextIsBack() {
  const notice = document.getElementById("text-is-back").content.cloneNode(true).firstElementChild;
  document.getElementById("maincontent").prepend(notice);
  notice.focus();
}

function keepWhatIsTyped(user) {
  if (sessionStorage.getItem(ENDED)) {
    if (restore(user)) {
      sessionStorage.removeItem(ENDED);
      forget();
      tellThatTextIsBack();
      keep(user);
    } else if (!keptKeys().some((key) => key.startsWith(`${KEPT}${user}:`))) {
      sessionStorage.removeItem(ENDED);
      forget();
    }
  } else {
    forget();
  }
  let typed = document.querySelector(".nhsuk-error-summary") !== null;
  const note = (event) => {
    if (!event.target.form || event.target.form.method !== "post") return;
    typed = true;
    keep(user);
  };
  document.addEventListener("input", note);
  document.addEventListener("change", note);
  document.addEventListener("submit", (event) => {
    if (event.target.action.endsWith(signOutPath())) forget();
    else if (event.target.method === "post" && typed) keep(user);
  });
  return () => typed && keep(user);
}

const signOutPath = () => new URL(dialog.querySelector("[data-sign-out]").action).pathname;

// --- The warning --------------------------------------------------------------------------------

const inWords = (seconds) => {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  const parts = [];
  if (minutes) parts.push(minutes === 1 ? "1 minute" : `${minutes} minutes`);
  if (rest || !minutes) parts.push(rest === 1 ? "1 second" : `${rest} seconds`);
  return parts.join(" ");
};

function watch(keepNow) {
  const { keepAlive, signIn } = dialog.dataset;
  const warning = Number(dialog.dataset.warning);
  const find = (name) => dialog.querySelector(`[data-${name}]`);
  const [timeLeft, announce, limitReached, noAnswer, stay] = [
    "time-left",
    "announce",
    "limit-reached",
    "no-answer",
    "stay",
  ].map(find);
  const otherTabs = "BroadcastChannel" in window ? new BroadcastChannel("lxp-session") : null;
  let endsAt, absoluteEndsAt, timer, told;

  const secondsLeft = () => Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));

  function setEnd(left, absoluteLeft) {
    endsAt = Date.now() + left * 1000;
    absoluteEndsAt = Date.now() + absoluteLeft * 1000;
    told = new Set();
    if (dialog.open && left > warning) dialog.close();
    tick();
  }

  function tick() {
    clearTimeout(timer);
    const left = secondsLeft();
    if (left <= 0) return end();
    if (left <= warning) warn(left);
    timer = setTimeout(tick, left > warning ? Math.min((left - warning) * 1000, 60000) : 1000);
  }

  function warn(left) {
    const final = absoluteEndsAt - endsAt < 1000;
    if (!dialog.open) {
      noAnswer.hidden = true;
      dialog.showModal();
      document.getElementById("session-warning-heading").focus();
    }
    limitReached.hidden = !final;
    stay.hidden = final;
    timeLeft.textContent = inWords(left);
    const due = ANNOUNCED.find((at) => left <= at && left > at - 15 && !told.has(at));
    if (due) {
      told.add(due);
      announce.textContent = `You will be signed out in ${inWords(left)}.`;
    }
  }

  function end() {
    keepNow();
    sessionStorage.setItem(ENDED, "1");
    const ended = absoluteEndsAt - endsAt < 1000 ? "limit" : "idle";
    location.assign(`${signIn}?${new URLSearchParams({ next: page(), ended })}`);
  }

  async function staySignedIn(event) {
    event.preventDefault();
    if (stay.hidden) return;
    noAnswer.hidden = true;
    try {
      const answer = await fetch(keepAlive, {
        method: "POST",
        body: new FormData(stay),
        headers: { Accept: "application/json" },
      });
      if (answer.status === 401) return end();
      if (!answer.ok) throw new Error(answer.statusText);
      const { seconds_left: left, absolute_left: absoluteLeft } = await answer.json();
      setEnd(left, absoluteLeft);
      otherTabs?.postMessage({ left, absoluteLeft });
      if (dialog.open) dialog.close();
    } catch {
      noAnswer.hidden = false;
    }
  }

  stay.addEventListener("submit", staySignedIn);
  dialog.addEventListener("cancel", staySignedIn);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
  otherTabs?.addEventListener("message", ({ data }) => setEnd(data.left, data.absoluteLeft));

  const { secondsLeft: left, absoluteLeft } = dialog.dataset;
  setEnd(Number(left), Number(absoluteLeft));
  otherTabs?.postMessage({ left: Number(left), absoluteLeft: Number(absoluteLeft) });
}

// The sign-in page after an ended session, and the page that says a form was not taken.
const ended = new URLSearchParams(location.search).has("ended");
if ((ended && !dialog) || document.querySelector("[data-not-saved]")) {
  sessionStorage.setItem(ENDED, "1");
}
if (dialog) watch(keepWhatIsTyped(dialog.dataset.user));
