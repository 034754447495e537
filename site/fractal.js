import { Editor } from "./fractal-editor.js";
import { KERNELS } from "./fractal-kernels.js";
import { paint } from "./fractal-picture.js";

const COLUMNS = 480;
const ROWS = 360;
// Below, neighbouring pixels have the same float32.
const NARROWEST = COLUMNS * 2 ** -22;
const WIDEST = 1000;
const PATIENCE = 3000; // milliseconds until the page offers to stop

const ENGINES = {
  interpreter: { title: "Python", how: "the interpreter, pixel by pixel" },
  scalar: { title: "WebAssembly", how: "@jit, a loop over pixels" },
  simd: { title: "WebAssembly SIMD", how: "@vectorize, four pixels at once" },
  webgpu: { title: "WebGPU", how: '@vectorize(target="webgpu")' },
};

const byId = (id) => document.getElementById(id);
const status = byId("status");
const controls = ["in", "out", "whole", "limit"].map(byId);

let worker = null;
let request = 0;
let chosen = "mandelbrot";
let view = { ...KERNELS[chosen].view };
let answers = {}; // messages of the request, by engine
const compiled = {}; // milliseconds of the last compilation, by engine
let patience = 0;

const figures = Object.fromEntries(Object.entries(ENGINES).map(([name, { title, how }]) => {
  const figure = byId("figure").content.cloneNode(true).firstElementChild;
  figure.id = name;
  figure.dataset.state = "waiting";
  figure.querySelector(".title").textContent = title;
  figure.querySelector(".how").textContent = how;
  figure.querySelector("canvas").setAttribute("aria-label", `Painted by ${title}`);
  byId("pictures").append(figure);
  return [name, figure];
}));

const editor = new Editor(byId("editor"), () => ask());

function say(text) {
  status.textContent = text;
}

function showProgress(fraction) {
  byId("progress").hidden = fraction === null;
  if (fraction !== null) byId("progress").value = fraction;
}

/** Shows what is wrong with the kernel, at its line; without a message, that nothing is. */
function complain(message, line = null) {
  byId("error").textContent = line === null ? message : `Line ${line}: ${message}`;
  byId("error").hidden = !message;
  editor.point(message ? line : null);
}

function duration(milliseconds) {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
}

function part(figure, name) {
  return figure.querySelector(`.${name}`);
}

function note(figure, text) {
  part(figure, "note").textContent = text;
  part(figure, "note").hidden = !text;
}

/** Asks for all pictures anew. */
function ask() {
  request += 1;
  answers = {};
  for (const figure of Object.values(figures)) figure.dataset.state = "waiting";
  byId("pictures").setAttribute("aria-busy", "true");
  const [x, y, width] = [view.x, view.y, view.width].map((value, index) => Number(value.toPrecision(index < 2 ? 7 : 3)));
  byId("place").textContent = `Centre ${x}, ${y}; width ${width}.`;
  for (const button of document.querySelectorAll("#kernels button")) {
    button.setAttribute("aria-pressed", String(button.value === chosen && editor.text === KERNELS[chosen].source));
  }
  const limit = Math.min(Math.max(Math.round(byId("limit").valueAsNumber) || 1, 1), 10_000);
  worker.postMessage({ id: request, source: editor.text, view, columns: COLUMNS, rows: ROWS, limit });
  clearTimeout(patience);
  byId("stop").hidden = true;
  if (document.body.dataset.ready) {
    say("Painting…");
    patience = setTimeout(() => { byId("stop").hidden = false; }, PATIENCE);
  }
}

/** How many times faster than the interpreter, where both have painted. */
function compare() {
  const python = answers.interpreter;
  for (const [name, answer] of Object.entries(answers)) {
    if (name === "interpreter" || answer.kind !== "picture" || python?.kind !== "picture") continue;
    const ratio = (python.milliseconds * python.scale) / Math.max(answer.milliseconds, 0.05);
    part(figures[name], "ratio").textContent = `${Number(ratio.toPrecision(2)).toLocaleString("en")} × Python`;
  }
}

function show(data) {
  const figure = figures[data.engine];
  answers[data.engine] = data;
  paint(figure.querySelector("canvas"), data);
  figure.dataset.state = "painted";
  note(figure, "");
  const scaled = data.scale > 1;
  part(figure, "time").textContent = `${scaled ? "≈ " : ""}${duration(data.milliseconds * data.scale)}`;
  if (data.compileMilliseconds > 0) compiled[data.engine] = data.compileMilliseconds;
  part(figure, "extra").textContent = [
    scaled ? `scaled up from ${data.columns} × ${data.rows} pixels, which took ${duration(data.milliseconds)}` : "",
    data.engine in compiled ? `compiled in ${duration(compiled[data.engine])}` : "",
    data.remark,
  ].filter(Boolean).join("; ");
  compare();
}

function cannot(data, state, text) {
  const figure = figures[data.engine];
  answers[data.engine] = data;
  figure.dataset.state = state;
  for (const name of ["time", "ratio", "extra"]) part(figure, name).textContent = "";
  note(figure, text);
}

/** What the status says when every engine has answered. */
function finish() {
  clearTimeout(patience);
  byId("stop").hidden = true;
  byId("pictures").setAttribute("aria-busy", "false");
  const failures = Object.values(answers).filter(({ kind }) => kind === "failed");
  if (failures.length) {
    const { message, line } = failures.find((failure) => failure.line !== null) ?? failures[0];
    complain(message, line);
    say("The kernel does not run everywhere.");
  } else {
    complain("");
    const painted = Object.values(answers).filter(({ kind }) => kind === "picture").length;
    say(`Painted in ${painted} ways.`);
  }
  document.body.dataset.done = String(request);
  document.body.dataset.firstPicture ||= String(performance.now());
}

