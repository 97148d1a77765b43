package io.github.pixelwise.network.convert;

import io.github.pixelwise.network.internal.Pickle;
import io.github.pixelwise.network.internal.TorchArchive;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A TorchScript file with code and without weights. */
public final class TorchScriptFile {
  private TorchScriptFile() {}

  /**
   * Writes a module whose methods are given as text.
   *
   * @param methods the source of the methods as PyTorch writes it to files, indented by two spaces,
   *     with {@code forward} among them
   * @param out the stream; it stays open
   * @throws IOException if it cannot be written
   */
  public static void write(String methods, OutputStream out) throws IOException {
    TorchArchive archive = new TorchArchive(out);
    archive.add("code/__torch__.py", TorchScriptCode.classOf(List.of()) + methods);
    archive.add("constants.pkl", TorchScriptWriter.emptyTuple());
    Pickle module = TorchScriptWriter.newObject();
    module.put(Pickle.Op.EMPTY_DICT, Pickle.Op.MARK).text("training").put(Pickle.Op.FALSE);
    module.put(Pickle.Op.SET_ITEMS, Pickle.Op.BUILD, Pickle.Op.STOP);
    archive.add("data.pkl", module.toByteArray());
    archive.finish();
  }
}
