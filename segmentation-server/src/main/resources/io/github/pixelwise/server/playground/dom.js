// Small helpers for the page's elements, and for numbers as people read them.

/** The element with an id. */
export function $(id) {
  return document.getElementById(id);
}

/** A new element, with properties and children. */
export function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** The value of the radio button that is chosen. */
export function chosen(name) {
  return document.querySelector(`input[name="${name}"]:checked`).value;
}

/** Keeps a number and its unit on one line. */
const SPACE = '\u00a0';

const WHOLE = new Intl.NumberFormat('en-US');

export function count(number) {
  return WHOLE.format(number);
}

export function percent(share) {
  if (share > 0 && share < 0.0005) {
    return `under 0.1${SPACE}%`;
  }
  const digits = share < 0.1 ? 1 : 0;
  return `${(share * 100).toFixed(digits).replace(/\.0$/, '')}${SPACE}%`;
}

export function duration(millis) {
  if (millis >= 1000) {
    return `${(millis / 1000).toFixed(millis < 10_000 ? 1 : 0)}${SPACE}s`;
  }
  return `${millis < 10 ? millis.toFixed(1) : Math.round(millis)}${SPACE}ms`;
}

export function size(bytes) {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)}${SPACE}kB` : `${(bytes / 1e6).toFixed(1)}${SPACE}MB`;
}
