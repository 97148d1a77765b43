package io.github.pixelwise.network.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pixelwise.network.checkpoint.TorchObjects.Storage;
import io.github.pixelwise.network.checkpoint.TorchObjects.Tensor;
import io.github.pixelwise.network.internal.MappedFile;
import io.github.pixelwise.network.internal.Pickle;
import io.github.pixelwise.network.internal.TorchArchive;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** PyTorch's files: a pickle that refers to storages outside it. */
final class TorchFile {
  private static final Pattern PICKLE_ENTRY = Pattern.compile("[^/]+/data\\.pkl");

  /** The first pickle in the format before zip archives. */
  private static final BigInteger LEGACY_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

  private static final long LEGACY_VERSION = 1001;

  private static final String LITTLE_ENDIAN = "little";

  private TorchFile() {}

  /** Provides the bytes of storages. */
  @FunctionalInterface
  private interface Storages {
    /** Returns a tensor's bytes and verifies its storage as far as the format allows. */
    ByteBuffer bytes(Tensor tensor) throws IOException;
  }

  /** Writes a zip archive of a state dict. */
  static void write(Map<String, WeightTensor> tensors, OutputStream out) throws IOException {
    Pickle pickle = new Pickle().emptyOrderedDict().put(Pickle.Op.MARK);
    int key = 0;
    for (Map.Entry<String, WeightTensor> tensor : tensors.entrySet()) {
      pickle.text(tensor.getKey()).tensor(key++, "FloatStorage", tensor.getValue().shape());
    }
    byte[] pickled = pickle.put(Pickle.Op.SET_ITEMS, Pickle.Op.STOP).toByteArray();
    if (pickled.length > PickleReader.MAX_BYTES) {
      throw new IOException(
          "the pickle of %d tensors has %d bytes; at most %d can be read, so shorten the names or write several files"
              .formatted(tensors.size(), pickled.length, PickleReader.MAX_BYTES));
    }
    TorchArchive archive = new TorchArchive(out);
    archive.add("data.pkl", pickled);
    archive.add("byteorder", LITTLE_ENDIAN);
    key = 0;
    for (Map.Entry<String, WeightTensor> tensor : tensors.entrySet()) {
      archive.add("data/" + key++, FloatBytes.of(tensor.getKey(), tensor.getValue()));
    }
    archive.finish();
  }

  /** Reads a zip archive, of a state dict or of TorchScript. */
  static Contents readZip(MappedFile file) throws IOException {
    ZipDirectory zip = new ZipDirectory(file);
    List<String> pickles =
        zip.names().stream().filter(name -> PICKLE_ENTRY.matcher(name).matches()).toList();
    if (pickles.size() != 1) {
      throw new IOException(
          "it is a zip archive with %d entries named NAME/data.pkl; PyTorch's files have exactly one"
              .formatted(pickles.size()));
    }
    String pickle = pickles.get(0);
    String folder = pickle.substring(0, pickle.indexOf('/') + 1);
    requireLittleEndian(zip, folder + "byteorder");
    zip.check(pickle);
    ByteBuffer bytes = zip.slice(pickle, 0, Math.min(zip.size(pickle), PickleReader.MAX_BYTES));
    Object root = new PickleReader(bytes, "data.pkl").read();
    Set<String> checked = new HashSet<>();
    return map(
        file,
        root,
        tensor -> {
          Storage storage = tensor.storage();
          String entry = folder + "data/" + storage.key();
          if (zip.size(entry) != storage.bytes()) {
            throw new IOException(
                "the zip's entry %s has %d bytes instead of %d"
                    .formatted(Text.quote(entry), zip.size(entry), storage.bytes()));
          }
          if (checked.add(entry)) {
            zip.check(entry);
          }
          return zip.slice(entry, tensor.start(), tensor.bytes());
        });
  }

