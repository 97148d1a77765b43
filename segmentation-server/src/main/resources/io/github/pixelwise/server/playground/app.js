// The page: opens photographs, lets the server segment them, and shows what it found.

import {Api, Problem} from './api.js';
import {Choices} from './choices.js';
import {$, chosen, count, percent, size} from './dom.js';
import {Divider} from './divider.js';
import {Frame} from './frame.js';
import {Legend, foundIn} from './legend.js';
import {cutoutLook, namesIn, overlayLook} from './looks.js';
import * as notices from './notices.js';
import {Outputs} from './outputs.js';
import {Painter} from './painter.js';
import {readPicture} from './photo.js';
import {Probe} from './probe.js';
import {Segmenting} from './segmenting.js';
import {Settings} from './settings.js';
import {listen} from './sources.js';
import {showPreviewTime, showTimes} from './timings.js';

/** The pixels are counted when nothing has changed for so long. */
const QUIET_MILLIS = 120;

const api = new Api({
  waiting: notices.waiting,
  goingOn: notices.goOn,
  token: notices.askToken,
});
const painter = new Painter();
const segmenting = new Segmenting(api, painter);
const frames = {a: new Frame($('frame-a')), b: new Frame($('frame-b'))};
const divider = new Divider(frames.a);
const legend = new Legend(refresh);
const settings = new Settings(refresh);
const probe = new Probe([frames.a, frames.b], describe);
const outputs = new Outputs(api, session);

/** What the server has; null until it is known. */
let server = null;
let choices = null;

/** Ends requests for a photo that is no longer wanted. */
let work = new AbortController();

/** The photo's file, and its picture. */
let photo = null;

/** What the server found with the first model, and with the one to compare with. */
let results = {a: null, b: null};

/** The timer of the next count. */
let counting = null;

/** Ends when the last change is painted. */
let painting = null;

/** Asks the server once what it has. */
async function connect(signal) {
  if (!server) {
    const answer = await api.models(signal);
    choices = new Choices(answer.models);
    $('version').textContent = answer.version;
    server = answer;
  }
}

/** The models whose results are shown, by their slots. */
function wanted() {
  const second = chosen('view') === 'compare' && choices.second;
  return second ? {a: choices.first, b: second} : {a: choices.first};
}

/** The photo, and the recipes of what is shown. */
function session() {
  const {threshold, minRegion, outline, background} = settings;
  const classes = legend.kept;
  const recipes = Object.values(wanted()).map(({named}) => {
    return {...named, threshold, minRegion, outline, background, classes};
  });
  return {photo, recipes, view: chosen('view'), signal: work.signal};
}

/** Opens a photo in place of the one before, whose requests it ends. */
async function open(file) {
  work.abort();
  work = new AbortController();
  const {signal} = work;
  notices.clear();
  notices.say(`Opening ${file.name} …`);
  try {
    await connect(signal);
    requireBytes(file);
    const picture = await readPicture(file);
    signal.throwIfAborted();
    requirePixels(file, picture);
    photo = {file, picture};
    results = {a: null, b: null};
    document.body.dataset.state = 'busy';
    $('work').hidden = !picture; // until the server has a copy to show
    probe.hide();
    showPhoto();
  } catch (error) {
    report(error, signal, () => open(file));
    return;
  }
  await segment();
}

function requireBytes({name, size: bytes}) {
  const most = server.limits.bytes;
  if (bytes > most) {
    const found = `${name} has ${size(bytes)}, but this server takes up to ${size(most)}.`;
    throw new Error(`${found} Save it smaller, or as JPEG.`);
  }
}

function requirePixels({name}, picture) {
  const most = server.limits.pixels;
  const pixels = picture ? picture.width * picture.height : 0;
  if (pixels > most) {
    const found = `${name} has ${count(pixels)} pixels, but this server takes up to ${count(most)}.`;
    throw new Error(`${found} Make it smaller.`);
  }
}

function showPhoto() {
  for (const frame of [frames.a, frames.b]) {
    if (photo.picture) {
      frame.show(photo.picture.canvas);
    }
  }
}

/** Asks the server for what is to be shown but not there yet, and shows it. */
async function segment() {
  const {signal} = work;
  try {
    for (const [slot, choice] of Object.entries(wanted())) {
      if (results[slot]?.choice !== choice) {
        notices.busy(() => work.abort());
        const result = await segmenting.run(slot, choice, photo, signal);
        signal.throwIfAborted();
        results[slot] = result;
        if (slot === 'a') {
          arrive();
        }
        legend.show(shownResults());
        refresh();
      }
    }
    notices.say(summary());
  } catch (error) {
    report(error, signal, segment);
  } finally {
    if (signal === work.signal) {
      notices.busy(null);
    }
  }
}

/** Fits the page to a new result of the first model. */
function arrive() {
  const {width, height, choice, report: facts, times} = results.a;
  document.body.dataset.state = 'result';
  $('work').hidden = false;
  showPhoto();
  settings.fit(width, height);
  settings.allowThreshold(choice.model.probabilities);
  showTimes(times);
  $('engine').textContent = `${facts.model} on ${facts.engine}, ${facts.device}.`;
}

