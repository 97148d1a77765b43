// Turns classes into pixels of a canvas. Pixels are RGBA in one 32-bit number, as canvases of
// little-endian machines have them.

/** What differs between two masks: stripes in magenta and white, to be told from any color. */
const STRIPES = [0xffff00e6, 0xffffffff];

/** A color such as #80ff00 as a pixel, and how opaque it is, 0 to 1. */
export function pixel(color, opacity) {
  const rgb = parseInt(color.slice(1), 16);
  const [red, green, blue] = [rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff];
  return ((Math.round(opacity * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** The colors of classes by their numbers; those that are not shown are transparent. */
function lookup(shown, opacity, most) {
  const pixels = new Uint32Array(most + 1);
  for (const [id, color] of shown) {
    pixels[id] = pixel(color, opacity);
  }
  return pixels;
}

/** Fills each region with its color. */
export function tint(regions, values, shown, opacity, pixels) {
  const colors = lookup(shown, opacity, 0xffff);
  const ofRegions = new Uint32Array(values.length);
  for (let region = 0; region < values.length; region++) {
    ofRegions[region] = colors[values[region]];
  }
  regions.fill(ofRegions, pixels);
}

/** Draws lines along the borders of the classes that are shown, each inside its class. */
export function outline(classes, width, height, lineWidth, shown, pixels) {
  const colors = lookup(shown, 1, 0xffff);
  const offsets = disc(lineWidth);
  eachBorderPixel(classes, width, height, (x, y) => {
    const other = classes[y * width + x];
    for (let o = 0; o < offsets.length; o++) {
      const [dx, dy] = offsets[o];
      const at = (y + dy) * width + x + dx;
      if (x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height) {
        if (classes[at] !== other && colors[classes[at]] !== 0) {
          pixels[at] = colors[classes[at]];
        }
      }
    }
  });
}

function disc(radius) {
  const offsets = [];
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      if (dx * dx + dy * dy <= radius * radius) {
        offsets.push([dx, dy]);
      }
    }
  }
  return offsets;
}

function eachBorderPixel(classes, width, height, visit) {
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const own = classes[i];
      if (
        (x > 0 && classes[i - 1] !== own) ||
        (x + 1 < width && classes[i + 1] !== own) ||
        (y > 0 && classes[i - width] !== own) ||
        (y + 1 < height && classes[i + width] !== own)
      ) {
        visit(x, y);
      }
    }
  }
}

/**
 * How opaque each pixel of a cutout is, as the alpha of pixels.
 *
 * @param {Uint8Array | null} confidence that of a network for cutouts, whose edges are soft
 */
export function alpha(classes, width, height, kept, confidence, feather, pixels) {
  const keeps = new Uint8Array(0x10000);
  kept.forEach((id) => (keeps[id] = 255));
  let values = new Uint8ClampedArray(classes.length);
  for (let i = 0; i < values.length; i++) {
    const kept = keeps[classes[i]];
    values[i] = !confidence ? kept : kept ? confidence[i] : 255 - confidence[i];
  }
  if (!confidence && feather > 0) {
    // Two boxes in a row come close to the bell curve of the library.
    values = blur(blur(values, width, height, feather), width, height, feather);
  }
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = (values[i] << 24) >>> 0;
  }
}

function blur(values, width, height, radius) {
  const across = new Uint8ClampedArray(values.length);
  for (let y = 0; y < height; y++) {
    average(values, across, y * width, 1, width, radius);
  }
  const down = new Uint8ClampedArray(values.length);
  for (let x = 0; x < width; x++) {
    average(across, down, x, width, height, radius);
  }
  return down;
}

/** The averages of a row, or of a column; its ends are repeated outside. */
function average(from, to, start, step, length, radius) {
  const last = start + (length - 1) * step;
  const width = 2 * radius + 1;
  let sum = from[start] * radius;
  for (let i = 0; i <= radius; i++) {
    sum += from[Math.min(last, start + i * step)];
  }
  for (let at = start; at <= last; at += step) {
    to[at] = sum / width;
    sum += from[Math.min(last, at + (radius + 1) * step)] - from[Math.max(start, at - radius * step)];
  }
}

/**
 * Counts the pixels in which two masks differ, and paints them if there are pixels for it.
 *
 * @param {Uint16Array} names what the classes of the second mask are called in the first
 */
export function differences(first, second, names, width, pixels) {
  let count = 0;
  for (let i = 0; i < first.length; i++) {
    if (first[i] !== names[second[i]]) {
      count++;
      if (pixels) {
        pixels[i] = STRIPES[((i % width) + Math.floor(i / width)) % 8 < 5 ? 0 : 1];
      }
    }
  }
  return count;
}
