// A photograph as the page shows it: upright, and no larger than the preview.

import {fitted} from './grid.js';
import {LONGEST} from './painter.js';

/**
 * Reads a picture.
 *
 * @param {Blob} file
 * @returns its size and a smaller copy; null if the browser cannot show this format, or if the file
 *     is broken
 */
export async function readPicture(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, {imageOrientation: 'from-image'});
  } catch {
    return null;
  }
  const {width, height} = bitmap;
  const canvas = Object.assign(document.createElement('canvas'), fitted(width, height, LONGEST));
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return {width, height, canvas};
}

/** A file's name without its suffix, as the command uses it for the names of its files. */
export function stem(name) {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
