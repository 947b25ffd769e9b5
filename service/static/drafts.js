// Keeps what somebody writes in a task's form every few seconds, shows who else is there, and takes
// in what they write. Without it the button "save draft" does the same.
"use strict";

(() => {
  const QUIET = 1200; // ms without a key before saving
  const LONGEST = 4000; // ms that anything typed waits at most
  const LOOK = 10_000; // ms between two looks at what others do
  const IDLE = 300_000; // ms without a sign of the reader after which nothing is asked any more
  const RETRY = 5000; // ms between two tries without contact
  const KEEPALIVE = 60_000; // bytes that a browser still sends while the page closes

  const present = document.querySelector("[data-presence]");
  if (!present) return;
  const form = document.querySelector("form[data-autosave]");
  const state = document.querySelector("#save-state");
  const trouble = document.querySelector("#save-trouble");
  const texts = state?.dataset ?? {};
  const page = sessionStorage.getItem("page") ?? crypto.randomUUID(); // of the window, across its pages
  const touched = new Set(); // names changed since the last request was sent
  let dirty = 0; // when the oldest unsaved change was made, 0 for none
  let timer = 0;
  let sending = false;
  let leaving = false; // the form is on its way
  let closed = false; // refused for good
  let lost = false; // no contact
  let active = Date.now();

  sessionStorage.setItem("page", page);

  // --- saving

  function body() {
    const data = form ? new FormData(form) : new FormData();
    for (const name of [...data.keys()]) if (name.startsWith("_upload.")) data.delete(name);
    data.set("_csrf", document.querySelector("input[name=_csrf]").value);
    data.set("_page", page);
    return data;
  }

  async function send(options = {}) {
    const address = form ? form.dataset.autosave : present.dataset.presence;
    const answer = await fetch(address, { method: "POST", body: body(), redirect: "manual", ...options });
    if (answer.type === "opaqueredirect" || answer.status === 401) return { signedOut: true };
    if (!answer.headers.get("content-type")?.includes("json")) throw new Error("no answer of ours");
    return { ok: answer.ok, status: answer.status, told: await answer.json() };
  }

  async function save() {
    clearTimeout(timer);
    if (sending || leaving || closed) return;
    sending = true;
    const since = dirty;
    dirty = 0;
    touched.clear();
    try {
      const answer = await send({ signal: AbortSignal.timeout(15_000) });
      if (answer.signedOut) signedOut(since);
      else if (answer.ok) saved(answer.told);
      else refused(answer, since);
    } catch {
      noContact(since);
    } finally {
      sending = false;
      if (dirty) plan();
    }
  }

  function plan() {
    clearTimeout(timer);
    if (leaving || closed) return;
    const wait = lost ? RETRY : Math.max(0, Math.min(QUIET, dirty + LONGEST - Date.now()));
    timer = setTimeout(save, wait);
  }

  function changed(name) {
    touched.add(name);
    dirty ||= Date.now();
    if (state && !lost) state.textContent = texts.unsaved;
    plan();
  }

  function saved(told) {
    lost = false;
    trouble?.replaceChildren();
    showPresent(told.present);
    if (!form) return;
    const raced = Object.keys(told.changed).some((name) => touched.has(name));
    if (!raced) form.elements.namedItem("_base").value = JSON.stringify(told.base);
    if (!dirty) state.textContent = told.saved;
    let moved = told.moved;
    for (const [name, values] of Object.entries(told.changed)) {
      if (!touched.has(name) && !put(name, values)) moved = true;
    }
    for (const [name, { said, value }] of Object.entries(told.computed)) showOutput(name, said, value);
    showConflicts(told.others);
    if (moved) say(texts.moved, [texts.reload, location.pathname]);
    form.dispatchEvent(new Event("refreshed"));
  }

  // --- what went wrong

  function say(text, link) {
    if (!trouble) return;
    const line = document.createElement("p");
    line.append(text);
    if (link) {
      const anchor = document.createElement("a");
      [anchor.textContent, anchor.href] = link;
      line.append(" ", anchor);
    }
    if (trouble.textContent !== line.textContent) trouble.replaceChildren(line);
  }

  function noContact(since) {
    lost = true;
    dirty ||= since;
    if (!form) return;
    if (dirty) say(texts.offline);
    state.textContent = dirty ? texts.unsaved : state.textContent;
  }

  function signedOut(since) {
    dirty ||= since;
    lost = true; // a sign-in in another window makes the next try succeed
    if (dirty) say(texts.signedOut, [texts.signIn, "/sign-in"]);
    trouble?.querySelector("a")?.setAttribute("target", "_blank");
  }

  function refused(answer, since) {
    dirty ||= since;
    closed = [403, 404, 409].includes(answer.status);
    lost = !closed;
    if (form && answer.told.problem) say(`${answer.told.problem.title}. ${answer.told.problem.sentence}`);
    if (form && closed) state.textContent = texts.unsaved;
  }

  // --- what others do

  function showPresent(lines) {
    const items = lines.map((line) => Object.assign(document.createElement("li"), { textContent: line }));
    const list = present.querySelector("ul");
    if (list.textContent !== lines.join("")) list.replaceChildren(...items);
    present.hidden = lines.length === 0;
  }

  function put(name, values) {
    const found = form.elements.namedItem(name);
    if (!found) return false;
    const inputs = found instanceof RadioNodeList ? [...found] : [found];
    if (inputs.some((input) => input.type === "hidden")) return false;
    for (const input of inputs) {
      if (input.type === "checkbox" || input.type === "radio") input.checked = values.includes(input.value);
      else input.value = values[0] ?? "";
      input.classList.add("fresh");
      setTimeout(() => input.classList.remove("fresh"), 4000);
    }
    return true;
  }

  function showOutput(name, said, value) {
    const output = form.elements.namedItem(name);
    if (!(output instanceof HTMLOutputElement)) return;
    output.dataset.value = value;
    const text = said || output.dataset.none;
    if (output.textContent !== text) output.textContent = text;
  }

  function showConflicts(others) {
    const place = form.querySelector("#conflicts");
    const shown = new Set([...place.querySelectorAll("[data-conflict]")].map((note) => note.dataset.conflict));
    const now = new Set(others.map((other) => other.name));
    for (const note of place.querySelectorAll("[data-conflict]")) {
      if (!now.has(note.dataset.conflict)) note.remove();
    }
    for (const other of others) if (!shown.has(other.name)) place.append(conflict(other));
  }

  function conflict(other) {
    const note = document.createElement("div");
    note.className = "note conflict";
    note.dataset.tone = "warning";
    note.dataset.conflict = other.name;
    note.setAttribute("role", "alert");
    const line = document.createElement("p");
    line.append(Object.assign(document.createElement("strong"), { textContent: other.label }), " ", other.said);
    const row = document.createElement("div");
    row.className = "row";
    row.append(
      button(texts.take, "secondary", () => {
        for (const [name, values] of Object.entries(other.values)) put(name, values);
        settle(note, other);
      }),
      button(texts.mine, "tertiary", () => settle(note, other)),
    );
    note.append(line, row);
    return note;
  }

  function settle(note, other) {
    const base = form.elements.namedItem("_base");
    base.value = JSON.stringify(withAt(JSON.parse(base.value || "{}"), other.name.split("."), other.value));
    note.remove();
    changed(other.name);
    form.querySelector(`[name="${CSS.escape(other.name)}"]`)?.focus();
  }

  function withAt(data, [head, ...rest], value) {
    const copy = Array.isArray(data) ? [...data] : { ...data };
    copy[head] = rest.length ? withAt(copy[head] ?? (/^\d+$/.test(rest[0]) ? [] : {}), rest, value) : value;
    return copy;
  }

  function button(text, variant, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "ds-button" });
    made.dataset.variant = variant;
    made.dataset.size = "sm";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  // --- when

  const isOurs = (input) => input.form === form && input.name && !input.name.startsWith("_upload.");
  if (form) {
    for (const kind of ["input", "change"]) {
      form.addEventListener(kind, (event) => isOurs(event.target) && changed(event.target.name));
    }
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (lost && !navigator.onLine) {
        event.preventDefault();
        say(texts.offline);
        return;
      }
      leaving = true;
      clearTimeout(timer);
    });
    addEventListener("beforeunload", (event) => {
      if (dirty && (lost || closed) && !leaving) event.preventDefault();
    });
    addEventListener("online", () => dirty && save());
  }
  function last() {
    if (!form || !dirty || leaving || closed) return;
    const data = body();
    const size = [...data.values()].reduce((sum, value) => sum + String(value).length * 2 + 200, 0);
    if (size < KEEPALIVE) send({ keepalive: true }).catch(() => {});
    else save();
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? last() : look()));
  for (const kind of ["pointerdown", "keydown", "scroll", "focus"]) {
    addEventListener(kind, () => (active = Date.now()), { passive: true, capture: true });
  }

  function look() {
    if (!document.hidden && !dirty && Date.now() - active < IDLE) save();
  }
  setInterval(look, LOOK);
  look();
})();
