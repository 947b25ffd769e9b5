// Enhancement only: every page works without it.
"use strict";

// A field that depends on another is shown only while it applies.
function valueOf(form, name) {
  const found = form.elements.namedItem(name);
  if (!found) return [];
  const inputs = found instanceof RadioNodeList ? [...found] : [found];
  return inputs
    .filter((input) => (["radio", "checkbox"].includes(input.type) ? input.checked : true))
    .map((input) => input.value);
}

function show(form) {
  for (const part of form.querySelectorAll("[data-depends]")) {
    const wanted = part.dataset.values.split("|");
    const values = valueOf(form, part.dataset.depends);
    const unticked = values.length === 0 && wanted.includes("false");
    part.hidden = !(unticked || values.some((value) => wanted.includes(value)));
    part.querySelector(".applies").hidden = true;
  }
}

for (const form of document.querySelectorAll("form")) {
  if (!form.querySelector("[data-depends]")) continue;
  for (const kind of ["input", "refreshed"]) form.addEventListener(kind, () => show(form));
  show(form);
}

// After a refused act the message has the focus, so that nobody overlooks it.
document.querySelector("#faults, #problem")?.focus();

// A link to a drawing that is folded away unfolds it.
function unfold() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
addEventListener("hashchange", unfold);
unfold();

// Ticked tasks stay ticked while one of them is opened, and on the other pages of the list.
const KEPT = "pivotal.chosen";

function kept() {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(KEPT) ?? "[]"));
  } catch {
    return new Set();
  }
}

function keep(chosen) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify([...chosen]));
  } catch {
    // Nothing is kept where the browser keeps nothing.
  }
}

function choosing(form) {
  const boxes = [...document.querySelectorAll(`input[type=checkbox][form="${form.id}"]`)];
  const [told, hint] = [form.querySelector("[data-chosen]"), form.querySelector("[data-hint]")];
  let chosen = kept();

  function tell() {
    for (const box of boxes) box.checked = chosen.has(box.value);
    const texts = form.dataset;
    told.firstElementChild.textContent =
      chosen.size === 1 ? texts.one : texts.many.replace("{number}", String(chosen.size));
    told.hidden = chosen.size === 0;
    hint.hidden = chosen.size > 0;
    form.toggleAttribute("data-active", chosen.size > 0);
    form.querySelectorAll("[data-elsewhere]").forEach((each) => each.remove());
    const here = new Set(boxes.map((box) => box.value));
    for (const key of chosen) {
      if (here.has(key)) continue;
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: "task", value: key });
      field.dataset.elsewhere = "";
      form.append(field);
    }
  }

  for (const box of boxes) {
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(box.value);
      else chosen.delete(box.value);
      keep(chosen);
      tell();
    });
  }
  form.querySelector("[data-clear]").addEventListener("click", () => {
    chosen = new Set();
    keep(chosen);
    tell();
    boxes[0]?.focus();
  });
  tell();
  addEventListener("pageshow", tell); // the browser's way back brings its own ticks
}

if (document.querySelector("[data-chosen-done]")) keep(new Set());
document.querySelectorAll("form[data-bulk]").forEach(choosing);
