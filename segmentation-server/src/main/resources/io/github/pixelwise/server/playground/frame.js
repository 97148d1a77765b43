// A photograph with layers on it: its classes in colors, or a cutout on a background; a divider
// between before and after; and a crosshair.

import {make} from './dom.js';

export class Frame {
  #figure;
  #photo = make('canvas', {className: 'photo'});
  #tint = make('canvas', {className: 'tint'});
  #cutout = make('canvas', {className: 'cutout'});
  #backdrop = make('div', {className: 'backdrop'});
  #after = make('div', {className: 'after'}, this.#backdrop, this.#cutout, this.#tint);
  #cross = make('div', {className: 'cross', hidden: true});
  #tip = make('div', {className: 'tip', hidden: true});

  /** What takes pointers and keys. */
  surface = make('div', {className: 'surface', tabIndex: 0});

  /**
   * @param {HTMLElement} figure an empty figure with a caption
   */
  constructor(figure) {
    this.#figure = figure;
    this.surface.setAttribute('role', 'application');
    this.surface.setAttribute('aria-describedby', 'probe-help');
    this.picture = make(
      'div',
      {className: 'picture'},
      this.#photo,
      this.#after,
      this.surface,
      this.#cross,
      this.#tip,
    );
    for (const layer of [this.#after, this.#photo, this.#cross, this.#tip]) {
      layer.setAttribute('aria-hidden', 'true');
    }
    figure.prepend(this.picture);
  }

  set hidden(hidden) {
    this.#figure.hidden = hidden;
  }

  /** Names the frame, for the eyes and for screen readers. */
  caption(text, description) {
    this.#figure.querySelector('figcaption').textContent = text;
    this.surface.setAttribute('aria-label', description);
  }

  /** Shows a photograph, without what was on the one before. */
  show(canvas) {
    copy(canvas, this.#photo);
    for (const layer of [this.#tint, this.#cutout]) {
      layer.width = canvas.width;
      layer.height = canvas.height;
    }
    this.#backdrop.replaceChildren();
    this.picture.style.setProperty('--ratio', canvas.width / canvas.height);
    this.hideCross();
  }

  /** Shows the classes, as painted. */
  showTint({pixels}) {
    paint(this.#tint, pixels);
  }

  /** Shows the photograph with the opacities that were painted. */
  showCutout({pixels}) {
    paint(this.#cutout, pixels);
    const context = this.#cutout.getContext('2d');
    context.globalCompositeOperation = 'source-in';
    context.drawImage(this.#photo, 0, 0);
    context.globalCompositeOperation = 'source-over';
  }

  /**
   * Shows the background of the cutout.
   *
   * @param {{kind: string, color: string, canvas?: HTMLCanvasElement}} background
   * @param {number} blur its radius, as a share of the photograph's width
   */
  showBackground({kind, color, canvas}, blur) {
    const backdrop = this.#backdrop;
    backdrop.dataset.kind = kind;
    backdrop.style.backgroundColor = kind === 'color' ? color : '';
    if (kind === 'picture' && canvas) {
      backdrop.replaceChildren(copy(canvas, make('canvas')));
    } else if (kind === 'blur') {
      const blurred = backdrop.querySelector('.blurred') ?? make('canvas', {className: 'blurred'});
      if (!blurred.isConnected) {
        backdrop.replaceChildren(copy(this.#photo, blurred));
      }
      blurred.style.setProperty('--blur', blur * 100);
    } else {
      backdrop.replaceChildren();
    }
  }

  /** Shows the crosshair; x and y are shares of the width and the height. */
  showCross(x, y, text) {
    for (const part of [this.#cross, this.#tip]) {
      part.hidden = false;
      part.style.setProperty('--x', x);
      part.style.setProperty('--y', y);
    }
    this.#tip.textContent = text;
    this.#tip.classList.toggle('to-left', x > 0.6);
    this.#tip.classList.toggle('above', y > 0.6);
  }

  hideCross() {
    this.#cross.hidden = true;
    this.#tip.hidden = true;
  }

  /** Hides a part of the result, from the left, so that the photograph is seen. */
  divide(share) {
    this.#after.style.clipPath = share > 0 ? `inset(0 0 0 ${share * 100}%)` : '';
  }
}

function copy(canvas, target) {
  target.width = canvas.width;
  target.height = canvas.height;
  target.getContext('2d').drawImage(canvas, 0, 0);
  return target;
}

function paint(canvas, pixels) {
  const bytes = new Uint8ClampedArray(pixels.buffer);
  const image = new ImageData(bytes, canvas.width, canvas.height);
  canvas.getContext('2d').putImageData(image, 0, 0);
}
