// Lets the server segment a photograph, and reads its answer.

import {parts} from './api.js';
import * as notices from './notices.js';
import {readPicture} from './photo.js';
import {parameters} from './recipe.js';
import {parse} from './timings.js';

/** The photograph itself, as a recipe says it: a cutout that keeps every class. */
const WHOLE = {background: '#ffffff', feather: '0', format: 'jpg'};

export class Segmenting {
  #api;
  #painter;

  constructor(api, painter) {
    this.#api = api;
    this.#painter = painter;
  }

  /**
   * Segments a photo, and keeps its mask in a slot of the painter. If the browser cannot show the
   * photo, or shows it in another size, the server makes a copy that it can show.
   *
   * @param {{file: File, picture: object | null}} photo its picture is replaced by the server's copy
   */
  async run(slot, choice, photo, signal) {
    const started = performance.now();
    let answer = await this.#ask(choice, photo, !photo.picture, signal);
    let loaded = await this.#load(slot, choice, answer.form);
    if (photo.picture && !fits(photo.picture, loaded)) {
      answer = await this.#ask(choice, photo, true, signal);
      loaded = await this.#load(slot, choice, answer.form);
    }
    const copy = answer.form.get('cutout');
    if (copy) {
      photo.picture = await readPicture(copy);
    }
    const {pixels: found} = await this.#painter.count({slot, mask: {threshold: 0, minRegion: 1}});
    const report = JSON.parse(await answer.form.get('json').text());
    const times = this.#times(answer, performance.now() - started);
    return {choice, report, found, pixels: found, times, ...loaded};
  }

  async #ask({model, named}, {file}, withCopy, signal) {
    const products = ['mask', 'json'];
    if (model.probabilities) {
      products.push('confidence');
    }
    if (withCopy) {
      products.push('cutout');
    }
    const recipe = {...named, background: {}, classes: withCopy && model.classes.map(({name}) => name)};
    const asked = parameters(recipe, products);
    if (withCopy) {
      Object.entries(WHOLE).forEach(([key, value]) => asked.set(key, value));
    }
    notices.say(`Sending ${file.name} …`);
    const answer = await this.#api.segment(asked, {photo: file}, signal, (share) => {
      notices.progress(share < 1 ? share : null);
      if (share === 1) {
        notices.say(`Segmenting ${file.name} …`);
      }
    });
    notices.say('Painting …');
    return {...answer, form: await parts(answer)};
  }

  async #load(slot, {model}, form) {
    const [mask, confidence] = await Promise.all([
      form.get('mask').arrayBuffer(),
      form.get('confidence')?.arrayBuffer() ?? null,
    ]);
    return this.#painter.load(slot, mask, confidence, model.void);
  }

  /** The times of the server between those that only the page knows. */
  #times({serverTiming, milliseconds}, total) {
    const served = parse(serverTiming);
    const known = [...served.values()].reduce((sum, time) => sum + time, 0);
    // Browsers tell the end of an upload up to 100 ms late, when the server is already at work.
    const upload = Math.max(0, Math.min(milliseconds.upload, milliseconds.answer - known));
    return new Map([
      ['upload', upload],
      ...served,
      ['show', total - milliseconds.answer],
      ['total', total],
    ]);
  }
}

function fits(picture, {width, height}) {
  return picture.width === width && picture.height === height;
}
