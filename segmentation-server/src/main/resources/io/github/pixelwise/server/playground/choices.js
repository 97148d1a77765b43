// The models and backends to choose from.

import {$, make} from './dom.js';

export class Choices {
  #all;

  /**
   * @param models as the server lists them
   */
  constructor(models) {
    this.#all = models.flatMap((model, m) =>
      model.backends.map((backend, b) => ({
        model,
        backend,
        // What a recipe says: nothing about defaults.
        named: {model: m > 0 ? model.name : null, backend: b > 0 ? backend.name : null},
        label: model.backends.length > 1 ? `${model.name} · ${backend.name}` : model.name,
      })),
    );
    $('model').replaceChildren(...this.#all.map(({label}, i) => option(label, i)));
    $('alone').hidden = this.#all.length > 1;
    $('other-field').hidden = this.#all.length === 1;
    this.offerOthers();
  }

  get first() {
    return this.#all[$('model').value];
  }

  /** The one to compare with; undefined if there is none. */
  get second() {
    return this.#all[$('other').value];
  }

  /** Offers all but the first to compare with, and keeps what was chosen if it can. */
  offerOthers() {
    const before = $('other').value;
    const {first} = this;
    const others = this.#all
      .map((choice, i) => {
        const isSame = choice.model === first.model;
        return option(isSame ? `The same model on ${choice.backend.name}` : choice.label, i);
      })
      .filter(({value}) => value !== $('model').value);
    $('other').replaceChildren(...others);
    if (others.some(({value}) => value === before)) {
      $('other').value = before;
    }
  }
}

function option(text, index) {
  return make('option', {value: String(index), textContent: text});
}
