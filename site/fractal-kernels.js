// Kernels to begin with: sources, and where there is something to see.

const MANDELBROT = `def mandelbrot(x, y, limit):
    a, b = x, y
    size, last = a * a + b * b, 0.0
    turns = 0
    while size <= 16 and turns < limit:
        a, b = a * a - b * b + x, 2 * a * b + y
        size, last = a * a + b * b, size
        turns += 1
    if size <= 16:
        return -1.0  # never left: black
    # The part of the last turn within the circle
    # smooths the steps between the colours.
    return turns + (16 - last) / (size - last)
`;

const JULIA = `def julia(x, y, limit):
    a, b = x, y
    size, last = a * a + b * b, 0.0
    turns = 0
    while size <= 16 and turns < limit:
        a, b = a * a - b * b - 0.8, 2 * a * b + 0.156
        size, last = a * a + b * b, size
        turns += 1
    if size <= 16:
        return -1.0
    return turns + (16 - last) / (size - last)
`;

const BURNING_SHIP = `def burning_ship(x, y, limit):
    a, b = x, y
    size, last = a * a + b * b, 0.0
    turns = 0
    while size <= 16 and turns < limit:
        a, b = abs(a), abs(b)
        a, b = a * a - b * b + x, 2 * a * b + y
        size, last = a * a + b * b, size
        turns += 1
    if size <= 16:
        return -1.0
    return turns + (16 - last) / (size - last)
`;

export const KERNELS = {
  mandelbrot: { title: "Mandelbrot", source: MANDELBROT, view: { x: -0.65, y: 0, width: 3.3 }, limit: 256 },
  valley: { title: "Seahorse valley", source: MANDELBROT, view: { x: -0.7458, y: 0.1075, width: 0.012 }, limit: 600 },
  julia: { title: "Julia", source: JULIA, view: { x: 0, y: 0, width: 3.3 }, limit: 256 },
  ship: { title: "Burning ship", source: BURNING_SHIP, view: { x: -1.7565, y: -0.035, width: 0.14 }, limit: 256 },
};
