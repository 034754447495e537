import { drawSpectrogram, drawWaveform } from "./plot.js";

const byId = (id) => document.getElementById(id);
const progress = byId("progress");
const status = byId("status");
const error = byId("error");
const result = byId("result");
const controls = { pick: byId("pick"), sample: byId("sample"), play: byId("play") };

const worker = new Worker("worker.js", { type: "module" });
let request = 0;
let shown = null; // {picture, name, bytes}
let pending = null; // the file that is being analysed
let player = null;

function say(text) {
  status.textContent = text;
}

function showProgress(fraction) {
  progress.hidden = fraction === null;
  if (fraction !== null) progress.value = fraction;
}

function complain(message) {
  error.textContent = message;
  error.hidden = !message;
}

/** Hands a file to Python. The page keeps a copy for playing it. */
function analyse(name, bytes) {
  stop();
  request += 1;
  pending = { id: request, name, bytes };
  complain("");
  result.setAttribute("aria-busy", "true");
  worker.postMessage({ id: request, bytes });
}

async function analyseSample() {
  try {
    const response = await fetch("sample.wav");
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    analyse("Bundled sample", await response.arrayBuffer());
  } catch (reason) {
    complain(`The bundled sample could not be loaded: ${reason.message}`);
  }
}

async function analyseFile(file) {
  if (!file) return;
  try {
    analyse(file.name, await file.arrayBuffer());
  } catch (reason) {
    complain(`${file.name} could not be read: ${reason.message}`);
  }
}

function draw() {
  if (!shown) return;
  drawWaveform(byId("waveform"), shown.picture);
  drawSpectrogram(byId("spectrogram"), shown.picture);
}

function show({ picture, milliseconds }) {
  shown = { picture, name: pending.name, bytes: pending.bytes };
  byId("name").textContent = shown.name;
  byId("facts").replaceChildren(...Object.entries(picture.facts).map(([term, value]) => {
    const group = document.createElement("div");
    const dt = document.createElement("dt");
    const dd = document.createElement("dd");
    dt.textContent = term;
    dd.textContent = value;
    group.append(dt, dd);
    return group;
  }));
  draw();
  byId("waveform").setAttribute("aria-label", `Waveform of ${shown.name}, ${picture.facts.Length}, peak ${picture.facts.Peak}`);
  byId("spectrogram").setAttribute("aria-label",
    `Spectrogram of ${shown.name}, ${picture.facts.Length}, strongest at ${picture.facts.Strongest}`);
  result.setAttribute("aria-busy", "false");
  controls.play.disabled = false;
  showProgress(null);
  complain(picture.note);
  say(`Analysed in ${Math.round(milliseconds)} ms`);
  document.body.dataset.analysed = String(milliseconds);
  document.body.dataset.shown = shown.name;
  performance.mark(`shown ${request}`);
  if (!document.body.dataset.firstPicture) {
    document.body.dataset.firstPicture = String(performance.now());
    byId("timing").textContent = `From opening the page to the first spectrogram: ${(performance.now() / 1000).toFixed(1)} s.`;
  }
}

worker.onmessage = ({ data }) => {
  switch (data.kind) {
    case "progress":
      showProgress(data.fraction);
      say(data.text);
      break;
    case "ready":
      controls.pick.disabled = controls.sample.disabled = false;
      document.body.dataset.ready = String(data.milliseconds);
      break;
    case "working":
      if (data.id === request) {
        showProgress(data.fraction);
        say("Analysing…");
      }
      break;
    case "picture":
      if (data.id === request) show(data);
      break;
    case "failed":
      if (data.id !== request) break;
      complain(`${pending.name}: ${data.message}`);
      showProgress(null);
      say(shown ? "The picture still shows the last file." : "");
      result.setAttribute("aria-busy", String(!shown));
      break;
    case "broken":
      showProgress(null);
      say("");
      complain(`Python could not be started: ${data.message}`);
      break;
  }
};
worker.onerror = (event) => complain(`Python could not be started: ${event.message ?? "the worker failed"}`);

controls.pick.onclick = () => byId("file").click();
controls.sample.onclick = analyseSample;
byId("file").onchange = ({ target }) => {
  analyseFile(target.files[0]);
  target.value = "";
};

function stop() {
  player?.pause();
  if (player) URL.revokeObjectURL(player.src);
  player = null;
  controls.play.textContent = "Play";
  controls.play.setAttribute("aria-pressed", "false");
}

controls.play.onclick = async () => {
  if (player) return stop();
  player = new Audio(URL.createObjectURL(new Blob([shown.bytes], { type: "audio/wav" })));
  player.onended = stop;
  controls.play.textContent = "Stop";
  controls.play.setAttribute("aria-pressed", "true");
  try {
    await player.play();
  } catch {
    stop();
    say("The browser cannot play this kind of WAV file.");
  }
};

addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dragging");
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dragging");
});
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dragging");
  analyseFile(event.dataTransfer.files[0]);
});

new ResizeObserver(draw).observe(result);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
analyseSample();
