package io.github.pixelwise.zoo;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.internal.file.Sha256;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.Interpolation;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.convert.Conversion;
import io.github.pixelwise.network.tflite.TfLiteModel;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Published networks that find the main subject of a photo: saliency and matting. They are
 * published as complete networks: ONNX files are taken as they are, and TensorFlow Lite files
 * converted.
 *
 * <p>Addresses, and how pictures are prepared for the networks that rembg runs, are those of rembg
 * 2.0 (github.com/danielgatis/rembg). It publishes MD5 sums; the sizes and SHA-256 sums are those
 * of the same files in several public repositories.
 */
final class Cutouts {
  private static final String REMBG =
      "https://github.com/danielgatis/rembg/releases/download/v0.0.0/";

  private static final LabelMap FOREGROUND = LabelMap.of(List.of("background", "foreground"));
  private static final LabelMap PERSON = LabelMap.of(List.of("background", "person"));

  /** A single channel of probabilities at the input's size, which are the alpha of cutouts. */
  private static final OutputSpec MATTE =
      OutputSpec.logits("", 1).withKind(OutputKind.SIGMOID).withSoftEdge(true);

  /** What rembg does with it. */
  private static final OutputSpec SALIENCY =
      MATTE.withMinMax(true).withInterpolation(Interpolation.LANCZOS);

  private static final List<Cutout> ALL =
      List.of(
          new Cutout(
              new ZooEntry(
                  "u2net",
                  "U2-Net, which finds the salient object of a picture",
                  "Apache-2.0",
                  URI.create(REMBG + "u2net.onnx"),
                  175_997_641,
                  "8d10d2f3bb75ae3b6d527c77944fc5e7dcd94b29809d47a739a7a728a912b491",
                  FOREGROUND),
              Cutouts::u2net,
              SALIENCY),
          new Cutout(
              new ZooEntry(
                  "u2netp",
                  "U2-Net, small, which finds the salient object of a picture",
                  "Apache-2.0",
                  URI.create(REMBG + "u2netp.onnx"),
                  4_574_861,
                  "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
                  FOREGROUND),
              Cutouts::u2net,
              SALIENCY),
          new Cutout(
              new ZooEntry(
                  "u2net_human_seg",
                  "U2-Net, trained on people",
                  "Apache-2.0",
                  URI.create(REMBG + "u2net_human_seg.onnx"),
                  175_997_641,
                  "01eb6a29a5c4d8edb30b56adad9bb3a2a0535338e480724a213e0acfd2d1c73c",
                  PERSON),
              Cutouts::u2net,
              SALIENCY),
          new Cutout(
              new ZooEntry(
                  "silueta",
                  "U2-Net, reduced in size",
                  "Apache-2.0",
                  URI.create(REMBG + "silueta.onnx"),
                  44_173_029,
                  "75da6c8d2f8096ec743d071951be73b4a8bc7b3e51d9a6625d63644f90ffeedb",
                  FOREGROUND),
              Cutouts::u2net,
              SALIENCY),
          new Cutout(
              new ZooEntry(
                  "isnet-general-use",
                  "IS-Net of Dichotomous Image Segmentation (DIS), which finds the object of a picture",
                  "Apache-2.0",
                  URI.create(REMBG + "isnet-general-use.onnx"),
                  178_648_008,
                  "60920e99c45464f2ba57bee2ad08c919a52bbf852739e96947fbb4358c0d964a",
                  FOREGROUND),
              name -> rembg(name, 1024).mean(0.5, 0.5, 0.5).std(1, 1, 1).build(),
              SALIENCY),
          new Cutout(
              new ZooEntry(
                  "birefnet-lite",
                  "BiRefNet on Swin-T, which finds the object of a picture",
                  "MIT",
                  URI.create(REMBG + "BiRefNet-general-bb_swin_v1_tiny-epoch_232.onnx"),
                  224_005_088,
                  "5600024376f572a557870a5eb0afb1e5961636bef4e1e22132025467d0f03333",
                  FOREGROUND),
              name -> rembg(name, 1024).imageNet().build(),
              SALIENCY.withKind(OutputKind.BINARY_LOGITS)),
          new Cutout(
              new ZooEntry(
                  "modnet",
                  "MODNet, which finds alpha mattes of people",
                  "Apache-2.0",
                  URI.create(
                      "https://huggingface.co/Xenova/modnet/resolve/"
                          + "fa2fa546052fba4c08921230a26cc69a333fca12/onnx/model.onnx"),
                  25_888_640,
                  "07c308cf0fc7e6e8b2065a12ed7fc07e1de8febb7dc7839d7b7f15dd66584df9",
                  PERSON),
              Cutouts::modnet,
              MATTE),
          new Cutout(
              new ZooEntry(
                  "mediapipe-selfie",
                  "MediaPipe's selfie segmentation, which finds people near the camera",
                  "Apache-2.0",
                  URI.create(
                      "https://cdn.jsdelivr.net/npm/@mediapipe/selfie_segmentation@0.1.1675465747/"
                          + "selfie_segmentation.tflite"),
                  249_024,
                  "8d13b7fae74af625c641226813616a2117bd6bca19eb3b75574621fc08557f27",
                  PERSON),
              Cutouts::selfie,
              MATTE));

