// The classes of a photograph's pixels, and how sure the network is of them.

/** Stands for the class of pixels without one. */
export const NONE = 0xffff;

export class Grid {
  /**
   * @param {number} width
   * @param {number} height
   * @param {Uint8Array | Uint16Array} classes
   * @param {Uint8Array | null} confidence 0 to 255 for 0 to 1; null if the model has none
   * @param {number | undefined} none what stands for no class in the classes
   */
  constructor(width, height, classes, confidence, none) {
    this.width = width;
    this.height = height;
    this.classes = classes;
    this.confidence = confidence;
    this.none = none;
  }

  /** The same, as it came from another thread. */
  static from({width, height, classes, confidence, none}) {
    return new Grid(width, height, classes, confidence, none);
  }

  /** A smaller one with the nearest pixels, whose longer side is at most this long. */
  sampled(longest) {
    const {width, height} = fitted(this.width, this.height, longest);
    const columns = nearest(this.width, width);
    const rows = nearest(this.height, height);
    const pick = (samples) => {
      const picked = new samples.constructor(width * height);
      for (let y = 0, i = 0; y < height; y++) {
        const row = rows[y] * this.width;
        for (let x = 0; x < width; x++) {
          picked[i++] = samples[row + columns[x]];
        }
      }
      return picked;
    };
    const confidence = this.confidence && pick(this.confidence);
    return new Grid(width, height, pick(this.classes), confidence, this.none);
  }

  /** The classes; those of which the network is less sure than the threshold are none. */
  decided(threshold) {
    const {classes, confidence, none} = this;
    const least = confidence ? Math.round(threshold * 255) : 0;
    const decided = new Uint16Array(classes.length);
    for (let i = 0; i < decided.length; i++) {
      const unsure = least > 0 && confidence[i] < least;
      decided[i] = unsure || classes[i] === none ? NONE : classes[i];
    }
    return decided;
  }
}

/** The size of a copy whose longer side is at most this long. */
export function fitted(width, height, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

function nearest(from, to) {
  return Int32Array.from({length: to}, (_, i) => Math.floor(((i + 0.5) * from) / to));
}
