// The expressions of webgpu_counts.py in jax-js. Arrays are consumed where they are used; `ref` keeps one for more.

import { blockUntilReady, init, defaultDevice, jit, numpy as np } from "/jax/index.js";

const EXPRESSIONS = {
  "mean((x - y)**2)": ({ x, y }) => np.mean(np.square(x.sub(y))),
  "softmax over rows": ({ x }) => {
    const e = np.exp(x.ref.sub(np.max(x, 1, { keepdims: true })));
    return e.ref.div(np.sum(e, 1, { keepdims: true }));
  },
  "20 elementwise": ({ x }) => {
    for (let i = 0; i < 10; i++) x = x.mul(0.5).add(i);
    return x;
  },
  "relu(a @ b + bias)": ({ a, b, bias }) => np.maximum(np.matmul(a, b).add(bias), 0),
  "sum over axis 0 of exp(x)*y": ({ x, y }) => np.sum(np.exp(x).mul(y), 0),
  "x + 1": ({ small }) => small.add(1),
};

let operands = {};

export async function prepare(arrays) {
  await init("webgpu");
  defaultDevice("webgpu");
  for (const [name, [shape, values]] of Object.entries(arrays)) {
    operands[name] = np.array(new Float32Array(values), { shape });
    await operands[name].blockUntilReady();
  }
}

const compiled = {};

function forms(expression) {
  compiled[expression] ??= jit(EXPRESSIONS[expression]);
  return { eager: EXPRESSIONS[expression], jit: compiled[expression] };
}

/** Fresh references to the operands that an expression uses. */
function taken(names) {
  return Object.fromEntries(names.map((name) => [name, operands[name].ref]));
}

/** Runs once, to the end, on the device. */
export async function run(expression, form, names) {
  const result = forms(expression)[form](taken(names));
  await blockUntilReady(result.ref);
  return result;
}

export async function values(result) {
  return [...await result.data()];
}

/**
 * Microseconds to enqueue `expression`, without waiting for the device, the median of some batches: until the result
 * is recorded, or submitted.
 */
export async function enqueue(expression, form, names, submitted, calls, batches) {
  const times = [];
  for (let batch = 0; batch < batches; batch++) {
    const results = [];
    const start = performance.now();
    for (let i = 0; i < calls; i++) {
      const result = forms(expression)[form](taken(names));
      if (submitted) result.ref.gpuBufferSync();
      results.push(result);
    }
    times.push(((performance.now() - start) / calls) * 1000);
    await blockUntilReady(results.map((result) => result.ref));
    results.forEach((result) => result.dispose());
  }
  return times.sort((p, q) => p - q)[Math.floor(batches / 2)];
}
