package io.github.pixelwise;

import io.github.pixelwise.internal.card.BuiltInLabels;
import io.github.pixelwise.internal.card.CardValues;
import io.github.pixelwise.internal.card.ListLabelMap;
import io.github.pixelwise.internal.util.Names;
import java.util.List;
import java.util.OptionalInt;

/**
 * The names of a network's classes. Immutable; maps with the same names and ignore index are equal.
 */
public interface LabelMap {
  /**
   * Returns the number of classes.
   *
   * @return at least 1; categories are 0 to {@code size() - 1}
   */
  int size();

  /**
   * Returns the name of a category.
   *
   * @param category 0 to {@code size() - 1}, or the ignore index
   * @return the class's name, or {@code "void"} for the ignore index
   * @throws IndexOutOfBoundsException for any other category
   */
  String name(int category);

  /**
   * Finds a category by name.
   *
   * @param name the name; case does not matter
   * @return the category, or empty if there is no class with that name
   */
  OptionalInt find(String name);

  /**
   * Returns the category of a class.
   *
   * @param name the class's name; case does not matter
   * @return 0 to {@code size() - 1}
   * @throws IllegalArgumentException if there is no class with that name; the message lists the
   *     classes
   */
  default int category(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no class is named \"%s\"%s. Classes: %s."
                        .formatted(
                            name, Names.suggestion(name, names()), String.join(", ", names()))));
  }

  /**
   * Returns the category of void pixels, which have no class: the network did not see them, or they
   * are undecided.
   *
   * @return 0 to 65535, and 255 in all built-in maps; never the category of a class
   */
  int ignoreIndex();

  /**
   * Returns the names of all classes.
   *
   * @return an unmodifiable list in the order of the categories
   */
  List<String> names();

  /**
   * Parses class names as they are written on a model card.
   *
   * @param value a data set, such as {@code voc}, or names separated by commas; a comma after a
   *     backslash belongs to a name
   * @return the map
   * @throws IllegalArgumentException if there are no names, or one is blank or occurs twice
   */
  static LabelMap parse(String value) {
    return CardValues.parseLabels(value);
  }

  /**
   * Creates a label map whose ignore index is 255, or 65535 if there are more than 255 classes.
   *
   * @param names the classes' names in the order of the categories, each once
   * @return the map
   * @throws IllegalArgumentException if there are no names, or one is blank or occurs twice
   */
  static LabelMap of(List<String> names) {
    return of(names, names.size() <= 255 ? 255 : 65535);
  }

  /**
   * Creates a label map.
   *
   * @param names the classes' names in the order of the categories, each once
   * @param ignoreIndex the category of void pixels, above those of the classes
   * @return the map
   * @throws IllegalArgumentException if there are no names, one is blank or occurs twice, or the
   *     ignore index is a class or above 65535
   */
  static LabelMap of(List<String> names, int ignoreIndex) {
    return new ListLabelMap(names, ignoreIndex);
  }

  /**
   * The 20 classes of PASCAL VOC 2012 and background.
   *
   * @return the map
   */
  static LabelMap voc() {
    return BuiltInLabels.VOC.labels();
  }

  /**
   * The 19 training classes of Cityscapes, by the train ids of cityscapesScripts.
   *
   * @return the map
   */
  static LabelMap cityscapes() {
    return BuiltInLabels.CITYSCAPES.labels();
  }

  /**
   * The 11 classes of CamVid, and unlabeled.
   *
   * @return the map
   */
  static LabelMap camVid() {
    return BuiltInLabels.CAMVID.labels();
  }

  /**
   * The 150 classes of ADE20K's scene parsing benchmark, in its order, by their first names.
   * Benchmark masks have 1 for the first class and 0 for void; the first class here is 0.
   *
   * @return the map
   */
  static LabelMap ade20k() {
    return BuiltInLabels.ADE20K.labels();
  }
}
