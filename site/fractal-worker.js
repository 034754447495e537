// Python in a worker: compiles the visitor's kernel for four engines and paints with each.
//
// Messages in:  {id, source, view: {x, y, width}, columns, rows, limit}
// Messages out: {kind: "progress", fraction, text}         loading
//               {kind: "ready", milliseconds}              Python can take kernels
//               {kind: "picture", id, engine, values, columns, rows, milliseconds, compileMilliseconds, scale,
//                remark}                                   compileMilliseconds is 0 for a kernel compiled before
//               {kind: "missing", id, engine, message}     this browser has no such engine
//               {kind: "failed", id, engine, message, line}
//               {kind: "done", id}                         every engine has answered
//               {kind: "broken", message}                  loading failed
// A newer request takes the place of one that is under way.

import { fetchChecked, shorten, startPython } from "./python.js";

// A kernel that never ends stops the first one, and so never comes to the GPU, which the whole screen depends on.
const ENGINES = ["simd", "webgpu", "scalar", "interpreter"];

async function load() {
  const start = performance.now();
  const progress = (fraction, text) => postMessage({ kind: "progress", fraction, text });
  const module = fetchChecked("fractal_engines.py").then((response) => response.text());
  module.catch(() => {}); // reported where it is awaited
  const studio = await startPython(["wheel"], progress, async (python) => {
    python.FS.writeFile("/home/pyodide/fractal_engines.py", await module);
    return python.pyimport("fractal_engines").Studio();
  });
  postMessage({ kind: "ready", milliseconds: performance.now() - start });
  return studio;
}

const loading = load();
loading.catch((error) => postMessage({ kind: "broken", message: shorten(error) }));

let waiting = null; // the newest request that nobody has taken

/** Lets messages in. */
function pause() {
  return new Promise((done) => setTimeout(done));
}

async function paint(studio, { id, source, view, columns, rows, limit }) {
  for (const engine of ENGINES) {
    await pause();
    if (waiting) return;
    const superseded = () => waiting !== null;
    const answer = await studio.paint(engine, source, view.x, view.y, view.width, columns, rows, limit, superseded);
    if (!answer) return; // superseded
    const message = answer.toJs({ dict_converter: Object.fromEntries }); // `values` becomes a Float32Array
    answer.destroy();
    postMessage({ id, engine, ...message }, message.values ? [message.values.buffer] : []);
  }
  postMessage({ kind: "done", id });
}

async function work() {
  let studio;
  try {
    studio = await loading;
  } catch {
    return; // reported above
  }
  while (waiting) {
    const job = waiting;
    waiting = null;
    try {
      await paint(studio, job);
    } catch (error) {
      postMessage({ kind: "failed", id: job.id, engine: null, message: shorten(error), line: null });
    }
  }
}

let working = Promise.resolve();

self.onmessage = ({ data }) => {
  waiting = data;
  working = working.then(work);
};
