// Says the settings of the page in Java, with the library's public classes.

const PACKAGE = 'io.github.pixelwise';

/**
 * A class that writes the same.
 *
 * @param settings as in recipe.js
 * @param {string[]} products
 * @param {string} photo its name
 * @param {(product: string) => string} fileOf the name of a product's file
 */
export function java(settings, products, photo, fileOf) {
  const imports = new Set([
    'java.io.IOException',
    'java.io.OutputStream',
    'java.nio.file.Files',
    'java.nio.file.Path',
    'java.util.Set',
    `${PACKAGE}.Segmenter`,
    `${PACKAGE}.imaging.Images`,
    `${PACKAGE}.products.Product`,
    `${PACKAGE}.products.Products`,
    `${PACKAGE}.products.Recipe`,
  ]);
  const builder = calls(settings, products, imports);
  const writes = products.map(
    (product) => `      try (OutputStream out = Files.newOutputStream(Path.of(${text(fileOf(product))}))) {
        products.write(${constant(product)}, out);
      }`,
  );
  return `${[...imports].sort().map((name) => `import ${name};`).join('\n')}

class SegmentPhoto {
  public static void main(String[] args) throws IOException {
    Recipe recipe =
        Recipe.builder()
${builder.map((call) => `            .${call}`).join('\n')}
            .build();
    try (Segmenter segmenter = ${opened(settings)}) {
      Products products =
          recipe.apply(
              segmenter, Images.readPicture(Path.of(${text(photo)}), Images.MAX_PIXELS));
${writes.join('\n')}
    }
  }
}
`;
}

function calls(settings, products, imports) {
  const {threshold, minRegion, classes, background, outline} = settings;
  const cutsOut = products.includes('cutout');
  const calls = [`products(Set.of(${products.map(constant).join(', ')}))`];
  if (threshold > 0) {
    imports.add(`${PACKAGE}.Thresholds`);
    calls.push(`thresholds(Thresholds.ofAll(${threshold}))`);
  }
  if (minRegion > 1) {
    calls.push(`minRegion(${minRegion})`);
  }
  if (outline && products.includes('overlay')) {
    calls.push('outline()');
  }
  if (classes && (cutsOut || products.includes('geojson'))) {
    calls.push(`classes(${classes.map(text).join(', ')})`);
  }
  const value = cutsOut && backgroundValue(background);
  if (value) {
    imports.add(`${PACKAGE}.products.Background`);
    calls.push(`background(${value})`);
  }
  return calls;
}

function backgroundValue({kind, color, file, blur}) {
  switch (kind) {
    case 'color':
      return `Background.ofColor(0x${color.slice(1)})`;
    case 'blur':
      return blur ? `Background.ofBlur(${blur})` : 'Background.BLURRED';
    case 'picture':
      return (
        file &&
        `Background.ofPicture(
                    Images.readPicture(Path.of(${text(file.name)}), Images.MAX_PIXELS))`
      );
    default:
      return null;
  }
}

function opened({model, backend}) {
  if (!model && !backend) {
    return 'Segmenter.open()';
  }
  const modelCall = model ? `.model(${text(model)})` : '';
  const backendCall = backend ? `.backend(${text(backend)})` : '';
  return `Segmenter.builder()${modelCall}${backendCall}.open()`;
}

function constant(product) {
  return `Product.${product.toUpperCase()}`;
}

function text(value) {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
