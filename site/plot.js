// Canvases with axes. Positions of ticks, pixels and extremes come from Python; this file only puts them on screen.

const MARGIN = { left: 58, right: 12, top: 10, bottom: 34 };
const SCALE_WIDTH = 62;

// Lightness rises steadily from black-violet through red to pale yellow, so that the picture also reads in grey.
const COLOURS = [
  [0, 4, 3, 18], [0.2, 46, 16, 94], [0.4, 122, 28, 109], [0.6, 201, 62, 76], [0.8, 249, 142, 40], [1, 252, 250, 190],
];

function colourTable() {
  const table = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i++) {
    const t = i / 255;
    const k = COLOURS.findIndex(([stop]) => stop >= t) || 1;
    const [low, ...from] = COLOURS[k - 1];
    const [high, ...to] = COLOURS[k];
    const part = (t - low) / (high - low);
    for (let c = 0; c < 3; c++) table[4 * i + c] = from[c] + (to[c] - from[c]) * part;
    table[4 * i + 3] = 255;
  }
  return table;
}

const TABLE = colourTable();

/** A drawing context in CSS pixels, sharp on any screen, with the colours of the page. */
function open(canvas, right = MARGIN.right) {
  const ratio = window.devicePixelRatio || 1;
  const { width, height } = canvas.getBoundingClientRect();
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  context.font = "12px system-ui, sans-serif";
  const box = { x: MARGIN.left, y: MARGIN.top, w: width - MARGIN.left - right, h: height - MARGIN.top - MARGIN.bottom };
  return { context, colour, box, width, height };
}

function frame({ context, colour, box }) {
  context.strokeStyle = colour("--line");
  context.strokeRect(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1);
}

/** Ticks below the box; labels that would touch their neighbour are left out. */
function timeAxis({ context, colour, box }, ticks, unit) {
  context.fillStyle = context.strokeStyle = colour("--faint");
  context.textAlign = "center";
  context.textBaseline = "top";
  const name = `time (${unit})`;
  const nameStart = box.x + box.w - context.measureText(name).width;
  let free = -Infinity;
  for (const [at, label] of ticks) {
    const x = box.x + at * box.w;
    context.fillRect(Math.round(x), box.y + box.h, 1, 4);
    const half = context.measureText(label).width / 2;
    if (x - half > free && x + half < box.x + box.w + MARGIN.right) {
      context.fillText(label, x, box.y + box.h + 6);
      free = x + half + 6;
    }
  }
  context.textAlign = "left";
  context.fillText(name, nameStart, box.y + box.h + 20);
}

function valueAxis({ context, colour, box }, ticks, name) {
  context.fillStyle = colour("--faint");
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const [at, label] of ticks) {
    const y = box.y + box.h * (1 - at);
    context.fillRect(box.x - 4, Math.round(y), 4, 1);
    context.fillText(label, box.x - 7, Math.min(Math.max(y, box.y + 5), box.y + box.h - 5));
  }
  context.save();
  context.translate(12, box.y + box.h / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillText(name, 0, 0);
  context.restore();
}

/** The waveform: one vertical bar from lowest to highest per column. */
export function drawWaveform(canvas, picture) {
  const plot = open(canvas, SCALE_WIDTH);
  const { context, colour, box } = plot;
  const { lowest, highest } = picture;
  let limit = 1;
  for (const list of [lowest, highest]) for (const value of list) limit = Math.max(limit, Math.abs(value));
  const y = (value) => box.y + (box.h * (1 - value / limit)) / 2;
  context.fillStyle = colour("--line");
  context.fillRect(box.x, y(0), box.w, 1);
  context.fillStyle = colour("--wave");
  const step = box.w / picture.columns;
  for (let i = 0; i < picture.columns; i++) {
    // A bar reaches its neighbour's range, so that steep slopes have no gaps.
    const top = y(i > 0 ? Math.max(highest[i], lowest[i - 1]) : highest[i]);
    const bottom = y(i > 0 ? Math.min(lowest[i], highest[i - 1]) : lowest[i]);
    context.fillRect(box.x + i * step, top, Math.max(step, 0.6), Math.max(bottom - top, 1));
  }
  frame(plot);
  timeAxis(plot, picture.time_ticks, picture.time_unit);
  const label = limit === 1 ? "1" : limit.toPrecision(3);
  valueAxis(plot, [[0, `-${label}`], [0.5, "0"], [1, label]], "sample");
}

/** The spectrogram, with a scale of levels at its right. */
export function drawSpectrogram(canvas, picture) {
  const plot = open(canvas, SCALE_WIDTH);
  const { context, colour, box, width } = plot;
  const image = new ImageData(picture.columns, picture.bins);
  const words = new Uint32Array(image.data.buffer);
  const table = new Uint32Array(TABLE.buffer);
  for (let i = 0; i < words.length; i++) words[i] = table[picture.pixels[i]];
  const sheet = new OffscreenCanvas(picture.columns, picture.bins);
  sheet.getContext("2d").putImageData(image, 0, 0);
  context.drawImage(sheet, box.x, box.y, box.w, box.h);
  frame(plot);
  timeAxis(plot, picture.time_ticks, picture.time_unit);
  valueAxis(plot, picture.frequency_ticks, `frequency (${picture.frequency_unit})`);

  const x = width - SCALE_WIDTH + 12;
  for (let i = 0; i < box.h; i++) {
    const k = 4 * Math.round(255 * (1 - i / box.h));
    context.fillStyle = `rgb(${TABLE[k]} ${TABLE[k + 1]} ${TABLE[k + 2]})`;
    context.fillRect(x, box.y + i, 12, 1.5);
  }
  context.fillStyle = colour("--faint");
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const [at, label] of picture.level_ticks) {
    context.fillText(label, x + 16, Math.min(Math.max(box.y + box.h * (1 - at), box.y + 6), box.y + box.h - 6));
  }
  context.textBaseline = "top";
  context.fillText("dB", x + 16, box.y + box.h + 6);
}
