import io.github.pixelwise.LabelMap;
import io.github.pixelwise.zoo.convert.Conversion;
import io.github.pixelwise.zoo.network.NetworkOptions;
import io.github.pixelwise.zoo.network.Networks;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes the embedded model's files of its checkpoint, when the module is built.
 *
 * <p>Its weights were distilled by the Pixelwise project on about 9,200 photographs of public
 * research collections from TensorFlow's DeepLabV3 on MobileNetV2 (google-coral/test_data,
 * Apache-2.0), plus 159 photographs with polygon masks.
 */
final class ConvertEmbedded {
  private ConvertEmbedded() {}

  public static void main(String[] args) throws IOException {
    LabelMap labels = LabelMap.voc();
    Conversion.of(
            Networks.of("deeplabv3plus-mobilenetv2-light", NetworkOptions.ofClasses(labels.size())),
            Path.of(args[0]))
        .name("deeplabv3plus-mobilenetv2-voc")
        .description(
            "DeepLabV3+ on MobileNetV2, light decoder, 2,157,253 parameters. Strong on people,"
                + " cats, birds, buses and aeroplanes; weak on chairs, cows, sheep, cars and"
                + " monitors.")
        .license("Apache-2.0")
        .source(
            "Pixelwise, distilled from TensorFlow DeepLabV3-MobileNetV2 (google-coral/test_data,"
                + " Apache-2.0)")
        .labels(labels)
        .write(Path.of(args[1]));
  }
}
