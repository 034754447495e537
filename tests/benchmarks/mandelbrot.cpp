// The loop of fractal.mandelbrot, for the toolchain to compile to WebAssembly; jit_program.py calls it as it calls
// compiled functions: (address of the image, height, width, limit) in slots of eight bytes.
using int64_t = long long;
using int32_t = int;

extern "C" __attribute__((visibility("default"), used)) int32_t entry(const int64_t* arguments, int64_t*) {
  auto* out = reinterpret_cast<int32_t*>(static_cast<unsigned long>(arguments[0]));
  const int64_t height = arguments[1], width = arguments[2], limit = arguments[3];
  for (int64_t row = 0; row < height; row++) {
    const double imag = -1.0 + 2.0 * static_cast<double>(row) / static_cast<double>(height);
    for (int64_t column = 0; column < width; column++) {
      const double real = -2.0 + 3.0 * static_cast<double>(column) / static_cast<double>(width);
      double x = 0.0, y = 0.0;
      int64_t turn = 0;
      for (; turn < limit; turn++) {
        const double next = x * x - y * y + real;
        y = x * y + y * x + imag;
        x = next;
        if (x * x + y * y >= 4.0) break;
      }
      out[row * width + column] = static_cast<int32_t>(turn);
    }
  }
  return 0;
}
