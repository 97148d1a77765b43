package io.github.pixelwise.network.checkpoint;

import io.github.pixelwise.network.checkpoint.PickleReader.Plain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The classes and functions that pickles of PyTorch may name, and what stands for them here: data
 * that does nothing. Any other is {@link Foreign}.
 */
final class TorchObjects {
  /** What stands for a class or function: what a call of it gives. */
  enum Effect {
    /** A dictionary, empty or of pairs. */
    DICTIONARY,
    /** An object of a class that TorchScript defines: it has attributes and nothing else. */
    MODULE,
    /** A tensor, from its storage. */
    TENSOR,
    /** A tensor that names its type itself. */
    TYPED_TENSOR,
    /** A tensor that is not read. */
    OTHER_TENSOR,
    /** The first argument. */
    FIRST,
    /** A value that no tensor needs. */
    OPAQUE
  }

  private static final Map<String, Effect> EFFECTS =
      Map.ofEntries(
          Map.entry("collections.OrderedDict", Effect.DICTIONARY),
          Map.entry("torch._utils._rebuild_tensor", Effect.TENSOR),
          Map.entry("torch._utils._rebuild_tensor_v2", Effect.TENSOR),
          Map.entry("torch._utils._rebuild_tensor_v3", Effect.TYPED_TENSOR),
          Map.entry("torch._utils._rebuild_qtensor", Effect.OTHER_TENSOR),
          Map.entry("torch._utils._rebuild_sparse_tensor", Effect.OTHER_TENSOR),
          Map.entry("torch._utils._rebuild_sparse_csr_tensor", Effect.OTHER_TENSOR),
          Map.entry("torch._utils._rebuild_meta_tensor_no_storage", Effect.OTHER_TENSOR),
          Map.entry("torch.serialization._get_layout", Effect.OPAQUE),
          Map.entry("torch.per_tensor_affine", Effect.OPAQUE),
          Map.entry("torch.per_channel_affine", Effect.OPAQUE),
          Map.entry("torch._utils._rebuild_parameter", Effect.FIRST),
          Map.entry("torch._utils._rebuild_parameter_with_state", Effect.FIRST),
          Map.entry("torch.Size", Effect.FIRST),
          // What TorchScript writes around lists of numbers and values of declared types.
          Map.entry("torch.jit._pickle.build_intlist", Effect.FIRST),
          Map.entry("torch.jit._pickle.build_doublelist", Effect.FIRST),
          Map.entry("torch.jit._pickle.build_boollist", Effect.FIRST),
          Map.entry("torch.jit._pickle.build_tensorlist", Effect.FIRST),
          Map.entry("torch.jit._pickle.restore_type_tag", Effect.FIRST),
          // Beside the weights: a program's arguments, scores of numpy, milestones of a schedule.
          Map.entry("argparse.Namespace", Effect.OPAQUE),
          Map.entry("torch.device", Effect.OPAQUE),
          Map.entry("collections.Counter", Effect.OPAQUE),
          Map.entry("numpy.dtype", Effect.OPAQUE),
          Map.entry("numpy.core.multiarray.scalar", Effect.OPAQUE),
          Map.entry("numpy._core.multiarray.scalar", Effect.OPAQUE),
          Map.entry("numpy.ndarray", Effect.OPAQUE),
          Map.entry("numpy.core.multiarray._reconstruct", Effect.OPAQUE),
          Map.entry("numpy._core.multiarray._reconstruct", Effect.OPAQUE),
          Map.entry("_codecs.encode", Effect.OPAQUE));

  /** Python's own classes whose values no tensor needs. */
  private static final Set<String> VALUES = Set.of("set", "frozenset", "bytearray", "complex");

  /** The classes that TorchScript defines in the archive itself, by the package they are in. */
  private static final String TORCHSCRIPT = "__torch__.";

  private static final String MODULE = "module";

  /** A tensor may repeat what is stored, but to no more elements than this (64 MB of values). */
  private static final int MAX_REPEATED = 1 << 24;

  /** The longest name: it bounds what comparing two costs. */
  static final int MAX_NAME = 1000;

  private TorchObjects() {}

  /**
   * A class or function that is not known here, and whatever is made by it: passed over beside the
   * weights, refused among them, never built.
   */
  record Foreign(String module, String name) {
    // Two texts and not one: a hostile pickle can pair its names far more often than it has bytes.

    String fullName() {
      return module + "." + name;
    }
  }

  /** The class of storages with elements of a type; it is named, never called. */
  record StorageClass(ElementType type) {}

