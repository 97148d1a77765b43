// How long everything took, as the server says and as the page sees it.

import {$, duration, make} from './dom.js';

const NAMES = {
  upload: 'Sending the photo',
  queue: 'Waiting in the queue',
  decode: 'Reading the photo',
  prepare: 'Preparing',
  network: 'Network',
  mask: 'Making the mask',
  write: 'Writing files',
  show: 'Reading and painting here',
  total: 'In all',
};

/** The durations of a Server-Timing header by their names, in milliseconds. */
export function parse(header) {
  const times = new Map();
  for (const part of header.split(',')) {
    const [name, ...parameters] = part.trim().split(/\s*;\s*/);
    const given = parameters.find((parameter) => parameter.startsWith('dur='));
    if (given) {
      times.set(name, Number(given.slice('dur='.length)));
    }
  }
  return times;
}

/** Shows times, in milliseconds, with bars. */
export function showTimes(times) {
  const longest = Math.max(...times.values());
  const rows = [...times].map(([name, millis]) => {
    const bar = make('i');
    bar.style.width = `${(100 * millis) / longest}%`;
    return make(
      'div',
      {className: name === 'total' ? 'total' : ''},
      make('dt', {textContent: NAMES[name] ?? name}),
      make('dd', {}, make('span', {textContent: duration(millis)}), bar),
    );
  });
  $('timings').replaceChildren(...rows);
}

/** Shows how fast the preview answered. */
export function showPreviewTime(millis) {
  $('preview-time').textContent = `The last change was painted in ${duration(millis)}.`;
}
