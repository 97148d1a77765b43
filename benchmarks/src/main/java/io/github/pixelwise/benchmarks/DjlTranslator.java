package io.github.pixelwise.benchmarks;

import ai.djl.ModelException;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.modality.cv.transform.Normalize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.modality.cv.translator.SemanticSegmentationTranslator;
import ai.djl.modality.cv.util.NDImageUtils;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Transform;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * DJL's own {@code SemanticSegmentationTranslator} on a network whose scores have the input's size.
 * Its mask has the network's size and is enlarged when drawn. Cutting out is another call, without
 * soft edges.
 */
final class DjlTranslator implements Pipeline {
  private final ZooModel<Image, CategoryMask> model;
  private final Predictor<Image, CategoryMask> predictor;
  private final Clock clock;

  DjlTranslator(Path card) throws IOException {
    ModelCard descriptor = ModelCard.read(card);
    clock = new Clock(translator(descriptor));
    // A benchmark should not send usage data.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    Criteria<Image, CategoryMask> criteria =
        Criteria.builder()
            .setTypes(Image.class, CategoryMask.class)
            .optModelPath(
                Path.of(descriptor.file(ModelFormat.TORCHSCRIPT).orElseThrow().location()))
            .optEngine("PyTorch")
            .optTranslator(clock)
            .build();
    try {
      model = criteria.loadModel();
    } catch (ModelException e) {
      throw new IOException("DJL cannot open " + card, e);
    }
    predictor = model.newPredictor();
  }

  private static SemanticSegmentationTranslator translator(ModelCard model) {
    InputSpec input = model.input();
    return SemanticSegmentationTranslator.builder()
        .addTransform(new Resize(input))
        .addTransform(new ToTensor())
        .addTransform(new Normalize(floats(input.mean()), floats(input.std())))
        .optSynset(model.labels().names())
        .build();
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }

  /** Resizes to the size that the card specifies. */
  private record Resize(InputSpec input) implements Transform {
    @Override
    public NDArray transform(NDArray image) {
      Shape shape = image.getShape();
      ImageGeometry geometry = input.geometry((int) shape.get(1), (int) shape.get(0));
      return NDImageUtils.resize(
          image, geometry.contentWidth(), geometry.contentHeight(), Image.Interpolation.BILINEAR);
    }
  }

  /** Records when a translator's work starts and ends. */
  private static final class Clock implements Translator<Image, CategoryMask> {
    private final SemanticSegmentationTranslator translator;
    private long prepared;
    private long inferred;

    Clock(SemanticSegmentationTranslator translator) {
      this.translator = translator;
    }

    @Override
    public Batchifier getBatchifier() {
      return translator.getBatchifier();
    }

    @Override
    public void prepare(TranslatorContext context) throws IOException {
      translator.prepare(context);
    }

    @Override
    public NDList processInput(TranslatorContext context, Image image) {
      NDList input = translator.processInput(context, image);
      prepared = System.nanoTime();
      return input;
    }

    @Override
    public CategoryMask processOutput(TranslatorContext context, NDList outputs) {
      inferred = System.nanoTime();
      // The translator reads the second output, as in its own model.
      return translator.processOutput(context, new NDList(outputs.get(0), outputs.get(0)));
    }
  }

  @Override
  public String description() {
    Engine engine = Engine.getEngine("PyTorch");
    return "PyTorch %s (DJL %s)".formatted(engine.getVersion(), Engine.getDjlVersion());
  }

  @Override
  public Times run(Files files) throws IOException {
    long start = System.nanoTime();
    Image photo = ImageFactory.getInstance().fromFile(files.photo());
    long read = System.nanoTime();
    CategoryMask mask;
    try {
      mask = predictor.predict(photo);
    } catch (TranslateException e) {
      throw new IOException("DJL failed on " + files.photo(), e);
    }
    long decoded = System.nanoTime();
    Image overlay = photo.duplicate();
    mask.drawMask(overlay, 128);
    long colored = System.nanoTime();
    Image cutout = mask.getMaskImage(photo);
    long composed = System.nanoTime();
    write(overlay, files.overlay());
    write(cutout, files.cutout());
    long written = System.nanoTime();
    return Times.between(
        start, read, clock.prepared, clock.inferred, decoded, colored, composed, written);
  }

  private static void write(Image image, Path file) throws IOException {
    try (OutputStream out = java.nio.file.Files.newOutputStream(file)) {
      image.save(out, "png");
    }
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
  }
}
