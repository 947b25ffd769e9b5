// What is wrong with a form: a summary above it in the order of the form, and each message at its
// field. Forms without rules of their own are held to what their fields say of themselves.
"use strict";

const pivotalFaults = (() => {
  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  function summary(faults) {
    if (!faults.length) return [];
    const { one, many } = document.body.dataset;
    const heading = (faults.length === 1 ? one : many).replace("{number}", faults.length);
    const items = faults.map(({ id, message }) =>
      element("li", {}, element("a", { href: `#${id}`, textContent: message })));
    const box = element("div", { className: "ds-error-summary above", id: "faults", tabIndex: -1 },
      element("h2", { textContent: heading }), element("ul", {}, ...items));
    box.setAttribute("role", "alert");
    return [box];
  }

  function clear(form) {
    for (const old of form.querySelectorAll(".faults")) {
      for (const input of form.querySelectorAll(`[aria-describedby~="${old.id}"]`)) {
        const left = input.getAttribute("aria-describedby").split(" ").filter((id) => id !== old.id);
        if (left.length) input.setAttribute("aria-describedby", left.join(" "));
        else input.removeAttribute("aria-describedby");
      }
      old.remove();
    }
    for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  }

  // What the message at a field follows: the question of a group, the words of a box, else the field.
  function before(target) {
    const group = target.matches("fieldset, [type=radio]") ? target.closest("fieldset") : null;
    const words = target.type === "checkbox" ? target.labels[0] : null;
    return group?.querySelector("legend") ?? words ?? target.closest(".affix") ?? target;
  }

  function mark({ id, message }) {
    const target = document.getElementById(id);
    if (!target) return;
    const place = `${id}-error`;
    let box = document.getElementById(place);
    if (!box) {
      box = element("div", { className: "faults", id: place });
      before(target).after(box);
      target.setAttribute("aria-describedby", [target.getAttribute("aria-describedby"), place].filter(Boolean).join(" "));
      if (!target.matches("fieldset, output")) target.setAttribute("aria-invalid", "true");
    }
    box.append(element("p", { className: "fault", textContent: message }));
  }

  // Each fault is the id of a field and what to say of it. What is said already is left alone: said
  // anew, it would be read out again, and whoever stands in it would stand nowhere.
  const shown = new WeakMap(); // where a summary stands → the faults that it tells of

  function show(form, place, faults) {
    const said = JSON.stringify(faults);
    const stands = ({ id }) => !document.getElementById(id) || document.getElementById(`${id}-error`);
    if (shown.get(place) === said && faults.every(stands)) return;
    shown.set(place, said);
    clear(form);
    faults.forEach(mark);
    const held = place.contains(document.activeElement);
    place.replaceChildren(...summary(faults));
    if (held) place.firstElementChild?.focus();
  }

  // Leaving a field changes what is said of it, and so where everything below stands. A press that
  // has begun is let through to what it was aimed at before anything moves.
  let pressing = false;
  let waiting = null;
  addEventListener("pointerdown", () => { pressing = true; }, true);
  for (const kind of ["pointerup", "pointercancel"]) {
    addEventListener(kind, () => setTimeout(() => {
      pressing = false;
      waiting?.();
      waiting = null;
    }), true);
  }

  function afterPress(act) {
    if (pressing) waiting = act;
    else act();
  }

  return { show, afterPress };
})();

// --- forms whose fields are asked for by the browser alone

(() => {
  const asked = new WeakMap(); // form → where its summary stands
  const waiting = new Set();
  let made = 0;

  // As its label says it, without the note that a field may be left empty.
  function titleOf(input) {
    const legend = input.type === "radio" && input.closest("fieldset")?.querySelector("legend");
    const label = legend || input.labels?.[0];
    return label?.firstChild?.textContent.trim() || input.getAttribute("aria-label") || input.name;
  }

  function said(input) {
    const words = document.body.dataset;
    const { validity } = input;
    const how =
      validity.valueMissing ? words.required
      : validity.badInput ? words.unreadable
      : validity.typeMismatch && input.type === "email" ? words.notEmail
      : validity.rangeUnderflow ? words.tooSmall.replace("{limit}", limit(input, input.min))
      : validity.rangeOverflow ? words.tooLarge.replace("{limit}", limit(input, input.max))
      : null;
    return how === null ? `${titleOf(input)}: ${input.validationMessage}` : how.replace("{title}", titleOf(input));
  }

  // A bound as people write it.
  function limit(input, bound) {
    if (input.type !== "date" && input.type !== "datetime-local") return bound;
    const [day, clock] = bound.split("T");
    return [day.split("-").reverse().join("."), clock?.slice(0, 5).replace(":", ".")].filter(Boolean).join(" ");
  }

  function faultsOf(form) {
    const seen = new Set();
    const faults = [];
    for (const input of form.elements) {
      if (!input.willValidate || input.validity.valid) continue;
      if (input.type === "radio" && seen.has(input.name)) continue;
      seen.add(input.name);
      input.id ||= `asked-${(made += 1)}`;
      for (let fold = input.closest("details"); fold; fold = fold.parentElement?.closest("details")) fold.open = true;
      faults.push({ id: input.id, message: said(input) });
    }
    return faults;
  }

  function placeIn(form) {
    let place = asked.get(form);
    if (!place) {
      document.getElementById("faults")?.remove(); // what the server said of an earlier try
      place = document.createElement("div");
      form.prepend(place);
      asked.set(form, place);
    }
    return place;
  }

  // The browser found fields that it would not send: they are told of together, in our words.
  document.addEventListener("invalid", (event) => {
    const { form } = event.target;
    if (!form) return;
    event.preventDefault();
    if (waiting.has(form)) return;
    waiting.add(form);
    setTimeout(() => {
      waiting.delete(form);
      const faults = faultsOf(form);
      pivotalFaults.show(form, placeIn(form), faults);
      document.getElementById("faults")?.focus();
    });
  }, true);
  document.addEventListener("change", ({ target: { form } }) => {
    if (form && asked.has(form)) {
      pivotalFaults.afterPress(() => pivotalFaults.show(form, asked.get(form), faultsOf(form)));
    }
  });
})();
