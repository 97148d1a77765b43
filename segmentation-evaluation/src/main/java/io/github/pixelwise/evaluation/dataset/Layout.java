package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where a kind of data set keeps its files, and what their values are, unless keys say else. */
enum Layout {
  VOC("val", "JPEGImages", "SegmentationClass", "ImageSets/Segmentation/{split}.txt"),
  CAMVID("val", "", "", "{split}.txt"),
  CAMVID_RGB("", "701_StillsRaw_full", "LabeledApproved_full", ""),
  CITYSCAPES("val", "leftImg8bit/{split}", "gtFine/{split}", ""),
  ADE20K("validation", "images/{split}", "annotations/{split}", ""),
  COCO("val2017", "{split}", "annotations/instances_{split}.json", ""),
  COCO_STUFF("val2017", "images/{split}", "annotations/{split}", ""),
  YOLO("val", "images/{split}", "labels/{split}", ""),
  LABELME("", ".", ".", ""),
  CVAT("", "images", "annotations.xml", ""),
  GEOJSON("", ".", ".", ""),
  SVG("", ".", ".", ""),
  FOLDERS("", "", "", "");

  private static final int CAMVID_CLASSES = 11;

  /** The classes of Cityscapes' labelIds that are trained on; the others are void. */
  private static final int[] CITYSCAPES_IDS = {
    7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33
  };

  private static final int CITYSCAPES_LAST_ID = 33;

  /** The part of the data set that is read unless a key names another; empty if it has none. */
  final String split;

  /** The folder of photographs. */
  final String photographs;

  /** The folder of masks or annotations, or their file. */
  final String truths;

  /** The list of photographs; empty if there is none. */
  final String list;

  Layout(String split, String photographs, String truths, String list) {
    this.split = split;
    this.photographs = photographs;
    this.truths = truths;
    this.list = list;
  }

  /** How a key names it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether truths are masks, so that there may be colors. */
  boolean hasMasks() {
    return !EnumSet.of(COCO, YOLO, LABELME, CVAT, GEOJSON, SVG).contains(this);
  }

  /** Whether each annotation has the name of its class. */
  boolean hasNames() {
    return EnumSet.of(LABELME, CVAT, GEOJSON, SVG).contains(this);
  }

  /** What photographs' names end in, before the dot. */
  String photographEnding() {
    return this == CITYSCAPES ? "_leftImg8bit" : "";
  }

  /** What masks' names end in, before the dot. */
  String truthEnding() {
    return switch (this) {
      case CITYSCAPES -> "_gtFine_labelIds";
      case CAMVID_RGB -> "_L";
      default -> "";
    };
  }

  /** Its classes, where they are always the same. */
  Optional<LabelMap> labels() {
    return switch (this) {
      case VOC -> Optional.of(LabelMap.voc());
      case CAMVID, CAMVID_RGB ->
          Optional.of(LabelMap.of(LabelMap.camVid().names().subList(0, CAMVID_CLASSES)));
      case CITYSCAPES -> Optional.of(LabelMap.cityscapes());
      case ADE20K -> Optional.of(LabelMap.ade20k());
      default -> Optional.empty();
    };
  }

  /** The colors of its classes. */
  Palette palette() {
    return switch (this) {
      case CAMVID, CAMVID_RGB -> Palette.camVid();
      case CITYSCAPES -> Palette.cityscapes();
      case ADE20K -> Palette.ade20k();
      default -> Palette.voc();
    };
  }

  /** The class of each value, where it is not that of the same number or name. */
  Map<String, String> values(LabelMap labels) {
    Map<String, String> values = new LinkedHashMap<>();
    switch (this) {
      case CITYSCAPES -> {
        for (int id = 0; id <= CITYSCAPES_LAST_ID; id++) {
          values.put(Integer.toString(id), "");
        }
        for (int i = 0; i < CITYSCAPES_IDS.length; i++) {
          values.put(Integer.toString(CITYSCAPES_IDS[i]), LabelMap.cityscapes().name(i));
        }
      }
      case ADE20K -> {
        values.put("0", "");
        for (int i = 0; i < labels.size(); i++) {
          values.put(Integer.toString(i + 1), labels.name(i));
        }
      }
      default -> {}
    }
    return values;
  }

  /** Values that are void in all data sets of the kind. */
  List<String> ignored() {
    return switch (this) {
      case CAMVID -> List.of(Integer.toString(CAMVID_CLASSES));
      case LABELME -> List.of("__ignore__");
      default -> List.of();
    };
  }
}
