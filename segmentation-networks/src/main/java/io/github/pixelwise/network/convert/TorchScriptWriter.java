package io.github.pixelwise.network.convert;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes programs as TorchScript, for PyTorch 1.13 and newer: a zip archive with the source text of
 * a class, a pickle of its one object, and a file for each weight, written one after the other.
 */
final class TorchScriptWriter {
  /** Of the archive's format, the oldest: all that is used here means the same in it. */
  private static final String VERSION = "3\n";

  private TorchScriptWriter() {}

  /**
   * Writes a program.
   *
   * @param metadata what to say about it in the file: PyTorch finds it as the extra file {@code
   *     card.properties}
   * @throws IllegalArgumentException if a weight is too large for the precision, or two have one
   *     name in TorchScript
   */
  static void write(
      Program program, Precision precision, Map<String, String> metadata, OutputStream out)
      throws IOException {
    TorchScriptCode code = new TorchScriptCode(program, precision);
    List<Constant> constants = program.constants();
    TorchArchive archive = new TorchArchive(out);
    archive.add("version", bytes(VERSION));
    archive.add("code/__torch__.py", bytes(code.toString()));
    archive.add(
        "constants.pkl", new Pickle().put(Pickle.Op.EMPTY_TUPLE, Pickle.Op.STOP).toByteArray());
    archive.add("data.pkl", module(code, constants, precision == Precision.FLOAT16));
    archive.add("extra/card.properties", bytes(properties(metadata)));
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

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The module: a dict of its attributes, or what {@code __setstate__} takes. */
  private static byte[] module(TorchScriptCode code, List<Constant> constants, boolean converted) {
    Pickle pickle = new Pickle();
    pickle.global("__torch__", TorchScriptCode.CLASS);
    pickle.put(Pickle.Op.EMPTY_TUPLE, Pickle.Op.NEW_OBJECT);
    pickle.put(converted ? Pickle.Op.EMPTY_LIST : Pickle.Op.EMPTY_DICT, Pickle.Op.MARK);
    for (int i = 0; i < constants.size(); i++) {
      if (!converted) {
        pickle.text(code.attributes().get(i));
      }
      putTensor(pickle, i, constants.get(i), code.precisions().get(i));
    }
    if (!converted) {
      pickle.text("training").put(Pickle.Op.FALSE);
    }
    pickle.put(converted ? Pickle.Op.APPENDS : Pickle.Op.SET_ITEMS);
    return pickle.put(Pickle.Op.BUILD, Pickle.Op.STOP).toByteArray();
  }

  /** A tensor that asks for no gradient, over a storage of its own. */
  private static void putTensor(Pickle pickle, int key, Constant constant, Precision precision) {
    String storage =
        switch (precision) {
          case FLOAT32 -> "FloatStorage";
          case FLOAT16 -> "HalfStorage";
          case BFLOAT16 -> "BFloat16Storage";
        };
    pickle.global("torch._utils", "_rebuild_tensor_v2").put(Pickle.Op.MARK);
    pickle.put(Pickle.Op.MARK).text("storage").global("torch", storage);
    pickle.text(Integer.toString(key)).text("cpu").number(constant.size());
    pickle.put(Pickle.Op.TUPLE, Pickle.Op.PERSISTENT_ID);
    pickle.number(0).tuple(constant.shape()).tuple(strides(constant.shape()));
    pickle.put(Pickle.Op.FALSE).global("collections", "OrderedDict");
    pickle.put(Pickle.Op.EMPTY_TUPLE, Pickle.Op.REDUCE, Pickle.Op.TUPLE, Pickle.Op.REDUCE);
  }

  private static List<Integer> strides(List<Integer> shape) {
    List<Integer> strides = new ArrayList<>();
    int stride = 1;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      strides.add(0, stride);
      stride *= shape.get(axis);
    }
    return strides;
  }
}