function onMessage({ data }) {
  if (data.id !== undefined && data.id !== request) return; // of a request that is superseded
  switch (data.kind) {
    case "progress":
      showProgress(data.fraction);
      say(data.text);
      break;
    case "ready":
      for (const control of controls) control.disabled = false;
      for (const button of document.querySelectorAll("#kernels button")) button.disabled = false;
      document.body.dataset.ready = String(data.milliseconds);
      showProgress(null);
      say("Compiling…");
      break;
    case "picture":
      show(data);
      break;
    case "missing":
      cannot(data, "missing", `Not here: ${data.message}.`);
      break;
    case "failed":
      if (data.engine) cannot(data, "failed", "The kernel does not run here; see the message at the editor.");
      else complain(data.message);
      break;
    case "done":
      finish();
      break;
    case "broken":
      showProgress(null);
      say("");
      complain(`Python could not be started: ${data.message}`);
      break;
  }
}

function startWorker() {
  worker = new Worker("fractal-worker.js", { type: "module" });
  worker.onmessage = onMessage;
  worker.onerror = (event) => complain(`Python could not be started: ${event.message ?? "the worker failed"}`);
}

// A kernel that never ends cannot be interrupted; the worker is given up with it.
byId("stop").onclick = () => {
  worker.terminate();
  delete document.body.dataset.ready;
  byId("stop").hidden = true;
  for (const [engine, figure] of Object.entries(figures)) {
    if (figure.dataset.state === "waiting") cannot({ engine, kind: "stopped" }, "stale", "Stopped.");
  }
  request += 1; // nothing of the old worker counts
  say("Stopped. Python starts again; edit the kernel before the next picture.");
  startWorker();
};

// ---- the view ----

function look(next) {
  const width = Math.min(Math.max(next.width, NARROWEST), WIDEST);
  view = { ...next, width };
  ask();
  if (width > next.width) say("This is as near as float32 can tell pixels apart.");
}

function zoom(factor, x = view.x, y = view.y) {
  // The point under the pointer stays where it is.
  const keep = 1 / factor;
  look({ x: x + (view.x - x) * keep, y: y + (view.y - y) * keep, width: view.width * keep });
}

/** The place in the plane of a position in a canvas. */
function placeOf(canvas, event) {
  const box = canvas.getBoundingClientRect();
  const across = (event.clientX - box.left) / box.width - 0.5;
  const down = (event.clientY - box.top) / box.height - 0.5;
  return { x: view.x + across * view.width, y: view.y + (down * view.width * ROWS) / COLUMNS };
}

for (const figure of Object.values(figures)) {
  const canvas = figure.querySelector("canvas");
  const frame = part(figure, "choice");
  let start = null;

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    start = { ...placeOf(canvas, event), clientX: event.clientX, clientY: event.clientY };
    if (event.pointerType !== "touch") canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!start || event.pointerType === "touch") return;
    const box = canvas.getBoundingClientRect();
    const { left, top, width, height } = dragged(event);
    frame.hidden = width < 6;
    Object.assign(frame.style, {
      left: `${left - box.left}px`, top: `${top - box.top}px`, width: `${width}px`, height: `${height}px`,
    });
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!start) return;
    const { left, top, width, height } = dragged(event);
    const box = canvas.getBoundingClientRect();
    if (frame.hidden) {
      const { x, y } = start;
      zoom(event.shiftKey ? 0.5 : 2, x, y);
    } else {
      const middle = placeOf(canvas, { clientX: left + width / 2, clientY: top + height / 2 });
      look({ ...middle, width: (view.width * width) / box.width });
    }
    cancel();
  });
  canvas.addEventListener("pointercancel", cancel);
  canvas.addEventListener("keydown", (event) => {
    if (event.key === "Escape") cancel();
    const step = view.width / 8;
    const keys = {
      ArrowLeft: () => look({ ...view, x: view.x - step }),
      ArrowRight: () => look({ ...view, x: view.x + step }),
      ArrowUp: () => look({ ...view, y: view.y - step }),
      ArrowDown: () => look({ ...view, y: view.y + step }),
      "+": () => zoom(2),
      "=": () => zoom(2),
      "-": () => zoom(0.5),
      0: () => look(KERNELS[chosen].view),
    };
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });

  function cancel() {
    start = null;
    frame.hidden = true;
  }

  /** The frame from the start of the drag to the pointer, in the shape of the picture. */
  function dragged({ clientX, clientY }) {
    const across = clientX - start.clientX;
    const down = clientY - start.clientY;
    const width = Math.max(Math.abs(across), (Math.abs(down) * COLUMNS) / ROWS);
    const height = (width * ROWS) / COLUMNS;
    return {
      width, height,
      left: across < 0 ? start.clientX - width : start.clientX,
      top: down < 0 ? start.clientY - height : start.clientY,
    };
  }
}

byId("in").onclick = () => zoom(2);
byId("out").onclick = () => zoom(0.5);
byId("whole").onclick = () => look(KERNELS[chosen].view);
byId("limit").onchange = () => ask();

// ---- kernels ----

function choose(name) {
  chosen = name;
  const { source, limit } = KERNELS[name];
  view = { ...KERNELS[name].view };
  byId("limit").value = limit;
  editor.text = source;
  ask();
}

for (const [name, { title }] of Object.entries(KERNELS)) {
  const button = document.createElement("button");
  button.type = "button";
  button.value = name;
  button.textContent = title;
  button.disabled = true;
  button.onclick = () => choose(name);
  byId("kernels").append(button);
}

startWorker();
choose(chosen);
