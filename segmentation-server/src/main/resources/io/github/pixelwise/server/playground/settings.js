// What the controls are set to.

import {$, chosen, count} from './dom.js';
import {sample} from './sources.js';
import {readPicture} from './photo.js';
import {fail} from './notices.js';

/** Regions up to this share of the photograph can be merged. */
const LARGEST_REGION = 0.05;

export class Settings {
  /** The photograph's width and height, which some controls are about. */
  #width = 1;
  #height = 1;

  /** The picture for the background: its file, and a canvas if the browser can show it. */
  #picture = {file: null, canvas: null};

  /** Whether the blur is set by a person; else it fits the photograph, as the library's does. */
  #ownBlur = false;

  #changed;

  /**
   * @param {() => void} changed is told about every change
   */
  constructor(changed) {
    this.#changed = () => {
      this.#label();
      changed();
    };
    for (const id of ['threshold', 'region', 'opacity', 'outline', 'color', 'highlight']) {
      $(id).addEventListener('input', this.#changed);
    }
    $('blur').addEventListener('input', () => {
      this.#ownBlur = true;
      this.#changed();
    });
    $('backgrounds').addEventListener('change', this.#changed);
    $('picture').addEventListener('change', ({target}) => this.#choose(target.files[0]));
    $('sample-picture').addEventListener('click', async () => {
      this.#choose(await sample('backgrounds/coffee.png'));
    });
    $('reset').addEventListener('click', () => {
      $('threshold').value = 0;
      $('region').value = 0;
      this.#changed();
    });
    this.#label();
  }

  /** Tells the size of the photograph. */
  fit(width, height) {
    this.#width = width;
    this.#height = height;
    this.#label();
  }

  /** Makes the threshold possible or not, for a reason. */
  allowThreshold(possible) {
    $('threshold').disabled = !possible;
    $('threshold-help').textContent = possible
      ? 'Pixels of which the network is less sure have no class.'
      : 'This model gives classes without probabilities, so it has no thresholds.';
    this.#label();
  }

  async #choose(file) {
    if (!file) {
      return;
    }
    const picture = await readPicture(file);
    this.#picture = {file, canvas: picture?.canvas ?? null};
    if (!picture) {
      fail(`The browser cannot show ${file.name}. The server may still be able to read it for the download.`);
    }
    this.#changed();
  }

  get threshold() {
    return $('threshold').disabled ? 0 : Number($('threshold').value);
  }

  /** The smallest region that is kept, in the photograph's pixels, with two digits that matter. */
  get minRegion() {
    const position = Number($('region').value);
    if (position === 0) {
      return 1;
    }
    const largest = Math.max(100, this.#width * this.#height * LARGEST_REGION);
    const pixels = 2 * (largest / 2) ** ((position - 1) / 99);
    return Math.round(Number(pixels.toPrecision(2)));
  }

  get opacity() {
    return Number($('opacity').value) / 100;
  }

  get outline() {
    return $('outline').checked;
  }

  get highlight() {
    return $('highlight').checked;
  }

  get background() {
    const kind = chosen('background');
    const {file, canvas} = this.#picture;
    return {
      kind: kind === 'picture' && !file ? 'transparent' : kind,
      color: $('color').value,
      file,
      canvas,
      blur: this.#ownBlur ? Number($('blur').value) : null,
    };
  }

  /** The radius of the blur as a share of the photograph's width. */
  get blur() {
    return this.#blurPixels / this.#width;
  }

  get #blurPixels() {
    const fitting = Math.min(500, Math.max(this.#width, this.#height) / 80);
    return this.#ownBlur ? Number($('blur').value) : fitting;
  }

  #label() {
    const {threshold, minRegion} = this;
    describe('threshold', threshold === 0 ? 'Off' : threshold.toFixed(2));
    describe('region', minRegion === 1 ? 'Off' : `${count(minRegion)} pixels`);
    describe('opacity', `${$('opacity').value} %`);
    if (!this.#ownBlur) {
      $('blur').value = this.#blurPixels;
    }
    describe('blur', `${$('blur').value} pixels`);
    for (const part of document.querySelectorAll('[data-background]')) {
      part.hidden = part.dataset.background !== chosen('background');
    }
    if (this.#picture.file) {
      $('picture-name').textContent = this.#picture.file.name;
    }
  }
}

/** Says a slider's value beside it, and to screen readers. */
function describe(id, text) {
  $(`${id}-value`).textContent = text;
  $(id).setAttribute('aria-valuetext', text);
}
