// What a library makes the GPU do, counted where every library has to pass: the methods of WebGPU's own classes.
//
// Counts, since the last reset:
//   dispatches   calls of dispatchWorkgroups and dispatchWorkgroupsIndirect
//   submits      calls of queue.submit
//   bound        bytes of the storage buffer ranges that the dispatches had bound (each dispatch counts all of its
//                ranges): what crosses the memory bus if a kernel touches each byte of its arrays once
//   parameters   bytes of the uniform buffer ranges that the dispatches had bound
//   copied       bytes of copyBufferToBuffer
//   uploaded     bytes of queue.writeBuffer, and of buffers that were mapped when they were made
//   mapped       bytes of mapAsync

const counts = {};

export function reset() {
  Object.assign(counts, { dispatches: 0, submits: 0, bound: 0, parameters: 0, copied: 0, uploaded: 0, mapped: 0 });
}

export function read() {
  return { ...counts };
}

/** Wraps a method: `before` sees its object and arguments, `after` what it gave. */
function wrap(owner, name, before, after = () => {}) {
  const method = owner.prototype[name];
  owner.prototype[name] = function (...given) {
    before?.call(this, ...given);
    const result = method.apply(this, given);
    after.call(this, result, ...given);
    return result;
  };
}

export function install() {
  reset();
  const groupBytes = new WeakMap(); // bind group -> bytes of its ranges by kind
  const passGroups = new WeakMap(); // compute pass -> bind groups by index
  const byteLength = (data) => data.byteLength;

  wrap(GPUDevice, "createBindGroup", null, (group, { entries }) => {
    const bytes = { bound: 0, parameters: 0 };
    for (const { resource } of entries) {
      const { buffer, offset = 0, size } = resource instanceof GPUBuffer ? { buffer: resource } : resource;
      if (buffer) bytes[buffer.usage & GPUBufferUsage.UNIFORM ? "parameters" : "bound"] += size ?? buffer.size - offset;
    }
    groupBytes.set(group, bytes);
  });
  wrap(GPUDevice, "createBuffer", (descriptor) => {
    if (descriptor.mappedAtCreation) counts.uploaded += descriptor.size;
  });
  wrap(GPUComputePassEncoder, "setBindGroup", function (index, group) {
    if (!passGroups.has(this)) passGroups.set(this, []);
    passGroups.get(this)[index] = group;
  });
  for (const name of ["dispatchWorkgroups", "dispatchWorkgroupsIndirect"]) {
    wrap(GPUComputePassEncoder, name, function () {
      counts.dispatches += 1;
      for (const group of passGroups.get(this) ?? []) {
        for (const [name, bytes] of Object.entries(groupBytes.get(group) ?? {})) counts[name] += bytes;
      }
    });
  }
  wrap(GPUCommandEncoder, "copyBufferToBuffer", (source, ...rest) => {
    // copyBufferToBuffer(source, destination, size?) or (source, sourceOffset, destination, destinationOffset, size?)
    const short = rest[0] instanceof GPUBuffer;
    counts.copied += (short ? rest[1] : rest[3]) ?? source.size - (short ? 0 : rest[0]);
  });
  wrap(GPUQueue, "submit", () => { counts.submits += 1; });
  wrap(GPUQueue, "writeBuffer", (buffer, offset, data, dataOffset = 0, size = undefined) => {
    const unit = data.BYTES_PER_ELEMENT ?? 1;
    counts.uploaded += size === undefined ? byteLength(data) - dataOffset * unit : size * unit;
  });
  wrap(GPUBuffer, "mapAsync", function (mode, offset = 0, size = this.size - offset) {
    counts.mapped += size;
  });
}
