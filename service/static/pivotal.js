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
  form.addEventListener("input", () => show(form));
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
