// The connected regions of a mask, and how small ones are merged into their surroundings. The rules
// are those of the library: pixels of a region touch at a side or a corner; a small region gets the
// class with which it shares the longest border; void stays void.

export class Regions {
  /** The first run of each row, and one past the last; and the column after each run's last. */
  #firsts;
  #ends;

  /** The region of each run. */
  #regions;

  /**
   * Finds the regions: the runs of rows, united where they touch.
   *
   * @param {Uint16Array} classes
   */
  constructor(classes, width, height) {
    this.width = width;
    this.height = height;
    this.#findRuns(classes);
    const ofRuns = new Int32Array(this.#ends.length);
    this.#eachRun((run, y, from) => {
      ofRuns[run] = classes[y * width + from];
    });
    this.#unite(ofRuns);
    this.#number(ofRuns);
  }

  #findRuns(classes) {
    const {width, height} = this;
    const firsts = new Int32Array(height + 1);
    let ends = new Int32Array(Math.max(1024, width + height));
    let runs = 0;
    for (let y = 0, i = 0; y < height; y++, i++) {
      if (runs + width > ends.length) {
        const larger = new Int32Array(2 * (runs + width));
        larger.set(ends);
        ends = larger;
      }
      for (let x = 1; x < width; x++, i++) {
        if (classes[i] !== classes[i + 1]) {
          ends[runs++] = x;
        }
      }
      ends[runs++] = width;
      firsts[y + 1] = runs;
    }
    this.#firsts = firsts;
    this.#ends = ends.subarray(0, runs);
  }

  #eachRun(visit) {
    for (let y = 0; y < this.height; y++) {
      for (let run = this.#firsts[y], from = 0; run < this.#firsts[y + 1]; run++) {
        visit(run, y, from, this.#ends[run]);
        from = this.#ends[run];
      }
    }
  }

  /** Visits the runs of neighboring rows that touch; length is 0 if they do so by a corner. */
  #eachContact(visit) {
    const ends = this.#ends;
    for (let y = 1; y < this.height; y++) {
      let above = this.#firsts[y - 1];
      let below = this.#firsts[y];
      for (let from = 0; from < this.width; ) {
        const to = Math.min(ends[above], ends[below]);
        visit(above, below, to - from);
        const aboveEnds = ends[above] === to;
        const belowEnds = ends[below] === to;
        if (aboveEnds && belowEnds && to < this.width) {
          visit(above, below + 1, 0);
          visit(above + 1, below, 0);
        }
        above += aboveEnds;
        below += belowEnds;
        from = to;
      }
    }
  }

  #unite(ofRuns) {
    const parents = new Int32Array(ofRuns.length).map((_, run) => run);
    const root = (run) => {
      while (parents[run] !== run) {
        parents[run] = parents[parents[run]];
        run = parents[run];
      }
      return run;
    };
    this.#eachContact((above, below) => {
      if (ofRuns[above] === ofRuns[below]) {
        const a = root(above);
        const b = root(below);
        parents[Math.max(a, b)] = Math.min(a, b);
      }
    });
    this.#regions = parents;
  }

  #number(ofRuns) {
    const regions = this.#regions;
    let count = 0;
    for (let run = 0; run < regions.length; run++) {
      // A run refers to an earlier one, which already has its number.
      regions[run] = regions[run] === run ? count++ : regions[regions[run]];
    }
    /** The class of each region, and how many pixels it has. */
    this.categories = new Int32Array(count);
    this.sizes = new Int32Array(count);
    this.#eachRun((run, y, from, to) => {
      this.categories[regions[run]] = ofRuns[run];
      this.sizes[regions[run]] += to - from;
    });
  }

  /** The class of each region once those with fewer pixels than the minimum are given away. */
  merged(minimum, none) {
    const {categories, sizes} = this;
    const small = new Uint8Array(sizes.length);
    const smallOnes = [];
    for (let region = 0; region < sizes.length; region++) {
      if (categories[region] !== none && sizes[region] < minimum) {
        small[region] = 1;
        smallOnes.push(region);
      }
    }
    if (smallOnes.length === 0 || smallOnes.length === categories.length) {
      return categories;
    }
    const given = new Giving(categories, this.#borders(small));
    given.settle((r) => !small[r] && categories[r] !== none);
    given.spread(smallOnes);
    given.settle((r) => categories[r] === none);
    given.spread(smallOnes);
    return given.categories;
  }

  /** Of each small region: its neighbors, and how many pixel edges it shares with each. */
  #borders(small) {
    const borders = new Map();
    const add = (region, other, length) => {
      if (small[region]) {
        const lengths = borders.get(region) ?? new Map();
        lengths.set(other, (lengths.get(other) ?? 0) + length);
        borders.set(region, lengths);
      }
    };
    const meet = (run, other, length) => {
      const a = this.#regions[run];
      const b = this.#regions[other];
      if (a !== b && (small[a] || small[b])) {
        add(a, b, length);
        add(b, a, length);
      }
    };
    this.#eachRun((run, y, from, to) => {
      if (to < this.width) {
        meet(run, run + 1, 1);
      }
    });
    this.#eachContact((above, below, length) => {
      if (length > 0) {
        meet(above, below, length);
      }
    });
    return borders;
  }

  /** The class of each pixel, when those of the regions are these. */
  fill(values, target) {
    const {width} = this;
    this.#eachRun((run, y, from, to) => {
      target.fill(values[this.#regions[run]], y * width + from, y * width + to);
    });
    return target;
  }
}

/** Large regions grow into small ones, round by round. */
class Giving {
  constructor(categories, borders) {
    this.categories = categories.slice();
    this.borders = borders;
    this.settled = new Uint8Array(categories.length);
  }

  settle(condition) {
    for (let region = 0; region < this.settled.length; region++) {
      this.settled[region] ||= condition(region) ? 1 : 0;
    }
  }

  spread(small) {
    let round = small.filter((region) => !this.settled[region]);
    while (round.length > 0) {
      // All decide by what was settled before the round, so that their order does not matter.
      const decided = [];
      for (const region of round) {
        const category = this.#longestBorder(region);
        if (category >= 0) {
          decided.push([region, category]);
        }
      }
      const next = new Set();
      for (const [region, category] of decided) {
        this.categories[region] = category;
        this.settled[region] = 1;
      }
      for (const [region] of decided) {
        for (const other of this.borders.get(region).keys()) {
          if (!this.settled[other]) {
            next.add(other);
          }
        }
      }
      round = [...next];
    }
  }

  /** The class with whose settled regions this one shares the longest border, or -1. */
  #longestBorder(region) {
    const tally = new Map();
    let best = -1;
    for (const [other, length] of this.borders.get(region) ?? []) {
      if (this.settled[other]) {
        const category = this.categories[other];
        tally.set(category, (tally.get(category) ?? 0) + length);
      }
    }
    for (const [category, length] of tally) {
      const longer = best < 0 ? 1 : length - tally.get(best);
      if (longer > 0 || (longer === 0 && category < best)) {
        best = category;
      }
    }
    return best;
  }
}
