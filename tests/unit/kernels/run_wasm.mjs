// Calls kernels of WebAssembly modules; the request is described in wasm_node.py.
import { readFileSync } from "node:fs";

const request = JSON.parse(readFileSync(0, "utf8"));
const PAGE = 65536;
const memory = new WebAssembly.Memory({ initial: 16 });
let top = 64;
const reserve = (size) => {
  const at = (top + 63) & ~63;
  top = at + size + 64;
  const missing = Math.ceil((top - memory.buffer.byteLength) / PAGE);
  if (missing > 0) memory.grow(missing);
  return at;
};
const instances = request.modules.map(({ code, data }, index) => {
  try {
    const module = new WebAssembly.Module(Buffer.from(code, "base64"));
    const address = new WebAssembly.Global({ value: "i32" }, reserve(data));
    return new WebAssembly.Instance(module, { env: { memory, data: address } }).exports;
  } catch (error) {
    throw new Error(`module ${index}: ${error.message}`);
  }
});
const start = top;
const answers = request.calls.map(({ module, form, operands, count, strides }) => {
  top = start;
  const bytes = operands.map((text) => Buffer.from(text, "base64"));
  const places = bytes.map((data) => reserve(data.length));
  const pointers = reserve(4 * 16), steps = reserve(4 * 16);
  bytes.forEach((data, k) => new Uint8Array(memory.buffer).set(data, places[k]));
  new Int32Array(memory.buffer, pointers, places.length).set(places);
  new Int32Array(memory.buffer, steps, strides.length).set(strides);
  // An entry's third operand is memory; its address is the first argument.
  if (form === "entry" && places.length > 2) new DataView(memory.buffer).setBigInt64(places[0], BigInt(places[2]), true);
  const call = instances[module][form];
  const result = form === "entry" ? call(places[0], places[1])
    : form === "strided" ? call(pointers, steps, count) : call(pointers, count);
  return { result, operands: bytes.map((data, k) => Buffer.from(memory.buffer, places[k], data.length).toString("base64")) };
});
process.stdout.write(JSON.stringify(answers));
