import io.github.pixelwise.LabelMap;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.network.convert.Conversion;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Converts the embedded model's checkpoint to one format during the build of the modules with weights.
 *
 * <p>Arguments: the checkpoint, the format, and the output folder. docs/models.md describes how the weights were made.
 */
final class ConvertEmbedded {
  private ConvertEmbedded() {}

  public static void main(String[] args) throws IOException {
    LabelMap labels = LabelMap.voc();
    Conversion.of(
            Networks.of("deeplabv3plus-mobilenetv2-refined", NetworkOptions.ofClasses(labels.size())),
            Path.of(args[0]))
        .name("deeplabv3plus-mobilenetv2-voc")
        .description(
            "DeepLabV3 on MobileNetV2 with a decoder after DeepLabV3+, 2,351,802 parameters. mIoU"
                + " 0.621, pixel accuracy 0.947 on 200 photographs of PASCAL VOC 2012's validation"
                + " split. Weak on chairs, dining tables, sofas and potted plants.")
        .license("Apache-2.0")
        .source(
            "Pixelwise; backbone and coarse head from TensorFlow DeepLabV3-MobileNetV2"
                + " (google-coral/test_data, Apache-2.0), the rest trained on VOC trainaug and MSRC"
                + " v2")
        .labels(labels)
        .formats(new ModelFormat(args[1]))
        .write(Path.of(args[2]));
  }
}