  private static void requireLittleEndian(ZipDirectory zip, String entry) throws IOException {
    if (zip.names().contains(entry)) {
      zip.check(entry);
      String order = UTF_8.decode(zip.slice(entry, 0, Math.min(zip.size(entry), 10))).toString();
      if (!order.equals(LITTLE_ENDIAN)) {
        throw new IOException(
            "its byte order is "
                + Text.quote(order)
                + "; expected 'little', so save it again on a little-endian machine");
      }
    }
  }

  /** Whether a file starts like the format before zip archives. */
  static boolean isLegacy(MappedFile file) throws IOException {
    try {
      ByteBuffer start = file.slice(0, Math.min(file.size(), 64), "the start");
      return new PickleReader(start, "the magic number").read().equals(LEGACY_MAGIC);
    } catch (IOException notAPickle) {
      return false;
    }
  }

  /**
   * Reads the format before zip archives: four pickles and then, for each storage, its number of
   * elements and its bytes.
   */
  static Contents readLegacy(MappedFile file) throws IOException {
    long most = Math.min(file.size(), PickleReader.MAX_BYTES);
    ByteBuffer in = file.slice(0, most, "the pickles");
    Object magic = new PickleReader(in, "the magic number").read();
    Object version = new PickleReader(in, "the version").read();
    if (!magic.equals(LEGACY_MAGIC) || !version.equals(LEGACY_VERSION)) {
      throw new IOException("its format does not have version " + LEGACY_VERSION);
    }
    requireLittleEndian(new PickleReader(in, "the system's description").read());
    PickleReader objects = new PickleReader(in, "the pickle of the tensors");
    Object root = objects.read();
    Object keys = new PickleReader(in, "the list of storages").read();
    Map<String, Long> starts = legacyStarts(file, in.position(), keys, objects.storages());
    return map(
        file,
        root,
        tensor -> {
          Long start = starts.get(tensor.storage().key());
          if (start == null) {
            throw new IOException(
                "the list of storages lacks " + Text.quote(tensor.storage().key()));
          }
          return file.slice(start + tensor.start(), tensor.bytes(), "a storage");
        });
  }

  private static void requireLittleEndian(Object system) throws IOException {
    if (system instanceof PickleContainer description
        && Boolean.FALSE.equals(description.entries().get("little_endian"))) {
      throw new IOException(
          "it was saved on a big-endian machine; save it again on a little-endian one");
    }
  }

  private static Map<String, Long> legacyStarts(
      MappedFile file, long first, Object keys, Map<String, Storage> storages) throws IOException {
    Map<String, Long> starts = new HashMap<>();
    long at = first;
    for (Object key : keys instanceof PickleContainer list ? list.items() : List.of()) {
      Storage storage = key instanceof String name ? storages.get(name) : null;
      if (storage == null || starts.containsKey(storage.key())) {
        throw new IOException(
            "the list of storages contains a duplicate or one that no tensor uses");
      }
      String what = "storage " + Text.quote(storage.key());
      long elements = file.slice(at, Long.BYTES, what).getLong(0);
      long expected = storage.bytes() / storage.type().bytes();
      if (elements != expected) {
        throw new IOException(
            "%s has %d elements instead of %d".formatted(what, elements, expected));
      }
      at += Long.BYTES;
      if (storage.bytes() > file.size() - at) {
        throw new IOException(
            "%s needs %d bytes, but the file has %d left: it is truncated or damaged"
                .formatted(what, storage.bytes(), file.size() - at));
      }
      starts.put(storage.key(), at);
      at += storage.bytes();
    }
    return starts;
  }

  private static Contents map(MappedFile file, Object root, Storages storages) throws IOException {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    StateDict found = StateDict.find(root);
    for (Map.Entry<String, Tensor> entry : found.tensors().entrySet()) {
      Tensor tensor = entry.getValue();
      tensors.put(
          entry.getKey(),
          new MappedTensor(file, tensor.type(), tensor.layout(), storages.bytes(tensor)));
    }
    return new Contents(tensors, found.passedOver());
  }
}
