// The live drawing of a procurement: tokens and states on the model, blocks to open, and a way back.
// An enhancement: without it the page shows the same as plain pictures and a list.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const SIGNS = { failed: "✕", late: "!", waiting: "…", done: "✓" };
const SMALLEST = 0.75; // a diagram that would get smaller than this shows where the tokens are instead
const NARROW = matchMedia("(max-width: 47.9rem)");

class Drawing {
  constructor(frame) {
    this.frame = frame;
    this.text = frame.dataset;
    this.canvasBox = frame.querySelector("[data-part=canvas]");
    this.trail = frame.querySelector("[data-part=trail]");
    this.said = frame.querySelector("[data-part=said]");
    this.models = new Map();
    this.path = [];
    this.viewer = new NavigatedViewer({
      container: this.canvasBox,
      // The page scrolls where a wheel is turned over the drawing; the buttons zoom.
      zoomScroll: { enabled: false },
      bpmnRenderer: {
        defaultFillColor: "var(--bpmn-surface)",
        defaultStrokeColor: "var(--bpmn-ink)",
        defaultLabelColor: "var(--bpmn-ink)",
      },
    });
  }

  async start() {
    const where = await fetched(this.text.where, "json");
    this.processes = new Map(where.processes.map((each) => [each.process, each]));
    this.root = where.root;
    await this.open([this.root]);
    this.viewer.on("element.dblclick", ({ element }) => this.enter(element.id));
  }

  get process() {
    return this.processes.get(this.path.at(-1));
  }

  async model(process) {
    if (!this.models.has(process)) {
      const address = `${this.text.models}?process=${encodeURIComponent(process)}`;
      this.models.set(process, await fetched(address, "text"));
    }
    return this.models.get(process);
  }

  async open(path, element = "") {
    const source = await this.model(path.at(-1));
    this.path = path;
    await this.viewer.importXML(source);
    this.mark();
    this.show(element);
    this.writeTrail();
    this.name();
  }

  enter(element) {
    const call = this.process.calls.find((each) => each.element === element);
    if (call && this.processes.has(call.process)) this.open([...this.path, call.process]);
  }

  // From the list beside the drawing: to a place, wherever it lies.
  async go(process, element) {
    const path = this.wayTo(process);
    if (path) await this.open(path, element);
  }

  wayTo(process) {
    const waiting = [[this.root]];
    const known = new Set(waiting[0]);
    for (const path of waiting) {
      if (path.at(-1) === process) return path;
      for (const call of this.processes.get(path.at(-1)).calls) {
        if (known.has(call.process) || !this.processes.has(call.process)) continue;
        known.add(call.process);
        waiting.push([...path, call.process]);
      }
    }
    return null;
  }

  mark() {
    const [canvas, overlays, registry] = ["canvas", "overlays", "elementRegistry"].map((name) =>
      this.viewer.get(name),
    );
    for (const each of this.process.states) {
      if (!registry.get(each.element)) continue;
      canvas.addMarker(each.element, `is-${each.state}`);
      if (registry.get(each.element).children?.length) canvas.addMarker(each.element, "is-open");
      const sign = each.tokens ? String(each.tokens) : SIGNS[each.state];
      overlays.add(each.element, "state", {
        position: { top: -10, right: 12 },
        html: make("span", { className: `token is-${each.state}`, textContent: sign }),
      });
    }
    for (const call of this.process.calls) {
      if (!registry.get(call.element) || !this.processes.has(call.process)) continue;
      const label = this.text.open.replace("{name}", this.processes.get(call.process).name);
      const button = make("button", { type: "button", className: "opens" });
      button.append(arrow());
      button.setAttribute("aria-label", label);
      button.title = label;
      button.addEventListener("click", () => this.enter(call.element));
      overlays.add(call.element, "opens", { position: { bottom: 12, left: -8 }, html: button });
    }
    for (const button of this.canvasBox.querySelectorAll(".bjs-drilldown")) {
      button.setAttribute("aria-label", this.text.deeper);
    }
  }