  private Cutouts() {}

  /**
   * A published network and its card.
   *
   * @param entry what is published
   * @param input the input, by its name in the file
   * @param output the output, without its name in the file
   */
  record Cutout(ZooEntry entry, Function<String, InputSpec> input, OutputSpec output) {}

  private static InputSpec.Builder rembg(String name, int side) {
    return InputSpec.builder(name, SizeRule.fixed(side, side))
        .scaleByMaximum()
        .interpolation(Interpolation.LANCZOS);
  }

  private static InputSpec u2net(String name) {
    return rembg(name, 320).imageNet().build();
  }

  /** As its {@code preprocessor_config.json} says. */
  private static InputSpec modnet(String name) {
    SizeRule size =
        SizeRule.shortEdge(512).withMultiple(32, 0).withRounding(SizeRule.Rounding.DOWN);
    return InputSpec.builder(name, size).mean(0.5, 0.5, 0.5).std(0.5, 0.5, 0.5).build();
  }

  /** As MediaPipe's {@code selfie_segmentation_cpu.pbtxt} says. */
  private static InputSpec selfie(String name) {
    return InputSpec.builder(name, SizeRule.fixed(256, 256))
        .interpolation(Interpolation.OPENCV_LINEAR)
        .build();
  }

  /** {@return the entries} */
  static List<ZooEntry> entries() {
    return ALL.stream().map(Cutout::entry).toList();
  }

  /** Finds an entry's network. */
  static Optional<Cutout> find(ZooEntry entry) {
    return ALL.stream().filter(cutout -> cutout.entry().equals(entry)).findFirst();
  }

  /**
   * Writes a network and its card.
   *
   * @param file the published file
   * @param folder an empty folder
   */
  static void write(Cutout cutout, Path file, Path folder) throws IOException {
    if (TfLiteModel.isTfLite(file)) {
      convert(cutout, file, folder);
      return;
    }
    ZooEntry entry = cutout.entry();
    Path network = folder.resolve(entry.name() + ".onnx");
    Files.copy(file, network);
    OnnxNames names = OnnxNames.read(network);
    if (names.areMissing()) {
      throw new IOException(OnnxNames.MISSING);
    }
    // Like rembg, and the others: of several outputs, the first counts.
    ModelCard.builder(
            entry.name(),
            cutout.input().apply(names.inputs().get(0)),
            cutout.output().withName(names.outputs().get(0)),
            entry.labels())
        .description(entry.description())
        .license(entry.license())
        .source(entry.source().toString())
        .file(new ModelFile(ModelFormat.ONNX, network.toUri(), Optional.of(Sha256.of(network))))
        .build()
        .write(folder.resolve(entry.name() + ".properties"));
  }

  private static void convert(Cutout cutout, Path file, Path folder) throws IOException {
    ZooEntry entry = cutout.entry();
    TfLiteModel model = TfLiteModel.read(file);
    ModelCard converted =
        Zoo.described(Conversion.of(model.network(), model.weights()), entry).write(folder);
    // The network's last steps, such as the sigmoid, are left to decoding.
    converted.toBuilder()
        .input(cutout.input().apply(converted.input().name()))
        .output(converted.output().withSoftEdge(true))
        .build()
        .write(folder.resolve(entry.name() + ".properties"));
  }
}
