package io.github.pixelwise.zoo;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.convert.Conversion;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Published models for whole scenes: the 150 classes of ADE20K, and the 19 of Cityscapes.
 *
 * <p>SegFormer and one UPerNet are on the Hugging Face Hub, and keep their names there. The other
 * two are checkpoints of OpenMMLab's mmsegmentation, whose file names end with the first digits of
 * their SHA-256. SegFormer's mIoU is that of the paper (Xie et al. 2021, Table 1, single scale),
 * the others' that of mmsegmentation's README files (single scale). The sizes are those of the
 * weights alone.
 */
final class Scenes {
  private static final String OPENMMLAB = "https://download.openmmlab.com/mmsegmentation/v0.5/";

  private static final String NVIDIA = "non-commercial: NVIDIA Source Code License for SegFormer";

  /** Its mIoU on ADE20K and on Cityscapes, in percent, by the size of SegFormer. */
  private static final double[][] SEGFORMERS = {
    {37.4, 76.2}, {42.2, 78.5}, {46.5, 81.0}, {49.4, 81.7}, {50.3, 82.3}, {51.0, 82.4}
  };

  /** A checkpoint of mmsegmentation. */
  private record Scene(ZooEntry entry, Network network, Palette palette) {}

  private static final List<Scene> OF_OPENMMLAB =
      List.of(
          openMmLab(
              "bisenetv2-cityscapes",
              "BiSeNetV2, which is small and fast, trained on Cityscapes",
              "bisenetv2/bisenetv2_fcn_4x4_1024x1024_160k_cityscapes/bisenetv2_fcn_4x4_1024x1024_160k_cityscapes_20210902_015551-bcf10f09",
              // Tested on whole photos.
              network("bisenetv2", LabelMap.cityscapes(), SizeRule.longEdge(2048)),
              LabelMap.cityscapes(),
              Palette.cityscapes(),
              73.21),
          openMmLab(
              "upernet-convnext-tiny-ade20k",
              "UPerNet on ConvNeXt-T, trained on ADE20K",
              "convnext/upernet_convnext_tiny_fp16_512x512_160k_ade20k/upernet_convnext_tiny_fp16_512x512_160k_ade20k_20220227_124553-cad485de",
              network("upernet-convnext-tiny", LabelMap.ade20k(), SizeRule.shortEdge(512)),
              LabelMap.ade20k(),
              Palette.ade20k(),
              46.11));

  private static final List<ZooEntry> ON_HUB = onHub();

  private Scenes() {}

  private static Network network(String name, LabelMap labels, SizeRule size) {
    return Networks.of(
        name, NetworkOptions.ofClasses(labels.size()).withSize(size.withMultiple(32, 0)));
  }

  private static Scene openMmLab(
      String name,
      String description,
      String file,
      Network network,
      LabelMap labels,
      Palette palette,
      double meanIou) {
    URI source = URI.create(OPENMMLAB + file + ".pth");
    String digits = file.substring(file.length() - 8);
    return new Scene(
        new ZooEntry(
            name,
            description,
            "Apache-2.0",
            source,
            digits,
            labels,
            meanIou,
            network.parameterCount()),
        network,
        palette);
  }

  private static List<ZooEntry> onHub() {
    List<ZooEntry> entries = new ArrayList<>();
    for (int i = 0; i < SEGFORMERS.length; i++) {
      int side = i == 5 ? 640 : 512;
      String name = "hf:nvidia/segformer-b%d-finetuned-".formatted(i);
      String network = "segformer-b" + i;
      String ade = name + "ade-%d-%d".formatted(side, side);
      String cityscapes = name + "cityscapes-1024-1024";
      entries.add(segFormer(ade, network, "ADE20K", LabelMap.ade20k(), SEGFORMERS[i][0]));
      entries.add(
          segFormer(cityscapes, network, "Cityscapes", LabelMap.cityscapes(), SEGFORMERS[i][1]));
    }
    entries.add(
        hub(
            "hf:openmmlab/upernet-convnext-tiny",
            "UPerNet on ConvNeXt-T, trained on ADE20K",
            "MIT",
            "upernet-convnext-tiny",
            LabelMap.ade20k(),
            46.11));
    return List.copyOf(entries);
  }

  private static ZooEntry segFormer(
      String name, String network, String data, LabelMap labels, double meanIou) {
    String size = network.substring(network.length() - 2).toUpperCase(Locale.ROOT);
    return hub(
        name,
        "SegFormer-%s, trained on %s".formatted(size, data),
        NVIDIA,
        network,
        labels,
        meanIou);
  }

  private static ZooEntry hub(
      String name,
      String description,
      String license,
      String network,
      LabelMap labels,
      double meanIou) {
    return new ZooEntry(
        name,
        description,
        license,
        URI.create("https://huggingface.co/" + name.substring("hf:".length())),
        "",
        labels,
        meanIou,
        Networks.of(network, NetworkOptions.ofClasses(labels.size())).parameterCount());
  }

  static List<ZooEntry> entries() {
    List<ZooEntry> entries = new ArrayList<>(ON_HUB);
    OF_OPENMMLAB.forEach(scene -> entries.add(scene.entry));
    return entries;
  }

  /** Whether an entry is a checkpoint of mmsegmentation. */
  static boolean areOf(ZooEntry entry) {
    return scene(entry).isPresent();
  }

  /** Converts a checkpoint of mmsegmentation. */
  static void write(ZooEntry entry, Path checkpoint, Path folder) throws IOException {
    Scene scene = scene(entry).orElseThrow();
    Zoo.described(Conversion.of(scene.network, checkpoint), entry)
        .palette(scene.palette)
        .write(folder);
  }

  private static Optional<Scene> scene(ZooEntry entry) {
    return OF_OPENMMLAB.stream().filter(scene -> scene.entry.equals(entry)).findFirst();
  }
}
