// What the painter is told to paint for the settings of the page.

import {NONE} from './grid.js';

/** The widths of the library's outlines, and of the soft edge of its cutouts, in pixels. */
const OUTLINE = 3;
const FEATHER = 3;

const UNKNOWN = 0xfffe;

/** The classes in colors. */
export function overlayLook(slot, model, settings, legend, scale) {
  const shown = model.classes.filter(({name}) => legend.isOn(name));
  return {
    slot,
    shown: shown.map(({id, color}) => [id, color]),
    opacity: settings.opacity,
    lineWidth: settings.outline ? Math.max(1, Math.round(OUTLINE * scale)) : 0,
  };
}

/** The opacity of a cutout. */
export function cutoutLook(slot, model, legend, scale) {
  return {
    slot,
    kept: legend.on.map(({id}) => id),
    // Of two classes, one's probability says the other's, so that the soft edge is known here, too.
    soft: model.softEdge && model.classes.length === 2,
    feather: Math.round((FEATHER * scale) / 2),
  };
}

/** What the classes of another model are called in a model, by their names. */
export function namesIn(model, other) {
  const ids = new Map(model.classes.map(({id, name}) => [name.toLowerCase(), id]));
  const names = new Uint16Array(0x10000).fill(UNKNOWN);
  for (const {id, name} of other.classes) {
    names[id] = ids.get(name.toLowerCase()) ?? UNKNOWN;
  }
  names[NONE] = NONE;
  return names;
}
