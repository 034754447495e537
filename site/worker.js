// Python in a worker: answers sound files with pictures.
//
// Messages in:  {id, name, bytes}                       a file to analyse
// Messages out: {kind: "progress", fraction, text}      loading
//               {kind: "ready", milliseconds}           Python can take files
//               {kind: "working", id, fraction}         a file's analysis
//               {kind: "picture", id, picture, milliseconds} / {kind: "failed", id, message}
//               {kind: "broken", message}               loading failed

import { shorten, startPython } from "./python.js";

async function load() {
  const start = performance.now();
  const progress = (fraction, text) => postMessage({ kind: "progress", fraction, text });
  const result = await startPython(["wheel", "audio_wheel"], progress, (python) => (
    { python, page: python.pyimport("wasmnp_audio.page") }
  ));
  postMessage({ kind: "ready", milliseconds: performance.now() - start });
  return result;
}

const loading = load();
loading.catch((error) => postMessage({ kind: "broken", message: shorten(error) }));

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
