// From a kernel's numbers to colours.

// A cycle that begins and ends in the dark blue of the background.
const COLOURS = [
  [0, 10, 15, 40], [0.16, 18, 82, 122], [0.36, 104, 190, 187], [0.5, 246, 244, 220],
  [0.64, 243, 170, 62], [0.82, 141, 44, 62], [1, 10, 15, 40],
];
const STEPS = 2048;
const INSIDE = rgb(6, 8, 14); // negative numbers
const UNDEFINED = rgb(128, 128, 128); // not a number

function rgb(red, green, blue) {
  const bytes = new Uint8ClampedArray([red, green, blue, 255]);
  return new Uint32Array(bytes.buffer)[0];
}

const TABLE = Uint32Array.from({ length: STEPS }, (_, i) => {
  const t = i / STEPS;
  const k = COLOURS.findIndex(([stop]) => stop > t);
  const [low, ...from] = COLOURS[k - 1];
  const [high, ...to] = COLOURS[k];
  const part = (t - low) / (high - low);
  return rgb(...from.map((value, c) => value + (to[c] - value) * part));
});

/** Paints numbers (float32, row by row). The logarithm keeps the far ends of deep pictures apart. */
export function paint(canvas, { values, columns, rows }) {
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < words.length; i++) {
    const value = values[i];
    if (value >= 0) words[i] = TABLE[Math.floor(0.28 * Math.log2(1 + Math.min(value, 1e30)) * STEPS) % STEPS];
    else words[i] = value < 0 ? INSIDE : UNDEFINED;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}
