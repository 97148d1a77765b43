// Decodes, colors, and counts masks in two threads: one has a small copy for the preview, and so
// answers fast; the other has all pixels, and counts them when there is time.

/** The longer side of the preview in pixels. */
export const LONGEST = 1600;

export class Painter {
  #preview = new Thread();
  #exact = new Thread();
  #waiting = null;
  #painting = null;

  /**
   * Takes a result of the server.
   *
   * @param {string} slot where it is kept, in place of what was there
   * @param {ArrayBuffer} mask a PNG
   * @param {ArrayBuffer | null} confidence a PNG
   * @param {number | undefined} none what stands for no class in the mask
   * @returns the photograph's size, the preview's, and the confidence of the preview's pixels
   */
  async load(slot, mask, confidence, none) {
    const message = {slot, mask, confidence, none, longest: LONGEST};
    const {width, height, preview} = await this.#exact.ask('decode', message);
    await this.#preview.ask('load', {slot, grid: preview});
    return {
      width,
      height,
      preview: {width: preview.width, height: preview.height, confidence: preview.confidence},
    };
  }

  /** Counts in the photograph's own pixels. */
  count(order) {
    return this.#exact.ask('count', order);
  }

  /**
   * Paints the preview. While it does so, only the newest of further orders is kept.
   *
   * @param order what to paint
   * @param {(painted: object) => void} done is told about each order that was painted
   * @returns {Promise<void>} until there is nothing more to paint
   */
  paint(order, done) {
    this.#waiting = {order, done};
    this.#painting ??= this.#paintAll();
    return this.#painting;
  }

  async #paintAll() {
    try {
      while (this.#waiting) {
        const {order, done} = this.#waiting;
        this.#waiting = null;
        done(await this.#preview.ask('paint', order));
      }
    } finally {
      this.#painting = null;
    }
  }
}

/**
 * A worker that answers questions. If its script does not load, because the server was away just
 * then, the next question starts another worker.
 */
class Thread {
  #worker;
  #open = new Map();
  #asked = 0;

  constructor() {
    this.#start();
  }

  #start() {
    this.#worker = new Worker(new URL('./painter-worker.js', import.meta.url), {type: 'module'});
    this.#worker.addEventListener('message', ({data: {id, result, error}}) => {
      const {resolve, reject} = this.#open.get(id);
      this.#open.delete(id);
      if (error) {
        reject(new Error(error));
      } else {
        resolve(result);
      }
    });
    this.#worker.addEventListener('error', () => this.#fail());
  }

  #fail() {
    this.#worker = null;
    const questions = [...this.#open.values()];
    this.#open.clear();
    questions.forEach(({reject}) => reject(new Error('A part of this page did not load.')));
  }

  ask(task, message) {
    if (!this.#worker) {
      this.#start();
    }
    return new Promise((resolve, reject) => {
      const id = this.#asked++;
      this.#open.set(id, {resolve, reject});
      this.#worker.postMessage({id, task, message});
    });
  }
}
