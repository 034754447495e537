"""The loop over numbers that compilers are compared with: Numba's example of a Mandelbrot set."""


def escape(x, y, limit):
    """Turns after which z = z*z + c has left the circle of radius 2."""
    c = complex(x, y)
    z = 0.0j
    for turn in range(limit):
        z = z * z + c
        if z.real * z.real + z.imag * z.imag >= 4.0:
            return turn
    return limit


def mandelbrot(image, limit):
    """Fill an image of int32 with the turns over -2..1 by -1..1."""
    height, width = image.shape
    for row in range(height):
        imag = -1.0 + 2.0 * row / height
        for column in range(width):
            image[row, column] = escape(-2.0 + 3.0 * column / width, imag, limit)
