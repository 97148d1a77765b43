// Says the settings of the page as parameters for the server, as a command, and, with java.js, in Java.
//
// Settings are {model, backend, threshold, minRegion, classes, background, outline}. The model and
// the backend are null if they are the server's default; classes are null if all but the background
// are kept; the background is {kind, color, file, blur}.

const SHAPES = ['geojson'];

/** The keys and values of a recipe that matter to these products, in the order of the manual. */
export function entries(settings, products) {
  const cutsOut = products.includes('cutout');
  const shapes = products.some((product) => SHAPES.includes(product));
  const all = [
    ['write', products.join(',')],
    ['threshold', settings.threshold > 0 && String(settings.threshold)],
    ['min-region', settings.minRegion > 1 && String(settings.minRegion)],
    ['outline', settings.outline && products.includes('overlay') && 'true'],
    ['class', settings.classes && (cutsOut || shapes) && settings.classes.map(escaped).join(',')],
    ['background', cutsOut && backgroundValue(settings.background)],
  ];
  return all.filter(([, value]) => value);
}

/** A comma in a class's name does not separate. */
function escaped(name) {
  return name.replaceAll(',', '\\,');
}

function backgroundValue({kind, color, file, blur}) {
  switch (kind) {
    case 'color':
      return color;
    case 'blur':
      return blur ? `blur:${blur}` : 'blur';
    case 'picture':
      return file ? file.name : null;
    default:
      return null;
  }
}

/** The parameters of a request. A picture for the background is sent as a file, not by its name. */
export function parameters(settings, products) {
  const parameters = new URLSearchParams();
  if (settings.model) {
    parameters.set('model', settings.model);
  }
  if (settings.backend) {
    parameters.set('backend', settings.backend);
  }
  for (const [key, value] of entries(settings, products)) {
    if (key !== 'background' || settings.background.kind !== 'picture') {
      parameters.set(key, value);
    }
  }
  return parameters;
}

/** The command that writes the same. */
export function command(settings, products, photo, folder) {
  const words = ['segment', 'run', photo.startsWith('-') ? `./${photo}` : photo];
  if (folder) {
    words.push('-o', folder);
  }
  for (const [key, value] of entries(settings, products)) {
    words.push(`--${key}`);
    if (value !== 'true') {
      words.push(value);
    }
  }
  if (settings.model) {
    words.push('--model', settings.model);
  }
  if (settings.backend) {
    words.push('--backend', settings.backend);
  }
  return words.map(quoted).join(' ');
}

function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
