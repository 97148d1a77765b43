// Works for painter.js in a thread of its own, so that the page never waits.

import {Grid, NONE} from './grid.js';
import {alpha, differences, outline, tint} from './painting.js';
import {readPng} from './png.js';
import {Regions} from './regions.js';

/** The grids by their slots, each with the regions that were found last. */
const slots = new Map();

const tasks = {
  /** Decodes what the server sent. Returns a smaller grid for the preview. */
  async decode({slot, mask, confidence, none, longest}) {
    const [classes, sureness] = await Promise.all([readPng(mask), confidence && readPng(confidence)]);
    const {width, height, samples} = classes;
    const grid = new Grid(width, height, samples, sureness ? sureness.samples : null, none);
    slots.set(slot, {grid});
    return {width, height, preview: grid.sampled(longest)};
  },

  load({slot, grid}) {
    slots.set(slot, {grid: Grid.from(grid)});
  },

  /** Counts the pixels of each class, and those that differ between two slots. */
  count({mask, slot, other, names}) {
    const first = classesOf(slot, mask);
    const pixels = new Map();
    first.regions.sizes.forEach((size, region) => {
      const id = first.values[region];
      pixels.set(id, (pixels.get(id) ?? 0) + size);
    });
    const differing = other
      ? differences(first.classes(), classesOf(other, mask).classes(), names, first.regions.width)
      : 0;
    return {pixels, differing};
  },

  paint({mask, looks, highlight}) {
    const painted = looks.map((look) => paint(look, mask));
    if (highlight) {
      const [first, second] = painted;
      const marks = new Uint32Array(first.classes.length);
      differences(first.classes, second.classes, highlight, first.width, marks);
      for (const {pixels} of painted) {
        for (let i = 0; i < marks.length; i++) {
          pixels[i] = marks[i] || pixels[i];
        }
      }
    }
    return painted;
  },
};

function classesOf(slot, {threshold, minRegion}) {
  const entry = slots.get(slot);
  const {grid} = entry;
  if (entry.threshold !== threshold) {
    entry.regions = new Regions(grid.decided(threshold), grid.width, grid.height);
    entry.threshold = threshold;
  }
  const {regions} = entry;
  const values = minRegion > 1 ? regions.merged(minRegion, NONE) : regions.categories;
  const classes = () => regions.fill(values, new Uint16Array(grid.width * grid.height));
  return {grid, regions, values, classes};
}

function paint(look, mask) {
  const {grid, regions, values, classes: fill} = classesOf(look.slot, mask);
  const {width, height} = grid;
  const classes = fill();
  const pixels = new Uint32Array(width * height);
  if (look.kept) {
    alpha(classes, width, height, look.kept, look.soft ? grid.confidence : null, look.feather, pixels);
  } else {
    tint(regions, values, look.shown, look.opacity, pixels);
    if (look.lineWidth > 0) {
      outline(classes, width, height, look.lineWidth, look.shown, pixels);
    }
  }
  return {width, classes, pixels};
}

function buffers(value) {
  if (ArrayBuffer.isView(value)) {
    return [value.buffer];
  }
  return value && typeof value === 'object' && !(value instanceof Map)
    ? Object.values(value).flatMap(buffers)
    : [];
}

addEventListener('message', async ({data: {id, task, message}}) => {
  try {
    const result = await tasks[task](message);
    postMessage({id, result}, buffers(result));
  } catch (error) {
    postMessage({id, error: error.message});
  }
});
