// What the page says: progress in a quiet region, errors in an alert that leaves the focus alone,
// and the question for a token.

import {$, make} from './dom.js';

let saidBefore = '';

/** Says what is going on. */
export function say(text) {
  saidBefore = text;
  $('status').textContent = text;
}

/** Says that the page waits for the server, until goOn is called. */
export function waiting(text) {
  $('status').textContent = text;
  document.body.dataset.waiting = '';
}

export function goOn() {
  if ('waiting' in document.body.dataset) {
    delete document.body.dataset.waiting;
    $('status').textContent = saidBefore;
  }
}

/** Shows how far something is: a share, 0 to 1, or null if nobody knows. */
export function progress(share) {
  const bar = $('progress');
  bar.hidden = false;
  if (share === null) {
    bar.removeAttribute('value');
  } else {
    bar.value = share;
  }
}

/** Shows that something can be canceled, or that nothing is going on. */
export function busy(cancel) {
  $('cancel').hidden = !cancel;
  $('cancel').onclick = cancel;
  $('progress').hidden = !cancel;
}

/** Says that something failed, and offers to try it again if there is a way to. */
export function fail(text, again) {
  const notice = make('div', {className: 'notice error'}, make('p', {textContent: text}));
  if (again) {
    notice.append(button('Try again', again));
  }
  notice.append(button('Dismiss', () => {}));
  $('alert').replaceChildren(notice);
}

function button(text, action) {
  const button = make('button', {type: 'button', className: 'button small', textContent: text});
  button.addEventListener('click', () => {
    clear();
    action();
  });
  return button;
}

export function clear() {
  $('alert').replaceChildren();
}

/** Asks for a token, again if the one before was wrong. Fails if there is none. */
export function askToken(isWrong) {
  const dialog = $('token-dialog');
  $('token-detail').textContent = isWrong
    ? 'The server does not accept this token. Try another one.'
    : 'Ask whoever runs the server for it.';
  $('token').value = '';
  dialog.showModal();
  return new Promise((resolve, reject) => {
    $('token-form').onsubmit = (event) => {
      event.preventDefault();
      dialog.onclose = null;
      dialog.close();
      resolve($('token').value);
    };
    $('token-cancel').onclick = () => dialog.close();
    dialog.onclose = () => reject(new Error('The server answers only with a token.'));
  });
}
