package io.github.pixelwise.server;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendProvider;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/** What the server says of its models, and of the machine's backends. */
final class Descriptions {
  private Descriptions() {}

  static JsonObject models(ServedModels models, ServerLimits limits) {
    return new JsonObject()
        .put("models", array(models.names(), name -> model(models.backends(name))))
        .put("products", array(Arrays.asList(Product.values()), ProductFiles::word))
        .put("parameters", new JsonArray(SegmentParameters.names()))
        .put(
            "limits",
            new JsonObject()
                .put("bytes", limits.bytes())
                .put("pixels", limits.pixels())
                .put("seconds", limits.time().toMillis() / 1e3))
        .put("version", version());
  }

  static String version() {
    return Objects.requireNonNullElse(
        Descriptions.class.getPackage().getImplementationVersion(), "(unpackaged)");
  }

  private static <T> JsonArray array(Iterable<T> values, Function<T, ?> description) {
    JsonArray array = new JsonArray();
    values.forEach(value -> array.add(description.apply(value)));
    return array;
  }

  private static JsonObject model(List<Segmenter> backends) {
    ModelCard card = backends.get(0).model();
    JsonObject model =
        new JsonObject()
            .put("name", card.name())
            .put("description", card.description())
            .put("license", card.license())
            .put("source", card.source())
            .put("backends", array(backends, Descriptions::runtime))
            .put("probabilities", card.output().kind() != OutputKind.CATEGORIES)
            .put("softEdge", card.output().softEdge());
    JsonArray classes = new JsonArray();
    LabelMap labels = card.labels();
    for (int id = 0; id < labels.size(); id++) {
      classes.add(
          new JsonObject()
              .put("id", id)
              .put("name", labels.name(id))
              .put("color", color(card.palette(), id)));
    }
    return model.put("void", labels.ignoreIndex()).put("classes", classes);
  }

  private static String color(Palette palette, int id) {
    return String.format(Locale.ROOT, "#%06x", palette.rgb(id) & 0xffffff);
  }

  private static JsonObject runtime(Segmenter segmenter) {
    return new JsonObject()
        .put("name", segmenter.runtime().backend())
        .put("engine", segmenter.runtime().version())
        .put("device", segmenter.runtime().device().toString());
  }

  static JsonObject backends(ServedModels models) {
    return new JsonObject()
        .put("backends", array(Catalog.load().backends(), backend -> backend(backend, models)));
  }

  private static JsonObject backend(BackendProvider backend, ServedModels models) {
    Availability availability = Catalog.availability(backend);
    return new JsonObject()
        .put("name", backend.name())
        .put("available", availability.available())
        .put("engine", availability.version())
        .put("devices", availability.devices())
        .put("reason", availability.reason())
        .put("formats", array(backend.formats(), ModelFormat::name))
        .put(
            "serves",
            array(
                models.names().stream()
                    .filter(
                        name -> ServedModels.names(models.backends(name)).contains(backend.name()))
                    .toList(),
                name -> name));
  }
}
