// The divider between before and after: dragged, or moved with the arrow keys.

import {make} from './dom.js';

const STEPS = {ArrowLeft: -0.02, ArrowDown: -0.02, ArrowRight: 0.02, ArrowUp: 0.02, PageDown: -0.1, PageUp: 0.1};

export class Divider {
  #frame;
  #share = 0.5;
  #handle = make('div', {className: 'divider', tabIndex: 0, hidden: true}, make('span'));

  constructor(frame) {
    this.#frame = frame;
    const handle = this.#handle;
    handle.setAttribute('role', 'slider');
    handle.setAttribute('aria-label', 'Divider: before on the left, after on the right');
    handle.setAttribute('aria-valuemin', '0');
    handle.setAttribute('aria-valuemax', '100');
    frame.picture.append(handle);
    handle.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      handle.focus();
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener('pointermove', (event) => {
      if (handle.hasPointerCapture(event.pointerId)) {
        const {left, width} = frame.picture.getBoundingClientRect();
        this.#move((event.clientX - left) / width);
      }
    });
    handle.addEventListener('keydown', (event) => {
      const ends = {Home: 0, End: 1};
      if (event.key in STEPS || event.key in ends) {
        event.preventDefault();
        this.#move(ends[event.key] ?? this.#share + STEPS[event.key]);
      }
    });
  }

  set shown(shown) {
    this.#handle.hidden = !shown;
    if (shown) {
      this.#move(this.#share);
    } else {
      this.#frame.divide(0);
    }
  }

  #move(share) {
    this.#share = Math.min(1, Math.max(0, share));
    const percent = Math.round(this.#share * 100);
    this.#handle.style.setProperty('--x', this.#share);
    this.#handle.setAttribute('aria-valuenow', percent);
    this.#handle.setAttribute('aria-valuetext', `${percent} % before`);
    this.#frame.divide(this.#share);
  }
}
