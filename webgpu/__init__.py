"""Device arrays on WebGPU."""
