// Starts Python in a worker: loads Pyodide from this origin and installs wheels with micropip.

// Shares of the waiting time, measured cold in Chromium.
const SHARES = { pyodide: 0.72, wheels: 0.1, install: 0.1, import: 0.08 };

/** Fetches a file of this origin; an answer that is no file is an error. */
export async function fetchChecked(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
  return response;
}

/**
 * Starts Python and installs wheels.
 *
 * `keys` are the wheels' names in manifest.json; `progress(fraction, text)` is told how far it is; `prepare(python)`
 * imports what the page needs and gives it. Resolves to what `prepare` gave.
 */
export async function startPython(keys, progress, prepare) {
  const done = { pyodide: 0, wheels: 0, install: 0, import: 0 };
  const advance = (part, fraction, text) => {
    done[part] = Math.max(done[part], fraction);
    progress(Object.entries(SHARES).reduce((sum, [name, share]) => sum + share * done[name], 0), text);
  };

  const fetchWheels = async () => {
    const manifest = await (await fetchChecked("manifest.json")).json();
    const names = keys.map((key) => manifest[key]);
    if (!names.every(Boolean)) throw new Error("manifest.json names no wheels: build the site first");
    return Promise.all(names.map(async (path, index) => {
      const data = new Uint8Array(await (await fetchChecked(path)).arrayBuffer());
      advance("wheels", (index + 1) / names.length, "Loading Python…");
      return { path: `/tmp/${path.split("/").pop()}`, data };
    }));
  };

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
    advance("install", (index + 1) / keys.length, "Installing wasmnp…");
  }
  const result = await prepare(python);
  advance("import", 1, "Ready");
  return result;
}

/** The last line of a Python traceback says what happened; stack lines of the engine help nobody. */
export function shorten(error) {
  const lines = String(error?.message ?? error).trim().split("\n").filter((line) => !/wasm-function|asm\.m?js/.test(line));
  return lines.at(-1).trim().slice(0, 500);
}