  /**
   * A run of bytes outside the pickle.
   *
   * @param key its name in the file
   * @param type what its elements are; UINT8 if it does not say
   * @param bytes its length
   * @param viewStart where the part begins that tensors refer to, in bytes
   * @param viewBytes the length of that part
   */
  record Storage(String key, ElementType type, long bytes, long viewStart, long viewBytes) {}

  /**
   * A tensor within a storage.
   *
   * @param start where its first element begins, in bytes of the whole storage
   */
  record Tensor(ElementType type, Storage storage, long start, TensorLayout layout) {
    /** The bytes from its first to its last element. */
    long bytes() {
      return layout.span() * type.bytes();
    }
  }

  /** What stands for a class, function or constant. */
  static Object global(String module, String name) throws IOException {
    String full = module + "." + name;
    Effect effect = EFFECTS.get(full);
    if (effect != null) {
      return effect;
    }
    if (full.startsWith(TORCHSCRIPT) && full.length() <= MAX_NAME) {
      return Effect.MODULE;
    }
    if ((module.equals("builtins") || module.equals("__builtin__")) && VALUES.contains(name)) {
      return Effect.OPAQUE;
    }
    if (full.equals("torch.storage.UntypedStorage")) {
      return new StorageClass(ElementType.UINT8);
    }
    if (module.equals("torch")) {
      Optional<ElementType> storage = ElementType.ofTorchStorage(name);
      if (storage.isPresent()) {
        return new StorageClass(storage.get());
      }
      Optional<ElementType> type = ElementType.ofName(name);
      if (type.isPresent()) {
        return type.get();
      }
    }
    if (full.length() > MAX_NAME) {
      throw refusal(full);
    }
    return new Foreign(module, name);
  }

  /** Whether it is nothing that a tensor needs, so that what is done to it does not matter. */
  static boolean isPassedOver(Object value) {
    return value == Plain.OPAQUE || value instanceof Foreign;
  }

  /** The error for a class or function that is not known, where it would have to be. */
  static IOException refusal(String name) {
    return new IOException(
        "it asks for "
            + Text.quote(name)
            + ", which is neither a tensor nor a plain container, and is refused; save the model's"
            + " state_dict() instead");
  }

  /** Whether it is an object of a class that TorchScript defines. */
  static boolean isModule(Object value) {
    return value instanceof PickleContainer container && container.kind().equals(MODULE);
  }

  /** What stands for the result of a call. */
  static Object build(Object function, Object argumentTuple) throws IOException {
    if (function instanceof Foreign) {
      return function;
    }
    if (!(function instanceof Effect effect)) {
      throw new IOException("something is called that is no function known here");
    }
    List<Object> arguments = items(argumentTuple);
    return switch (effect) {
      case DICTIONARY -> dictionary(arguments);
      case MODULE -> new PickleContainer(MODULE);
      case TENSOR -> {
        Storage storage = argument(arguments, 0, Storage.class);
        yield tensor(storage.type, storage, arguments, 6);
      }
      case TYPED_TENSOR -> {
        Storage storage = argument(arguments, 0, Storage.class);
        yield tensor(argument(arguments, 6, ElementType.class), storage, arguments, 7);
      }
      case OTHER_TENSOR -> Plain.OTHER_TENSOR;
      case FIRST -> argument(arguments, 0, Object.class);
      case OPAQUE -> Plain.OPAQUE;
    };
  }

  private static PickleContainer dictionary(List<Object> arguments) throws IOException {
    PickleContainer dictionary = new PickleContainer("dict");
    if (!arguments.isEmpty()) { // as Python 2 writes it
      PickleContainer pairs = argument(arguments, 0, PickleContainer.class);
      if (pairs.entries().isEmpty()) { // else they were sorted out for another dictionary
        for (Object pair : pairs.items()) {
          List<Object> keyAndValue = items(pair);
          String name = argument(keyAndValue, 0, String.class);
          pairs.put(requireShort(name), argument(keyAndValue, 1, Object.class));
        }
      }
      dictionary.shareEntries(pairs);
    }
    return dictionary;
  }

  /** Puts an entry into a dictionary; what has no name is left out, as no tensor is found there. */
  static void put(PickleContainer dictionary, Object key, Object value) throws IOException {
    if (key instanceof String name) {
      dictionary.put(requireShort(name), value);
    }
  }

  private static String requireShort(String name) throws IOException {
    if (name.length() > MAX_NAME) {
      throw new IOException(
          "a name has " + name.length() + " characters; expected at most " + MAX_NAME);
    }
    return name;
  }