/** Says what failed, unless there is a new photo by now. */
function report(error, signal, again) {
  if (signal !== work.signal) {
    return;
  }
  document.body.dataset.state = results.a ? 'result' : photo?.picture ? 'failed' : 'empty';
  if (signal.aborted) {
    work = new AbortController();
    notices.busy(null);
    notices.say('Canceled.');
  } else {
    notices.say('');
    const isFinal = error instanceof Problem && error.status < 500;
    notices.fail(isFinal && photo ? `${photo.file.name}: ${error.message}` : error.message, isFinal ? null : again);
  }
}

/** The result to compare the first one with; null if it is not shown, or not there yet. */
function compared() {
  return results.b?.choice === wanted().b ? results.b : null;
}

/** The results that are shown, with their models. */
function shownResults() {
  return [results.a, compared()]
    .filter((result) => result)
    .map(({choice, found, pixels}) => ({model: choice.model, found, pixels}));
}

function summary() {
  const {a} = results;
  const found = foundIn(a.choice.model, a.found)
    .slice(0, 5)
    .map(({id, name}) => `${name} ${percent(a.found.get(id) / (a.width * a.height))}`);
  return `Done: ${found.join(', ')}.`;
}

/** Shows the results as the controls say. Nothing is sent. */
function refresh() {
  const view = chosen('view');
  const {a} = results;
  const b = compared();
  if (!a) {
    return;
  }
  const started = performance.now();
  const scale = a.preview.width / a.width;
  const look = (slot) => overlayLook(slot, results[slot].choice.model, settings, legend, scale);
  const order = {
    mask: maskAt(scale),
    looks: [view === 'cutout' ? cutoutLook('a', a.choice.model, legend, scale) : look('a')],
    highlight: b && settings.highlight ? namesIn(a.choice.model, b.choice.model) : null,
  };
  if (b) {
    order.looks.push(look('b'));
  }
  label(a, b);
  document.body.dataset.painting = 'yes';
  painting = painter.paint(order, (layers) => {
    if (results.a !== a || compared() !== b) {
      return;
    }
    a.classes = layers[0].classes;
    if (view === 'cutout') {
      frames.a.showCutout(layers[0]);
      frames.a.showBackground(settings.background, settings.blur);
    } else {
      frames.a.showTint(layers[0]);
    }
    if (b) {
      b.classes = layers[1].classes;
      frames.b.showTint(layers[1]);
    }
    probe.update();
    const time = performance.now() - started;
    performance.clearMeasures('preview');
    performance.measure('preview', {start: started, duration: time});
    showPreviewTime(time);
  });
  outputs.showCode();
  clearTimeout(counting);
  counting = setTimeout(countPixels, QUIET_MILLIS);
}

/** How masks are changed, in a copy of this scale. */
function maskAt(scale) {
  const {threshold, minRegion} = settings;
  return {threshold, minRegion: minRegion * scale * scale};
}

function label(a, b) {
  frames.b.hidden = !b;
  $('compare-result').hidden = !b;
  frames.a.caption(b ? a.choice.label : '', `Photo ${photo.file.name}, ${a.choice.label}`);
  if (b) {
    frames.b.caption(b.choice.label, `Photo ${photo.file.name}, ${b.choice.label}`);
  }
  divider.shown = $('divide').checked && !b;
  $('download-help').textContent =
    'Files have the photo’s own size, and the bytes that the command writes.' +
    (b ? ' They are those of the first model.' : '');
}

/** Counts the photo's own pixels, for the legend and for the differences. */
async function countPixels() {
  counting = null;
  const {a} = results;
  const b = compared();
  const mask = maskAt(1);
  const order = {slot: 'a', mask};
  if (b) {
    Object.assign(order, {other: 'b', names: namesIn(a.choice.model, b.choice.model)});
  }
  const {pixels, differing} = await painter.count(order);
  a.pixels = pixels;
  if (b) {
    b.pixels = (await painter.count({slot: 'b', mask})).pixels;
    const share = differing / (a.width * a.height);
    $('differing').textContent =
      differing === 0 ? 'No pixel differs.' : `${count(differing)} pixels differ, ${percent(share)} of the photo.`;
  }
  await painting;
  if (results.a === a && !counting) {
    legend.update(shownResults());
    probe.update();
    document.body.dataset.painting = 'no';
  }
}

/** What is at a place, for each frame that is shown. */
function describe(x, y) {
  const b = compared();
  const shown = b ? [results.a, b] : [results.a];
  if (shown.some((result) => !result?.classes)) {
    return null;
  }
  return shown.map(({choice, classes, pixels, preview, width, height}) => {
    const at = Math.floor(y * preview.height) * preview.width + Math.floor(x * preview.width);
    const id = classes[at];
    const entry = choice.model.classes.find((candidate) => candidate.id === id);
    const share = percent((pixels.get(id) ?? 0) / (width * height));
    const sure = preview.confidence ? `, confidence ${percent(preview.confidence[at] / 255)}` : '';
    return `${entry ? entry.name : 'No class'}: ${share} of the photo${sure}`;
  });
}

/** Shows another view or model, for which the server may have to work. */
function change() {
  document.body.dataset.view = chosen('view');
  if (results.a) {
    legend.show(shownResults());
    refresh();
  }
  if (photo) {
    work.abort();
    work = new AbortController();
    segment();
  }
}

$('views').addEventListener('change', change);
$('other').addEventListener('change', change);
$('model').addEventListener('change', () => {
  choices.offerOthers();
  change();
});
$('divide').addEventListener('change', refresh);
listen(open);
notices.say('');
connect(work.signal).catch((error) => report(error, work.signal, () => connect(work.signal)));
