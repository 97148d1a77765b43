package io.github.pixelwise.network.convert;

import io.github.pixelwise.network.internal.Pickle;
import io.github.pixelwise.network.internal.TorchArchive;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes programs as TorchScript for PyTorch 1.13 and newer: a zip archive with the source of a
 * class, a pickle of its only object, and a file for each weight. Only one weight at a time is in
 * memory.
 */
final class TorchScriptWriter {
  private TorchScriptWriter() {}

  /**
   * Writes a program.
   *
   * @param metadata the properties to store with it, as the extra file {@code card.properties}
   * @throws IllegalArgumentException if a weight is too large for the precision, or two weights
   *     have the same name in TorchScript
   */
  static void write(
      Program program, Precision precision, Map<String, String> metadata, OutputStream out)
      throws IOException {
    TorchScriptCode code = new TorchScriptCode(program, precision);
    List<Constant> constants = program.constants();
    TorchArchive archive = new TorchArchive(out);
    archive.add("code/__torch__.py", code.toString());
    archive.add("constants.pkl", emptyTuple());
    archive.add("data.pkl", module(code, constants, precision == Precision.FLOAT16));
    archive.add("extra/card.properties", properties(metadata));
    for (int i = 0; i < constants.size(); i++) {
      archive.add("data/" + i, constants.get(i).bytes(code.precisions().get(i)));
    }
    archive.finish();
  }

  private static String properties(Map<String, String> metadata) {
    return metadata.entrySet().stream()
        .map(entry -> entry.getKey() + " = " + entry.getValue().replace("\\", "\\\\") + "\n")
        .collect(Collectors.joining());
  }

  static byte[] emptyTuple() {
    return new Pickle().put(Pickle.Op.EMPTY_TUPLE, Pickle.Op.STOP).toByteArray();
  }

  /** A pickle that starts with an object of the class, without state. */
  static Pickle newObject() {
    return new Pickle()
        .global("__torch__", TorchScriptCode.CLASS)
        .put(Pickle.Op.EMPTY_TUPLE, Pickle.Op.NEW_OBJECT);
  }

  /** The module: a dict of its attributes, or the argument of {@code __setstate__}. */
  private static byte[] module(TorchScriptCode code, List<Constant> constants, boolean converted) {
    Pickle pickle = newObject();
    pickle.put(converted ? Pickle.Op.EMPTY_LIST : Pickle.Op.EMPTY_DICT, Pickle.Op.MARK);
    for (int i = 0; i < constants.size(); i++) {
      if (!converted) {
        pickle.text(code.attributes().get(i));
      }
      pickle.tensor(i, storage(code.precisions().get(i)), constants.get(i).shape());
    }
    if (!converted) {
      pickle.text("training").put(Pickle.Op.FALSE);
    }
    pickle.put(converted ? Pickle.Op.APPENDS : Pickle.Op.SET_ITEMS);
    return pickle.put(Pickle.Op.BUILD, Pickle.Op.STOP).toByteArray();
  }

  /** PyTorch's storage class for this precision. */
  private static String storage(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> "FloatStorage";
      case FLOAT16 -> "HalfStorage";
      case BFLOAT16 -> "BFloat16Storage";
    };
  }
}