  /**
   * Arguments: storage, offset, shape, strides; of what follows only {@code marks} changes the
   * values, the place of an argument that is mostly absent: marks for elements to be negated.
   */
  private static Object tensor(ElementType type, Storage storage, List<Object> arguments, int marks)
      throws IOException {
    if (!type.isReal()
        || (marks < arguments.size()
            && arguments.get(marks) instanceof PickleContainer container
            && !container.entries().isEmpty())) {
      return Plain.OTHER_TENSOR;
    }
    long offset = argument(arguments, 1, Long.class);
    TensorLayout layout =
        TensorLayout.of(
            numbers(argument(arguments, 2, Object.class)),
            numbers(argument(arguments, 3, Object.class)));
    long stored = storage.viewBytes / type.bytes();
    if (offset < 0 || layout.span() > stored || offset > stored - layout.span()) {
      throw new IOException(
          "a tensor of shape %s and strides %s from element %d on does not lie within its storage of %d elements"
              .formatted(layout.shape(), layout.strides(), offset, stored));
    }
    if (layout.elements() > Math.max(stored, MAX_REPEATED)) {
      throw new IOException(
          "a tensor of shape %s repeats %d stored elements; at most %d can be made of them"
              .formatted(layout.shape(), stored, MAX_REPEATED));
    }
    return new Tensor(type, storage, storage.viewStart + offset * type.bytes(), layout);
  }

  /**
   * What stands for a persistent id: a storage that lies outside the pickle, or the class of a
   * module, as the format before the zip archives has it.
   */
  static Object persistent(Object id) throws IOException {
    List<Object> parts = items(id);
    Object kind = argument(parts, 0, Object.class);
    if (kind.equals("module") && parts.size() > 1 && parts.get(1) instanceof Foreign module) {
      return module;
    }
    if (!kind.equals("storage")) {
      throw new IOException("a persistent id does not name a storage");
    }
    ElementType type = argument(parts, 1, StorageClass.class).type;
    String key = requireShort(argument(parts, 2, String.class));
    long bytes = bytes(argument(parts, 4, Long.class), type);
    boolean whole = parts.size() < 6 || parts.get(5) == Plain.NONE;
    if (whole) {
      return new Storage(key, type, bytes, 0, bytes);
    }
    List<Object> view = items(parts.get(5));
    long viewStart = bytes(argument(view, 1, Long.class), type);
    long viewBytes = bytes(argument(view, 2, Long.class), type);
    if (viewStart > bytes - viewBytes) {
      throw new IOException("a view of storage " + Text.quote(key) + " reaches beyond its end");
    }
    return new Storage(key, type, bytes, viewStart, viewBytes);
  }

  private static long bytes(long elements, ElementType type) throws IOException {
    if (elements < 0 || elements > Long.MAX_VALUE / type.bytes()) {
      throw new IOException("a storage cannot have " + elements + " elements");
    }
    return elements * type.bytes();
  }

  /** Sets an object's attributes. */
  static void setState(Object object, Object state) throws IOException {
    if (isPassedOver(object)) {
      return;
    }
    if (object instanceof PickleContainer container
        && state instanceof PickleContainer attributes
        && attributes.kind().equals("dict")) {
      // A dictionary may have attributes, too: PyTorch puts the versions of modules there.
      if (!container.kind().equals("dict")) {
        container.shareEntries(attributes);
      }
      return;
    }
    throw new IOException(
        Text.quote(object.toString()) + " has a state that is no dictionary of attributes");
  }

  private static List<Object> items(Object tuple) throws IOException {
    if (tuple instanceof PickleContainer container) {
      return container.items();
    }
    throw new IOException("a tuple or list was expected");
  }

  private static <T> T argument(List<Object> arguments, int index, Class<T> type)
      throws IOException {
    if (index < arguments.size() && arguments.get(index) instanceof Foreign foreign) {
      throw refusal(foreign.fullName());
    }
    if (index >= arguments.size() || !type.isInstance(arguments.get(index))) {
      throw new IOException(
          "argument %d of a call is missing or not a %s".formatted(index, type.getSimpleName()));
    }
    return type.cast(arguments.get(index));
  }

  private static List<Long> numbers(Object tuple) throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (Object item : items(tuple)) {
      if (!(item instanceof Long number)) {
        throw new IOException("a shape or stride is not a number");
      }
      numbers.add(number);
    }
    return numbers;
  }
}
