// Python in a worker: loads Pyodide from this origin, installs the wheels with micropip, answers with pictures.
//
// Messages in:  {id, name, bytes}                       a file to analyse
// Messages out: {kind: "progress", fraction, text}      loading
//               {kind: "ready", milliseconds}           Python can take files
//               {kind: "working", id, fraction}         a file's analysis
//               {kind: "picture", id, picture, milliseconds} / {kind: "failed", id, message}
//               {kind: "broken", message}               loading failed

// Shares of the waiting time, measured cold in Chromium.
const SHARES = { pyodide: 0.72, wheels: 0.1, install: 0.1, import: 0.08 };
const done = { pyodide: 0, wheels: 0, install: 0, import: 0 };

function advance(part, fraction, text) {
  done[part] = Math.max(done[part], fraction);
  const total = Object.entries(SHARES).reduce((sum, [name, share]) => sum + share * done[name], 0);
  postMessage({ kind: "progress", fraction: total, text });
}

async function fetchChecked(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
  return response;
}

async function fetchWheels() {
  const manifest = await (await fetchChecked("manifest.json")).json();
  const names = [manifest.wheel, manifest.audio_wheel];
  if (!names.every(Boolean)) throw new Error("manifest.json names no wheels: build the site first");
  return Promise.all(names.map(async (path, index) => {
    const data = new Uint8Array(await (await fetchChecked(path)).arrayBuffer());
    advance("wheels", (index + 1) / names.length, "Loading Python…");
    return { path: `/tmp/${path.split("/").pop()}`, data };
  }));
}

async function load() {
  const start = performance.now();
  advance("pyodide", 0.05, "Loading Python…");
  const wheels = fetchWheels();
  wheels.catch(() => {}); // reported where it is awaited
  const { loadPyodide } = await import(new URL("pyodide/pyodide.mjs", self.location.href).href);
  advance("pyodide", 0.15, "Loading Python…");
  const python = await loadPyodide({
    indexURL: new URL("pyodide/", self.location.href).href,
    packages: ["micropip"],
  });
  advance("pyodide", 1, "Installing wasmnp…");
  for (const { path, data } of await wheels) python.FS.writeFile(path, data);
  const micropip = python.pyimport("micropip");
  for (const [index, { path }] of (await wheels).entries()) {
    await micropip.install.callKwargs(`emfs:${path}`, { deps: false });
    advance("install", (index + 1) / 2, "Installing wasmnp…");
  }
  const page = python.pyimport("wasmnp_audio.page");
  advance("import", 1, "Ready");
  postMessage({ kind: "ready", milliseconds: performance.now() - start });
  return { python, page };
}

const loading = load();
loading.catch((error) => postMessage({ kind: "broken", message: shorten(error) }));

/** The last line of a Python traceback says what happened; stack lines of the engine help nobody. */
function shorten(error) {
  const lines = String(error?.message ?? error).trim().split("\n").filter((line) => !/wasm-function|asm\.m?js/.test(line));
  return lines.at(-1).trim().slice(0, 500);
}

function toPlain(proxy) {
  const plain = {};
  const transfer = [];
  for (const key of proxy.keys()) {
    const value = proxy.get(key);
    if (key === "pixels" || key === "lowest" || key === "highest") {
      const buffer = value.getBuffer("u8");
      const bytes = buffer.data.slice();
      buffer.release();
      plain[key] = key === "pixels" ? bytes : new Float32Array(bytes.buffer);
      transfer.push(bytes.buffer);
    } else {
      plain[key] = value?.toJs ? value.toJs({ dict_converter: Object.fromEntries }) : value;
    }
    value?.destroy?.();
  }
  proxy.destroy();
  return [plain, transfer];
}

self.onmessage = async ({ data: { id, bytes } }) => {
  let python, page;
  try {
    ({ python, page } = await loading);
  } catch {
    return; // reported above
  }
  const start = performance.now();
  try {
    const contents = python.toPy(new Uint8Array(bytes));
    const result = page.picture_of(contents, (fraction) => postMessage({ kind: "working", id, fraction }));
    contents.destroy?.();
    const [picture, transfer] = toPlain(result);
    postMessage({ kind: "picture", id, picture, milliseconds: performance.now() - start }, transfer);
  } catch (error) {
    const message = shorten(error).replace(/^(?:[\w.]+\.)?AudioFileError: /, "");
    postMessage({ kind: "failed", id, message });
  }
};