  // The whole of it where that can be read, else where something goes on.
  show(element) {
    const canvas = this.viewer.get("canvas");
    canvas.zoom("fit-viewport", "auto");
    const registry = this.viewer.get("elementRegistry");
    const going = this.process.states
      .filter((each) => each.tokens)
      .map((each) => registry.get(each.element))
      .filter(Boolean);
    const inner = going.find((each) => !each.children?.length) ?? going[0];
    const target = element ? registry.get(element) : inner;
    if (canvas.zoom() >= SMALLEST && !element) return;
    if (!target) return;
    canvas.zoom(Math.max(canvas.zoom(), SMALLEST));
    const box = canvas.viewbox();
    const middle = { x: target.x + target.width / 2, y: target.y + target.height / 2 };
    const corner = canvas.viewbox().inner;
    canvas.viewbox({
      x: held(middle.x - box.width / 2, corner.x - 20, corner.x + corner.width + 20 - box.width),
      y: held(middle.y - box.height / 2, corner.y - 20, corner.y + corner.height + 20 - box.height),
      width: box.width,
      height: box.height,
    });
    if (element) this.viewer.get("selection").select(target);
  }

  zoom(step) {
    const canvas = this.viewer.get("canvas");
    if (!step) canvas.zoom("fit-viewport", "auto");
    else canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * step)));
  }

  writeTrail() {
    const parts = this.path.map((key, index) => {
      const name = this.processes.get(key).name;
      const last = index === this.path.length - 1;
      const part = last
        ? make("strong", { textContent: name })
        : make("button", { type: "button", className: "plain", textContent: name });
      if (last) part.setAttribute("aria-current", "location");
      else part.addEventListener("click", () => this.open(this.path.slice(0, index + 1)));
      const item = make("li", {});
      item.append(part);
      return item;
    });
    this.trail.replaceChildren(...parts);
  }

  // What a screen reader gets of the picture: its name, and where the tokens are.
  name() {
    const { name, states } = this.process;
    const going = states.filter((each) => each.state !== "done");
    const told = going.map((each) => `${each.name}: ${each.said}`).join("; ");
    const svg = this.canvasBox.querySelector("svg[tabindex], .djs-container > svg");
    svg?.setAttribute("role", "img");
    svg?.setAttribute("aria-label", told ? `${name}. ${told}` : name);
    this.said.textContent = name;
  }
}

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

// An arrow that leads down into something.
function arrow() {
  const name = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(name, "svg");
  const path = document.createElementNS(name, "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M4 4l7 7M11.5 5.5v6h-6");
  svg.append(path);
  return svg;
}

// As near to `wanted` as the picture reaches; in its middle where all of it fits.
function held(wanted, least, most) {
  return most < least ? (least + most) / 2 : Math.min(Math.max(wanted, least), most);
}

async function fetched(address, kind) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer[kind]();
}

async function begin(frame) {
  const plain = document.getElementById(frame.dataset.plain);
  const toggle = document.getElementById(frame.dataset.toggle);
  let drawing = null;

  async function turn(live) {
    frame.hidden = !live;
    if (live && !drawing) {
      drawing = new Drawing(frame);
      await drawing.start();
    }
    plain.hidden = live;
    toggle.textContent = live ? toggle.dataset.toPlain : toggle.dataset.toLive;
  }

  async function tryTurn(live) {
    try {
      await turn(live);
    } catch (error) {
      console.warn(error);
      frame.hidden = true;
      plain.hidden = false;
      toggle.hidden = true;
    }
  }

  toggle.hidden = false;
  toggle.addEventListener("click", () => tryTurn(frame.hidden));
  for (const button of frame.querySelectorAll("button[data-zoom]")) {
    button.addEventListener("click", () => drawing?.zoom(Number(button.dataset.zoom)));
  }
  for (const link of document.querySelectorAll("a[data-process]")) {
    link.addEventListener("click", (event) => {
      if (frame.hidden || !drawing) return;
      event.preventDefault();
      drawing.go(link.dataset.process, link.dataset.element);
      frame.scrollIntoView({ block: "nearest" });
    });
  }
  await tryTurn(!NARROW.matches);
}

for (const frame of document.querySelectorAll("[data-viewer]")) begin(frame);
