// Tells what is at a place of the photograph: under the mouse, where it is tapped, and at a
// crosshair that the arrow keys move.

import {$} from './dom.js';

const STEP = 0.01;
const LARGE_STEP = 0.1;
const MOVES = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

export class Probe {
  #frames;
  #describe;
  #x = 0.5;
  #y = 0.5;
  #shown = false;

  /**
   * @param {Frame[]} frames the crosshair is in all of them
   * @param {(x: number, y: number) => string[] | null} describe what to say, a text for each frame
   */
  constructor(frames, describe) {
    this.#frames = frames;
    this.#describe = describe;
    for (const {surface} of frames) {
      surface.addEventListener('pointermove', (event) => this.#point(event));
      surface.addEventListener('pointerdown', (event) => this.#point(event));
      surface.addEventListener('pointerleave', (event) => {
        if (event.pointerType === 'mouse') {
          this.hide();
        }
      });
      surface.addEventListener('keydown', (event) => this.#key(event));
      surface.addEventListener('blur', () => this.hide());
    }
  }

  /** Tells it again, after something has changed. */
  update() {
    if (this.#shown) {
      this.#show(this.#x, this.#y);
    }
  }

  hide() {
    this.#shown = false;
    this.#frames.forEach((frame) => frame.hideCross());
  }

  #point(event) {
    const {left, top, width, height} = event.currentTarget.getBoundingClientRect();
    this.#show((event.clientX - left) / width, (event.clientY - top) / height);
  }

  #key(event) {
    if (event.key === 'Escape') {
      this.hide();
    } else if (event.key in MOVES) {
      event.preventDefault();
      const [dx, dy] = MOVES[event.key];
      const step = event.shiftKey ? LARGE_STEP : STEP;
      $('spoken').textContent = this.#show(this.#x + dx * step, this.#y + dy * step);
    }
  }

  #show(x, y) {
    this.#x = Math.min(0.9999, Math.max(0, x));
    this.#y = Math.min(0.9999, Math.max(0, y));
    const texts = this.#describe(this.#x, this.#y);
    if (!texts) {
      return '';
    }
    this.#shown = true;
    texts.forEach((text, i) => this.#frames[i].showCross(this.#x, this.#y, text));
    return texts.join('; ');
  }
}
