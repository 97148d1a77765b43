package io.github.pixelwise.network.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles that nobody writes by accident. */
class HostilePickleTest {
  private static final int MANY = 50_000;

  @ParameterizedTest
  @CsvSource({
    "posix, system",
    "builtins, eval",
    "__builtin__, getattr",
    "torch, load",
    "torch.storage, _load_from_bytes",
    "torch, FloatStorage.from_file",
    "torch, QUInt4x2Storage",
    "torchvision.models.segmentation.fcn, FCN",
    "torch.jit._pickle, build_everything",
    "__torch, Net"
  })
  void aClassOrFunctionIsRefusedByName(String module, String name) {
    String message = "'" + module + "." + name + "', which is neither a tensor nor a plain";
    assertThatIsRefused(new PickleBytes().global(module, name).text("touch x").op(0x85).ops("R"))
        .hasMessageContaining(message)
        .hasMessageContaining("save the model's state_dict() instead");
    assertThatIsRefused(new PickleBytes().text(module).text(name).op(0x93))
        .hasMessageContaining(message);
    assertThatIsRefused(
            new PickleBytes().ops("(").text("touch x").ops("i" + module + "\n" + name + "\n"))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"posix, system", "builtins, eval", "pathlib, PosixPath", "torch, load"})
  void aClassOrFunctionIsPassedOverBesideTheWeights(String module, String name) throws Exception {
    PickleBytes pickle = new PickleBytes().ops("}(").text("model").ops("}").text("weight");
    pickle.tensor(4, 0, 4, 1).ops("s").text("called").global(module, name).text("touch x");
    pickle.op(0x85).ops("R").text("made").global(module, name).ops(")").op(0x81).ops("}b");
    pickle.text("with names").global(module, name).ops(")}").op(0x92);
    pickle.text("list").global(module, name).ops(")RNa(NNe");
    pickle.text("dict").global(module, name).ops(")R(").text("weight").tensor(4, 0, 4, 1).ops("u");
    pickle.text("called again").global(module, name).ops(")R)R");

    Object root = read(pickle.ops("u"));

    assertThat(StateDict.find(root).tensors()).containsOnlyKeys("weight");
    Map<String, Object> entries = ((PickleContainer) root).entries();
    assertThat(entries.get("called")).isEqualTo(new TorchObjects.Foreign(module, name));
    assertThat(entries.get("dict")).isEqualTo(entries.get("called"));
  }

  @Test
  void aClassOrFunctionAmongTheWeightsIsRefused() {
    PickleBytes pickle = new PickleBytes().ops("}(").text("weight").tensor(4, 0, 4, 1);
    pickle.text("bias").global("torch._tensor", "_rebuild_from_type_v2").ops(")Ru");
    assertThatIsRefused(pickle)
        .hasMessageContaining("'bias' needs 'torch._tensor._rebuild_from_type_v2', which is");
  }

  @Test
  void aTensorIsNotMadeOfAnObject() {
    PickleBytes pickle = new PickleBytes().global("torch._utils", "_rebuild_tensor_v2").ops("(");
    pickle.ops("(").text("storage").global("torch", "QUInt4x2Storage").text("0").text("cpu");
    assertThatIsRefused(pickle.number(4).ops("tQ"))
        .hasMessageContaining("it needs 'torch.QUInt4x2Storage', which is neither a tensor");
  }

  @Test
  void namesOfClassesThatThePickleCanPairAreNotCopied() throws Exception {
    // 100,000 classes from one module and one name of 900 letters each: 180 MB if each were a text
    PickleBytes pickle = new PickleBytes().text("m".repeat(450)).ops("q").op(0);
    pickle.text("n".repeat(450)).ops("q").op(1).ops("0(");
    for (int i = 0; i < 100_000; i++) {
      pickle.ops("h").op(0).ops("h").op(1).op(0x93);
    }

    List<Object> classes = ((PickleContainer) read(pickle.ops("t"))).items();

    assertThat(classes).hasSize(100_000);
    TorchObjects.Foreign first = (TorchObjects.Foreign) classes.get(0);
    TorchObjects.Foreign last = (TorchObjects.Foreign) classes.get(99_999);
    assertThat(last.module()).isSameAs(first.module());
    assertThat(last.name()).isSameAs(first.name());
  }

  @Test
  void aNameInAMessageIsShortAndHasNoControlCharacters() {
    assertThatIsRefused(new PickleBytes().global("\u001b[31m\u202e" + "x".repeat(MANY), "y"))
        .hasMessageContaining("'?[31m?xxx")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
  }

  @Test
  void theClassOfAStorageIsNotCalled() {
    assertThatIsRefused(
            new PickleBytes().global("torch", "FloatStorage").number(9).op(0x85).ops("R"))
        .hasMessageContaining("it calls something that is not a known function");
  }

  @Test
  void aTextIsNotCalled() {
    assertThatIsRefused(new PickleBytes().text("eval").ops(")R"))
        .hasMessageContaining("it calls something that is not a known function");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "]", "(l", "}", ")"})
  void deepNestingIsNoProblem(String opener) throws Exception {
    PickleBytes pickle = new PickleBytes();
    for (int i = 0; i < MANY; i++) {
      pickle.ops(opener);
    }
    for (int i = 0; i < MANY && !opener.equals("("); i++) {
      pickle.op(0x85); // a tuple of the tuple so far
    }
    if (opener.equals("(")) {
      pickle.ops("t".repeat(MANY));
    }

    assertThat(read(pickle)).isInstanceOf(PickleContainer.class);
    assertThatThrownBy(() -> StateDict.find(read(pickle)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it contains no dictionary of tensors, but no named values");
  }

  @Test
  void aListThatHoldsItselfIsNotFollowed() throws Exception {
    PickleContainer list =
        (PickleContainer) read(new PickleBytes().ops("]q").op(0).ops("h").op(0).ops("a"));

    assertThat(list.items()).containsExactly(list);
    assertThatIsRefused(new PickleBytes().ops("}q").op(0).text("model").ops("h").op(0).ops("s"))
        .hasMessageContaining("only the keys 'model'");
  }

  @Test
  void doublingThroughTheMemoDoesNotExpand() {
    // [[[...] [...]] [[...] [...]]]: 2^1000 lists if each were another
    PickleBytes lists = new PickleBytes().ops("]q").op(0);
    PickleBytes modules =
        new PickleBytes().global("__torch__", "M").ops(")").op(0x81).ops("q").op(0);
    for (int i = 0; i < 1000; i++) {
      lists.ops("0](h").op(0).ops("h").op(0).ops("eq").op(0);
      modules.ops("0").global("__torch__", "M").ops(")").op(0x81).ops("}(");
      modules.text("a").ops("h").op(0).text("b").ops("h").op(0).ops("ubq").op(0);
    }

    assertThatIsRefused(lists).hasMessageContaining("no named values");
    assertThatIsRefused(modules)
        .hasMessageContaining("modules are nested more than 100 levels deep");
  }

  @Test
  void pathsThatDoubleAtEachOfAFewLevelsAreBounded() {
    PickleBytes modules =
        new PickleBytes().global("__torch__", "M").ops(")").op(0x81).ops("q").op(0);
    for (int i = 0; i < 60; i++) {
      modules.ops("0").global("__torch__", "M").ops(")").op(0x81).ops("}(");
      modules.text("a").ops("h").op(0).text("b").ops("h").op(0).ops("ubq").op(0);
    }

    assertThatIsRefused(modules).hasMessageContaining("its names take more than 8388608 bytes");
  }

  @Test
  void entriesThatManyObjectsShareAreNotCopied() throws Exception {
    // A dictionary of 10,000 entries is the state of 10,000 objects, and of 10,000 dictionaries.
    PickleBytes pickle = new PickleBytes().ops("}(");
    for (int i = 0; i < 10_000; i++) {
      pickle.text("name" + i).ops("N");
    }
    pickle.ops("uq").op(0).global("__torch__", "M").ops("q").op(1);
    pickle.global("collections", "OrderedDict").ops("q").op(2).ops("](");
    for (int i = 0; i < 10_000; i++) {
      pickle.text("name" + i).op('N').op(0x86);
    }
    pickle.ops("eq").op(3).ops("(");
    for (int i = 0; i < 10_000; i++) {
      pickle.ops("h").op(1).ops(")").op(0x81).ops("h").op(0).ops("b");
      pickle.ops("h").op(2).ops("h").op(3).op(0x85).ops("R");
    }

    PickleContainer all = (PickleContainer) read(pickle.ops("t"));

    assertThat(all.items()).hasSize(20_000);
    assertThat(all.items())
        .allSatisfy(item -> assertThat(((PickleContainer) item).entries()).hasSize(10_000));
  }

  @Test
  void entriesThatManyContainersShareAreSearchedOnce() {
    // 60,000 names under each of 30,000 keys: 2^31 entries if each container had its own
    PickleBytes pickle = new PickleBytes().global("collections", "OrderedDict").ops("q").op(0);
    pickle.ops("}(");
    for (int i = 0; i < 60_000; i++) {
      pickle.ops("U").op(4).ops(Integer.toString(i + 36 * 36 * 36, 36)).ops("N");
    }
    pickle.ops("uq").op(1).ops("}(");
    for (int i = 0; i < 30_000; i++) {
      pickle.ops("U").op(4).ops(Integer.toString(i + 36 * 36 * 36, 36));
      pickle.ops("h").op(0).ops("h").op(1).op(0x85).ops("R");
    }

    assertThatIsRefused(pickle.ops("u"))
        .hasMessageContaining(
            "it contains no dictionary of tensors, but only the keys '1000, 1001,");
  }

  @Test
  void pairsWithoutNamesAreRefused() {
    PickleBytes pickle = new PickleBytes().global("collections", "OrderedDict");
    assertThatIsRefused(pickle.ops("]K").op(1).ops("N").op(0x86).ops("a").op(0x85).ops("R"))
        .hasMessageContaining("argument 0 of a call is missing or not a String");
  }

  @Test
  void aDictionaryOf200000NamesIsRead() throws Exception {
    PickleBytes pickle = new PickleBytes().ops("}(");
    for (int i = 0; i < 200_000; i++) {
      pickle.op(0x8c).op(5).ops(Integer.toString(i + 36 * 36 * 36 * 36, 36)).ops("N");
    }

    assertThat(((PickleContainer) read(pickle.ops("u"))).entries()).hasSize(200_000);
  }

  @ParameterizedTest
  @CsvSource({"q, 255", "r, -1", "r, 2147483647"})
  void aMemoIndexBeyondThePickleIsRefused(String opcode, int index) {
    PickleBytes pickle = new PickleBytes().ops("]" + opcode);
    assertThatIsRefused(opcode.equals("q") ? pickle.op(index) : pickle.int32(index))
        .hasMessageContaining("is beyond the length of the pickle");
  }

  @Test
  void aMemoIndexThatWasNeverSetIsRefused() {
    assertThatIsRefused(new PickleBytes().ops("j").int32(-1))
        .hasMessageContaining("memo index 4294967295 was never set (byte 2 of data.pkl)");
    assertThatIsRefused(new PickleBytes().ops("h").op(7))
        .hasMessageContaining("memo index 7 was never set");
  }

  @ParameterizedTest
  @ValueSource(longs = {100, 1L << 31, 1L << 40, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void aLengthBeyondThePickleIsRefusedBeforeAnythingIsMade(long length) {
    for (int opcode : new int[] {0x8d, 0x8e, 0x96}) {
      assertThatIsRefused(new PickleBytes().op(opcode).int64(length))
          .hasMessageContaining("data.pkl is truncated");
    }
    for (int opcode : new int[] {'X', 'B', 'T', 0x8b}) {
      assertThatIsRefused(new PickleBytes().op(opcode).int32((int) length | 0x40000000))
          .hasMessageContaining("data.pkl is truncated");
    }
  }

  @Test
  void tooManyContainersAreRefused() {
    PickleBytes pickle = new PickleBytes();
    for (int i = 0; i <= 1 << 17; i++) {
      pickle.op(']');
    }
    assertThatIsRefused(pickle)
        .hasMessageContaining("there are more than 131072 lists and dictionaries");
  }

  @Test
  void tensorsMadeAgainAndAgainFromTheMemoAreBounded() {
    PickleBytes made = new PickleBytes().tensor(4, 0, 4, 1).ops("0");
    made.global("torch._utils", "_rebuild_tensor_v2").ops("q").op(0).ops("(").storage(4);
    made.number(0).ops("(").number(4).ops("t(").number(1).ops("t").op(0x89).ops("Ntq").op(1);
    PickleBytes named = new PickleBytes().ops("}(").text("a").tensor(4, 0, 4, 1).ops("q").op(0);
    for (int i = 0; i < 1 << 15; i++) {
      made.ops("h").op(0).ops("h").op(1).ops("R");
      named.text("name" + i).ops("h").op(0);
    }
    assertThatIsRefused(made).hasMessageContaining("there are more than 32768 tensors");
    assertThatIsRefused(named.ops("u")).hasMessageContaining("it contains more than 32768 tensors");
  }

  @Test
  void longNamesOfClassesAndStoragesAreRefused() {
    String name = "x".repeat(1001);
    assertThatIsRefused(new PickleBytes().global("__torch__", name))
        .hasMessageContaining("it needs '__torch__.xxx");
    assertThatIsRefused(
            new PickleBytes()
                .ops("(")
                .text("storage")
                .global("torch", "FloatStorage")
                .text(name)
                .text("cpu")
                .number(1)
                .ops("tQ"))
        .hasMessageContaining("a name has 1001 characters; expected at most 1000");
  }

  @Test
  void aMissingValueOrMarkIsRefused() {
    assertThatIsRefused(new PickleBytes()).hasMessageContaining("a value is missing");
    assertThatIsRefused(new PickleBytes().ops("(0")).hasMessageContaining("a value is missing");
    assertThatIsRefused(new PickleBytes().ops("t")).hasMessageContaining("a mark is missing");
    assertThatIsRefused(new PickleBytes().ops("N}a"))
        .hasMessageContaining("something is added to 'NONE', which is not a list");
    assertThatIsRefused(new PickleBytes().ops(")N]s"))
        .hasMessageContaining("something is added to 'tuple', which is not a dict");
    assertThatIsRefused(new PickleBytes().ops("}(Nu"))
        .hasMessageContaining("a dictionary has a key without a value");
    assertThatIsRefused(new PickleBytes().ops("]]b"))
        .hasMessageContaining("'list' has a state that is not a dictionary of attributes");
    assertThatIsRefused(new PickleBytes().text("x".repeat(1001)).ops("N}"))
        .hasMessageContaining("no named values");
    assertThatIsRefused(new PickleBytes().ops("}").text("x".repeat(1001)).ops("Ns"))
        .hasMessageContaining("a name has 1001 characters; expected at most 1000");
  }

  @Test
  void textOpcodesAndOtherProtocolsAreRefused() {
    assertThatIsRefused(new PickleBytes().ops("I5\n"))
        .hasMessageContaining("opcode 0x49 is not used by PyTorch (byte 2 of data.pkl)");
    assertThatIsRefused(new PickleBytes().op(0x80).op(6))
        .hasMessageContaining("it uses pickle protocol 6; expected 2 to 5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "4 | 0 | 1152921504606846976 | 1 | cannot have shape [1152921504606846976] and strides [1]",
        "4 | 0 | 1152921504606846976 | 0 | cannot have shape [1152921504606846976] and strides [0]",
        "4611686018427387904 | 0 | 4 | 1 | a storage cannot have 4611686018427387904 elements",
        "-1 | 0 | 4 | 1 | a storage cannot have -1 elements",
        "4 | 0 | -4 | 1 | cannot have shape [-4] and strides [1]",
        "4 | 0 | 4 | -1 | cannot have shape [4] and strides [-1]",
        "4 | -1 | 4 | 1 | starting at element -1 exceeds its storage of 4 elements",
        "4 | 1 | 4 | 1 | starting at element 1 exceeds its storage of 4 elements",
        "4 | 0 | 5 | 1 | exceeds its storage of 4 elements",
        "4 | 0 | 4 | 2 | exceeds its storage of 4 elements",
        "4 | 9223372036854775807 | 4 | 1 | exceeds its storage of 4 elements",
        "4 | 0 | 4 | 9223372036854775807 | exceeds its storage of 4 elements",
        "4 | 0 | 2147483639 | 0 | repeats 4 stored elements; such a tensor can have at most 16777216 elements",
      })
  void aTensorBeyondItsStorageIsRefused(
      long storage, long offset, long length, long stride, String message) {
    assertThatIsRefused(new PickleBytes().tensor(storage, offset, length, stride))
        .hasMessageContaining(message);
  }

  @Test
  void aTensorOfTooManyElementsIsRefused() {
    PickleBytes pickle = new PickleBytes().global("torch._utils", "_rebuild_tensor_v2").ops("(");
    pickle.storage(4).number(0).ops("(").number(1 << 20).number(1 << 20).ops("t(");
    assertThatIsRefused(pickle.number(0).number(0).op('t').op(0x89).ops("NtR"))
        .hasMessageContaining(
            "[1048576, 1048576] has more elements than the 2147483639 of an array");
  }

  @Test
  void aTensorOfTooManyAxesIsRefused() {
    PickleBytes pickle = new PickleBytes().global("torch._utils", "_rebuild_tensor_v2").ops("(");
    pickle.storage(4).number(0).ops("(");
    for (int i = 0; i < 17; i++) {
      pickle.number(1);
    }
    assertThatIsRefused(pickle.ops("t(").number(1).op('t').op(0x89).ops("NtR"))
        .hasMessageContaining("a tensor has 17 axes and 1 strides");
  }

  @Test
  void oneStorageOfTwoLengthsIsRefused() {
    assertThatIsRefused(new PickleBytes().storage(4).storage(5))
        .hasMessageContaining(
            "storage '0' has 16 bytes of float32 in one place and 20 of float32 in another");
  }

  @Test
  void anyOtherPersistentIdIsRefused() {
    assertThatIsRefused(
            new PickleBytes()
                .ops("(")
                .text("module")
                .global("torch", "FloatStorage")
                .text("0")
                .text("cpu")
                .number(1)
                .ops("tQ"))
        .hasMessageContaining("a persistent id does not name a storage");
    assertThatIsRefused(new PickleBytes().text("id").ops("Q"))
        .hasMessageContaining("a tuple or list was expected");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_rebuild_qtensor",
        "_rebuild_sparse_tensor",
        "_rebuild_sparse_csr_tensor",
        "_rebuild_meta_tensor_no_storage"
      })
  void aTensorOfAnotherKindAmongTheWeightsIsRefused(String function) {
    PickleBytes pickle = new PickleBytes().ops("}(").text("weight").tensor(4, 0, 4, 1);
    pickle.text("scale").global("torch._utils", function).ops(")Ru");
    assertThatIsRefused(pickle)
        .hasMessage(
            "its tensor 'scale' is complex, quantized, sparse or has no values; expected a dense "
                + "tensor of real numbers");
  }

  @Test
  void aTensorWhoseElementsAreToBeNegatedIsRefused() {
    PickleBytes pickle = new PickleBytes().ops("}(").text("weight").tensor(4, 0, 4, 1);
    pickle.text("mirrored").global("torch._utils", "_rebuild_tensor_v2").ops("(").storage(4);
    pickle.number(0).ops("(").number(4).ops("t(").number(1).ops("t").op(0x89).ops("N}");
    assertThatIsRefused(pickle.text("neg").op(0x88).ops("stRu"))
        .hasMessageContaining("its tensor 'mirrored' is complex, quantized");
  }

  @Test
  void severalDictionariesOfTensorsAreToldApartByTheirKeys() throws Exception {
    PickleBytes pickle = new PickleBytes().ops("}(");
    for (String key : new String[] {"generator", "critic"}) {
      pickle.text(key).ops("}").text("weight").tensor(4, 0, 4, 1).ops("s");
    }
    assertThat(StateDict.find(read(pickle.ops("u"))).tensors())
        .containsOnlyKeys("generator.weight", "critic.weight");
  }

  @Test
  void weightsUnderManyKeysAreSearchedOnceAndTheirNamesBounded() {
    // 1,000 tensors under each of 20,000 keys
    PickleBytes pickle = new PickleBytes().ops("}(").text("weight").tensor(4, 0, 4, 1).ops("q");
    pickle.op(0);
    for (int i = 0; i < 1000; i++) {
      pickle.text("name" + i).ops("h").op(0);
    }
    pickle.ops("uq").op(1).ops("0}(");
    for (int i = 0; i < 20_000; i++) {
      pickle.text("key" + i).ops("}").text("model").ops("h").op(1).ops("s");
    }
    assertThatIsRefused(pickle.ops("u"))
        .hasMessageContaining("its names take more than 8388608 bytes");
  }

  @Test
  void theModelIsChosenBeforeItsAverageAndItsScore() throws Exception {
    PickleBytes pickle = new PickleBytes().ops("}(").text("score").tensor(4, 0, 1, 1);
    for (String key : new String[] {"model_ema", "model"}) {
      pickle.text(key).ops("}").text(key + ".weight").tensor(4, 0, 4, 1).ops("s");
    }
    StateDict found = StateDict.find(read(pickle.ops("u")));
    assertThat(found.tensors()).containsOnlyKeys("model.weight");
    assertThat(found.passedOver()).containsExactly("model_ema");
  }

  @Test
  void python2AndPyTorch2AreRead() throws Exception {
    // OrderedDict([["old", tensor], ["new", tensor]]): pairs, short strings and bytes as storage.
    PickleBytes pickle = new PickleBytes().global("collections", "OrderedDict").ops("](");
    pickle.ops("](U").op(3).ops("old").tensor(4, 1, 2, 1).ops("e");
    pickle.ops("](U").op(3).ops("new").global("torch._utils", "_rebuild_tensor_v3").ops("((");
    pickle.text("storage").global("torch.storage", "UntypedStorage").text("1").text("cpu");
    pickle.number(6).ops("tQ").number(1).ops("(").number(2).ops("t(").number(1).op('t');
    pickle.op(0x89).ops("N").global("torch", "bfloat16").ops("tRee").op(0x85).ops("R");

    Map<String, TorchObjects.Tensor> tensors = StateDict.find(read(pickle)).tensors();

    assertThat(tensors).containsOnlyKeys("old", "new");
    assertThat(tensors.get("new"))
        .hasToString(
            "Tensor[type=bfloat16, storage=Storage[key=1, type=uint8, bytes=6, viewStart=0,"
                + " viewBytes=6], start=2, layout=TensorLayout[shape=[2], strides=[1], elements=2,"
                + " span=2]]");
  }

  private static Object read(PickleBytes pickle) throws IOException {
    return new PickleReader(ByteBuffer.wrap(pickle.bytes()), "data.pkl").read();
  }

  private static AbstractThrowableAssert<?, ?> assertThatIsRefused(PickleBytes pickle) {
    return assertThatThrownBy(() -> StateDict.find(read(pickle))).isInstanceOf(IOException.class);
  }
}
