// Reads the PNG files of the server exactly: masks, whose samples are classes, and confidences.
// A canvas would turn the indices of a palette into colors, and so lose them.

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const GRAY = 0;
const PALETTE = 3;

/**
 * Reads a PNG with a palette or in gray, of any bit depth, not interlaced.
 *
 * @param {ArrayBuffer} file
 * @returns {Promise<{width: number, height: number, samples: Uint8Array | Uint16Array}>}
 */
export async function readPng(file) {
  const {header, data} = chunks(new Uint8Array(file));
  const {width, height, depth} = header;
  const rowBytes = Math.ceil((width * depth) / 8);
  const rows = await inflate(data);
  if (rows.length < height * (rowBytes + 1)) {
    throw new Error('The PNG ends too early.');
  }
  unfilter(rows, height, rowBytes, Math.max(1, depth >> 3));
  return {width, height, samples: unpack(rows, width, height, depth, rowBytes)};
}

function chunks(bytes) {
  if (SIGNATURE.some((value, i) => bytes[i] !== value)) {
    throw new Error('This is not a PNG.');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = [];
  let header;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === 'IHDR') {
      header = readHeader(view, at + 8);
    } else if (type === 'IDAT') {
      data.push(bytes.subarray(at + 8, at + 8 + length));
    } else if (type === 'IEND') {
      break;
    }
    at += length + 12;
  }
  if (!header) {
    throw new Error('The PNG has no header.');
  }
  return {header, data};
}

function readHeader(view, at) {
  const kind = view.getUint8(at + 9);
  if ((kind !== GRAY && kind !== PALETTE) || view.getUint8(at + 12) !== 0) {
    throw new Error('Expected a PNG with a palette or in gray, not interlaced.');
  }
  return {width: view.getUint32(at), height: view.getUint32(at + 4), depth: view.getUint8(at + 8)};
}

async function inflate(parts) {
  const stream = new Blob(parts).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Undoes the filters of the rows in place. */
function unfilter(bytes, height, rowBytes, pixelBytes) {
  const stride = rowBytes + 1;
  for (let y = 0; y < height; y++) {
    const filter = bytes[y * stride];
    if (filter !== 0) {
      unfilterRow(filter, bytes, y * stride + 1, rowBytes, pixelBytes, y > 0 ? stride : 0);
    }
  }
}

function unfilterRow(filter, bytes, from, length, pixelBytes, stride) {
  for (let i = 0; i < length; i++) {
    const at = from + i;
    const left = i >= pixelBytes ? bytes[at - pixelBytes] : 0;
    const up = stride ? bytes[at - stride] : 0;
    if (filter === 1) {
      bytes[at] += left;
    } else if (filter === 2) {
      bytes[at] += up;
    } else if (filter === 3) {
      bytes[at] += (left + up) >> 1;
    } else {
      const corner = stride && i >= pixelBytes ? bytes[at - stride - pixelBytes] : 0;
      bytes[at] += paeth(left, up, corner);
    }
  }
}

function paeth(left, up, corner) {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) {
    return left;
  }
  return toUp <= toCorner ? up : corner;
}

function unpack(bytes, width, height, depth, rowBytes) {
  const samples = depth === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const row = y * (rowBytes + 1) + 1;
    if (depth === 8) {
      samples.set(bytes.subarray(row, row + width), i);
      i += width;
    } else if (depth === 16) {
      for (let x = 0; x < width; x++) {
        samples[i++] = (bytes[row + 2 * x] << 8) | bytes[row + 2 * x + 1];
      }
    } else {
      const mask = (1 << depth) - 1;
      for (let x = 0, bit = 0; x < width; x++, bit += depth) {
        samples[i++] = (bytes[row + (bit >> 3)] >> (8 - depth - (bit & 7))) & mask;
      }
    }
  }
  return samples;
}
