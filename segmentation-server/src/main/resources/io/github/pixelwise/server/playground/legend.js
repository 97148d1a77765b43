// The classes that were found, with a switch for each.

import {$, make, percent} from './dom.js';
import {NONE} from './grid.js';

const BACKGROUND = 'background';

/** Stands for pixels without a class among the names of classes. */
const NO_CLASS = '';

export class Legend {
  /** The classes in the first result, and the rows of all, by name. */
  #found = [];
  #rows = new Map();

  #hasBackground = false;

  /** What a person has switched, by the names of classes; kept for the next photograph. */
  #switched = new Map();

  #changed;

  constructor(changed) {
    this.#changed = changed;
  }

  /**
   * Lists the classes of one result, or of two that are compared.
   *
   * @param {{model: object, found: Map<number, number>, pixels: Map<number, number>}[]} results the
   *     pixels of each class as the network found it, and as it is now
   */
  show(results) {
    const [{model, found}] = results;
    this.#found = foundIn(model, found);
    this.#hasBackground = model.classes.some(({name}) => isBackground(name));
    this.#rows.clear();
    const entries = new Map();
    for (const result of results) {
      foundIn(result.model, result.found).forEach((entry) => {
        if (!entries.has(entry.name)) {
          entries.set(entry.name, entry);
        }
      });
    }
    $('legend').replaceChildren(...[...entries.values()].map((entry) => this.#row(entry)), this.#none());
    this.update(results);
  }

  #row({name, color}) {
    const input = make('input', {type: 'checkbox', checked: this.isOn(name)});
    input.setAttribute('role', 'switch');
    input.addEventListener('change', () => {
      this.#switched.set(name, input.checked);
      this.#changed();
    });
    const swatch = make('i', {className: 'swatch'});
    swatch.style.backgroundColor = color;
    const share = make('span', {className: 'share'});
    const label = make('label', {className: 'switch'}, input, swatch, make('span', {textContent: name}), share);
    const item = make('li', {}, label);
    this.#rows.set(name, {share, item});
    return item;
  }

  #none() {
    const share = make('span', {className: 'share'});
    const swatch = make('i', {className: 'swatch none'});
    const item = make('li', {className: 'no-class'}, swatch, make('span', {textContent: 'No class'}), share);
    this.#rows.set(NO_CLASS, {share, item});
    return item;
  }

  /** Shows new shares. */
  update(results) {
    const shares = results.map(({model, pixels}) => sharesIn(model, pixels));
    for (const [name, {share, item}] of this.#rows) {
      share.textContent = shares.map((of) => percent(of.get(name) ?? 0)).join(' / ');
      if (name === NO_CLASS) {
        item.hidden = shares.every((of) => !of.get(name));
      }
    }
  }

  /** Whether a class is switched on; the background is not by itself. */
  isOn(name) {
    return this.#switched.get(name) ?? !isBackground(name);
  }

  /** The classes that are on, of those in the first result. */
  get on() {
    return this.#found.filter(({name}) => this.isOn(name));
  }

  /** Names of the classes to keep; null if these are all but the background. */
  get kept() {
    const isDefault = this.#found.every(({name}) => this.isOn(name) !== isBackground(name));
    return this.#hasBackground && isDefault ? null : this.on.map(({name}) => name);
  }
}

function isBackground(name) {
  return name.toLowerCase() === BACKGROUND;
}

/** The classes that have pixels, the largest first. */
export function foundIn(model, found) {
  return model.classes
    .filter(({id}) => found.get(id) > 0)
    .sort((a, b) => found.get(b.id) - found.get(a.id));
}

function sharesIn(model, pixels) {
  const total = [...pixels.values()].reduce((sum, size) => sum + size, 0);
  const shares = new Map(model.classes.map(({id, name}) => [name, (pixels.get(id) ?? 0) / total]));
  return shares.set(NO_CLASS, (pixels.get(NONE) ?? 0) / total);
}
