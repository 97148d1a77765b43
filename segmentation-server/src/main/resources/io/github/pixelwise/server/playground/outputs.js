// What leaves the page: files, which the server makes, and the command and the Java that make them.

import {$, chosen, make} from './dom.js';
import {java} from './java.js';
import {fail, say} from './notices.js';
import {stem} from './photo.js';
import {command, parameters} from './recipe.js';

const SUFFIXES = {
  mask: '.mask.png',
  overlay: '.overlay.png',
  cutout: '.cutout.png',
  json: '.json',
  geojson: '.geojson',
};

const NO_CLASS = 'All classes are switched off. Switch on those that the cutout keeps and whose shapes you want.';

export class Outputs {
  #api;
  #session;

  /**
   * @param {() => object} session the photo, the recipes of what is shown, and the signal that ends
   *     requests
   */
  constructor(api, session) {
    this.#api = api;
    this.#session = session;
    for (const button of $('downloads').children) {
      button.addEventListener('click', () => this.#download(button));
    }
    $('codes').addEventListener('change', () => this.showCode());
    $('copy').addEventListener('click', () => this.#copy());
  }

  async #download(button) {
    const {photo, recipes, signal} = this.#session();
    const {product} = button.dataset;
    const [recipe] = recipes;
    if (needsClasses(product) && recipe.classes?.length === 0) {
      fail(NO_CLASS);
      return;
    }
    const name = stem(photo.file.name) + SUFFIXES[product];
    button.setAttribute('aria-busy', 'true');
    say(`Making ${name} …`);
    try {
      const {kind, file} = recipe.background;
      const files = {photo: photo.file};
      if (product === 'cutout' && kind === 'picture') {
        files.background = file;
      }
      const answer = await this.#api.segment(parameters(recipe, [product]), files, signal);
      save(answer.body, name);
      say(`${name} is downloaded.`);
    } catch (error) {
      if (!signal.aborted) {
        say('');
        fail(error.message);
      }
    } finally {
      button.removeAttribute('aria-busy');
    }
  }

  /** Shows the command, or the Java, for what is shown. */
  showCode() {
    // Lines break between options, not in them.
    const words = this.#code().split(/(?<=\s)(?=--?\w)/);
    $('code').replaceChildren(...words.map((word) => make('span', {textContent: word})));
  }

  #code() {
    const {photo, recipes, view} = this.#session();
    const products = [view === 'cutout' ? 'cutout' : 'overlay'];
    const {name} = photo.file;
    if (needsClasses(products[0]) && recipes[0].classes?.length === 0) {
      return NO_CLASS;
    }
    // Two results of one photo need folders of their own.
    const folders = recipes.length > 1 ? ['first', 'second'] : [null];
    if (chosen('code') === 'command') {
      return recipes.map((recipe, i) => command(recipe, products, name, folders[i])).join('\n');
    }
    const fileOf = (product) => stem(name) + SUFFIXES[product];
    return java(recipes[0], products, name, fileOf);
  }

  async #copy() {
    const text = $('code').textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Pages without TLS have no clipboard.
      getSelection().selectAllChildren($('code'));
      document.execCommand('copy');
    }
    $('copy').textContent = 'Copied';
    say('It is copied.');
    setTimeout(() => ($('copy').textContent = 'Copy'), 2000);
  }
}

function needsClasses(product) {
  return product === 'cutout' || product === 'geojson';
}

function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
