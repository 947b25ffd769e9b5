// What takes time says so. One rule for every form that is posted: it is sent once, after a moment
// it says that it works, and large files show how much has arrived. So says a link or a form that
// asks for a page which is worked out, marked `data-works`. A link marked `data-makes` has its file
// made and says so until it is there. The server does each request once in any case.
"use strict";

(() => {
  const PATIENCE = 400; // milliseconds; what is faster needs no word
  const FORGOTTEN = 30_000; // after which a page that is still here may be sent again
  const LARGE = 512 * 1024; // bytes of files from which on it is shown how much has arrived
  const words = document.body.dataset;
  const busy = new Map(); // form or link → how to take back what is said of it

  // A line beside what was pressed, which is read out; how to take it away again.
  function begin(what, pressed) {
    const line = Object.assign(document.createElement("p"), { className: "working small" });
    line.setAttribute("role", "status");
    (pressed?.closest(".buttons, .row, p") ?? pressed ?? what).after(line); // empty first, so that words are read out
    const later = setTimeout(() => say(words.working), PATIENCE);
    pressed?.setAttribute("aria-disabled", "true");

    function say(text, share = null) {
      clearTimeout(later);
      let bar = line.querySelector("progress");
      if (share === null) bar?.remove();
      else if (!bar) {
        bar = Object.assign(document.createElement("progress"), { max: 1 });
        bar.setAttribute("aria-hidden", "true"); // the words say the same
        line.append(bar);
      }
      if (bar) bar.value = share ?? 0;
      let told = line.querySelector("span");
      if (!told) line.prepend(told = document.createElement("span"));
      if (told.textContent !== text) told.textContent = text;
    }

    function end(text = "") {
      clearTimeout(later);
      busy.delete(what);
      pressed?.removeAttribute("aria-disabled");
      if (text) say(text);
      else line.remove();
    }

    busy.set(what, end);
    return { say, end };
  }

  const filesIn = (form) =>
    [...form.elements].flatMap((input) => (input.type === "file" ? [...input.files] : []));

  const isLarge = (form) => filesIn(form).reduce((sum, file) => sum + file.size, 0) >= LARGE;

  // Sent by the page itself, to see how much has arrived; where it leads is then opened. What the
  // server refuses is sent again by the browser, which shows the page that says why.
  function upload(form, pressed, work) {
    const request = new XMLHttpRequest();
    let told = -1;
    request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
      if (!lengthComputable) return;
      const percent = Math.floor((100 * loaded) / total / 5) * 5; // read out now and then, not all the time
      if (percent !== told) work.say(percent === 100 ? words.kept : words.sent.replace("{percent}", percent), loaded / total);
      told = percent;
    });
    const to = new URL(pressed?.getAttribute("formaction") ?? form.getAttribute("action"), location.href);
    to.hash = "";
    request.addEventListener("load", () => {
      if (request.status < 400 && request.responseURL !== to.href) location.assign(request.responseURL);
      else again(form, pressed);
    });
    request.addEventListener("error", () => work.end(words.broken));
    request.addEventListener("abort", () => work.end(words.broken));
    request.open("POST", to);
    request.send(new FormData(form, pressed));
  }

  function again(form, pressed) {
    if (pressed?.name) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: pressed.name, value: pressed.value });
      form.append(field);
    }
    HTMLFormElement.prototype.submit.call(form);
  }

  addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    const isPosted = form.getAttribute("method") === "post";
    if (event.defaultPrevented || !(isPosted || "works" in form.dataset)) return;
    if (busy.has(form)) {
      event.preventDefault();
      return;
    }
    const work = begin(form, submitter);
    if (isPosted && isLarge(form) && !submitter?.formNoValidate) {
      event.preventDefault();
      upload(form, submitter, work);
    } else {
      forgetLater(form, work);
    }
  });

  function forgetLater(what, work) {
    setTimeout(() => busy.has(what) && work.end(), FORGOTTEN);
  }

  // --- files that are made when they are asked for

  function nameOf(answer, link) {
    const said = answer.headers.get("Content-Disposition") ?? "";
    const [, encoded] = /filename\*=UTF-8''([^;]+)/iu.exec(said) ?? [];
    const [, plain] = /filename="?([^";]+)/iu.exec(said) ?? [];
    return encoded ? decodeURIComponent(encoded) : plain ?? new URL(link.href).pathname.split("/").pop();
  }

  async function make(link, work) {
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) throw new Error(answer.statusText);
      const address = URL.createObjectURL(await answer.blob());
      const door = Object.assign(document.createElement("a"), { href: address, download: nameOf(answer, link) });
      door.click();
      setTimeout(() => URL.revokeObjectURL(address), FORGOTTEN);
      work.end(words.made);
    } catch {
      work.end();
      location.assign(link.href); // the server's own page says what is wrong
    }
  }

  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-makes], a[data-works]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (busy.has(link) || "makes" in link.dataset) event.preventDefault();
    if (busy.has(link)) return;
    const work = begin(link, link);
    if ("makes" in link.dataset) make(link, work);
    else forgetLater(link, work);
  });

  // The browser's way back brings the page as it was left.
  addEventListener("pageshow", () => {
    for (const end of [...busy.values()]) end();
  });
})();
