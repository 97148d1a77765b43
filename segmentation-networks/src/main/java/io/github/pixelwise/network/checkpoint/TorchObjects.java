package io.github.pixelwise.network.checkpoint;

import io.github.pixelwise.network.checkpoint.PickleReader.Plain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The classes and functions that PyTorch's pickles may name, and the inert data that replaces them.
 * Any other is {@link Foreign}.
 */
final class TorchObjects {
  /** The result of calling a known class or function. */
  enum Effect {
    /** A dictionary, empty or of pairs. */
    DICTIONARY,
    /** An object of a class defined by TorchScript, which has only attributes. */
    MODULE,
    /** A tensor, from its storage. */
    TENSOR,
    /** A tensor that names its type itself. */
    TYPED_TENSOR,
    /** An unsupported tensor. */
    OTHER_TENSOR,
    /** Its first argument. */
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
          // TorchScript's wrappers around lists of numbers and values of declared types.
          Map.entry("torch.jit._pickle.build_intlist", Effect.FIRST),
          Map.entry("torch.jit._pickle.build_doublelist", Effect.FIRST),
          Map.entry("torch.jit._pickle.build_boollist", Effect.FIRST),
          Map.entry("torch.jit._pickle.build_tensorlist", Effect.FIRST),
          Map.entry("torch.jit._pickle.restore_type_tag", Effect.FIRST),
          // Stored along with weights: a program's arguments, numpy metrics, milestones of a
          // schedule.
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

  /** Python's built-in classes whose values no tensor needs. */
  private static final Set<String> VALUES = Set.of("set", "frozenset", "bytearray", "complex");

  /** The packages of classes that TorchScript defines in the archive itself. */
  private static final String TORCHSCRIPT = "__torch__.";

  private static final String MODULE = "module";

  /** The most elements of a tensor that repeats stored elements (64 MB of values). */
  private static final int MAX_REPEATED = 1 << 24;

  /** The longest name, which limits the cost of comparing names. */
  static final int MAX_NAME = 1000;

  private TorchObjects() {}

  /**
   * An unknown class or function, or anything created by it. It is never built: among the weights
   * it is rejected, elsewhere it is skipped.
   */
  record Foreign(String module, String name) {
    // Two strings, not joined: a hostile pickle can pair its names far more often than it has
    // bytes.

    String fullName() {
      return module + "." + name;
    }
  }

  /** A storage class for a type of elements. It is only named, never called. */
  record StorageClass(ElementType type) {}

  /**
   * A sequence of bytes outside the pickle.
   *
   * @param key its name in the file
   * @param type the type of its elements; UINT8 if unknown
   * @param bytes its length
   * @param viewStart the start of the part that tensors refer to, in bytes
   * @param viewBytes the length of that part
   */
  record Storage(String key, ElementType type, long bytes, long viewStart, long viewBytes) {}

  /**
   * A tensor in a storage.
   *
   * @param start the position of its first element in the whole storage, in bytes
   */
  record Tensor(ElementType type, Storage storage, long start, TensorLayout layout) {
    /** The number of bytes from its first to its last element. */
    long bytes() {
      return layout.span() * type.bytes();
    }
  }

  /** Returns the replacement of a class, function or constant. */
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

  /** Whether no tensor needs the value, so that operations on it can be ignored. */
  static boolean isPassedOver(Object value) {
    return value == Plain.OPAQUE || value instanceof Foreign;
  }

  /** The error for an unknown class or function where only a known one is allowed. */
  static IOException refusal(String name) {
    return new IOException(
        "it needs "
            + Text.quote(name)
            + ", which is neither a tensor nor a plain container and is not allowed; save the "
            + "model's state_dict() instead");
  }

  /** Whether it is an object of a class defined by TorchScript. */
  static boolean isModule(Object value) {
    return value instanceof PickleContainer container && container.kind().equals(MODULE);
  }

  /** Returns the replacement of a call's result. */
  static Object build(Object function, Object argumentTuple) throws IOException {
    if (function instanceof Foreign) {
      return function;
    }
    if (!(function instanceof Effect effect)) {
      throw new IOException("it calls something that is not a known function");
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
    if (!arguments.isEmpty()) { // as written by Python 2
      PickleContainer pairs = argument(arguments, 0, PickleContainer.class);
      if (pairs.entries().isEmpty()) { // otherwise they were already used for another dictionary
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

  /**
   * Adds an entry to a dictionary. Entries without a string key are dropped, because their tensors
   * would have no name.
   */
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
   * Creates a tensor from the arguments storage, offset, shape and strides. Of the rest, only the
   * one at index {@code marks} affects the values: it is usually absent and marks elements to
   * negate.
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
          "a tensor of shape %s and strides %s starting at element %d exceeds its storage of %d elements"
              .formatted(layout.shape(), layout.strides(), offset, stored));
    }
    if (layout.elements() > Math.max(stored, MAX_REPEATED)) {
      throw new IOException(
          "a tensor of shape %s repeats %d stored elements; such a tensor can have at most %d elements"
              .formatted(layout.shape(), stored, MAX_REPEATED));
    }
    return new Tensor(type, storage, storage.viewStart + offset * type.bytes(), layout);
  }

  /**
   * Returns the replacement of a persistent id: a storage outside the pickle or, in the format
   * before zip archives, the class of a module.
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
      throw new IOException("a view of storage " + Text.quote(key) + " extends beyond its end");
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
      // A dictionary may also have attributes: PyTorch stores the versions of modules there.
      if (!container.kind().equals("dict")) {
        container.shareEntries(attributes);
      }
      return;
    }
    throw new IOException(
        Text.quote(object.toString()) + " has a state that is not a dictionary of attributes");
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
