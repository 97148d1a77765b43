package io.github.pixelwise.network.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are no checkpoints, not whole, changed, or made to harm. */
class DamagedCheckpointTest {
  /** Where in an entry of the directory the place of its data is. */
  private static final int START = 42;

  @TempDir private Path folder;

  @Test
  void aMissingFileAndAFolderAreRefused() {
    Path missing = folder.resolve("missing.pth");
    assertThatThrownBy(() -> Checkpoint.read(missing))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot read the checkpoint " + missing + ": there is no such file");
    assertThatThrownBy(() -> Checkpoint.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot read the checkpoint " + folder + ": it is not a file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                            | it is empty",
        "ffd8ffe000104a464946          | it is a JPEG picture",
        "0807120770797463686f          | it is probably an ONNX file, which the backends open directly",
        "894844460d0a1a0a              | it is an HDF5 file",
        "3c21444f43545950452068746d6c  | it is a web page or XML",
        "76657273696f6e2068747470733a2f| it is a Git LFS pointer",
        "80027d712e                    | it begins with the bytes 80 02 7d 71 2e",
        "00                            | it begins with the bytes 00",
        "08                            | it begins with the bytes 08"
      })
  void aFileOfAnotherKindIsNamed(String hex, String message) throws Exception {
    assertThatIsRefused(HexFormat.of().parseHex(hex))
        .hasMessageContaining(message)
        .hasMessageContaining("expected a state dict or TorchScript archive of PyTorch")
        .hasMessageContaining(folder.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"types.pth", "zip64.pth", "views-legacy.pth", "types.safetensors"})
  void aFileThatIsCutIsRefusedWhereverItEnds(String name) throws Exception {
    byte[] whole = Files.readAllBytes(Samples.path(name));
    for (int length = 0; length < whole.length; length += 11) {
      assertThatIsRefused(Arrays.copyOf(whole, length)).hasMessageContaining(folder.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "types.pth, it is truncated",
    "views-legacy.pth, it is truncated or damaged",
    "types.safetensors, the file is truncated or damaged"
  })
  void aFileThatLacksItsEndSaysSo(String name, String message) throws Exception {
    byte[] whole = Files.readAllBytes(Samples.path(name));
    assertThatIsRefused(Arrays.copyOf(whole, whole.length - 3)).hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"views.pth", "zip64.pth", "scripted.pt"})
  void aChangedByteOfAnArchiveIsFoundOrDoesNotMatter(String name) throws Exception {
    byte[] whole = Files.readAllBytes(Samples.path(name));
    Map<String, String> expected = read(whole);
    int step = 1 + whole.length / 300;
    int found = 0;
    for (int i = 0; i < whole.length; i += step) {
      byte[] changed = whole.clone();
      changed[i] ^= (byte) (1 << i / step % 8);
      try {
        assertThat(read(changed)).as("byte %d changed", i).isEqualTo(expected);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining(folder.toString());
        found++;
      }
    }
    assertThat(found).isGreaterThan(whole.length / step / 10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"training-legacy.pth", "slices-legacy.pth", "types.safetensors"})
  void aChangedByteOfAFileWithoutChecksumsGivesAnErrorOrACheckpoint(String name) throws Exception {
    byte[] whole = Files.readAllBytes(Samples.path(name));
    int step = 1 + whole.length / 300;
    int found = 0;
    for (int i = 0; i < whole.length; i += step) {
      byte[] changed = whole.clone();
      int bit = i / step % 9;
      changed[i] ^= (byte) (bit == 8 ? 0xff : 1 << bit);
      try {
        assertThat(read(changed)).as("byte %d changed", i).isNotEmpty();
      } catch (IOException e) {
        assertThat(e).hasMessageContaining(folder.toString());
        found++;
      }
    }
    assertThat(found).isGreaterThan(whole.length / step / 10);
  }

  @Test
  void aTamperedWeightIsFoundByItsChecksum() throws Exception {
    byte[] archive = archive(1.5f).bytes();
    int at = new String(archive, ISO_8859_1).indexOf("net/data/0") + "net/data/0".length();

    assertThat(read(archive)).containsEntry("weight", "float32 [1] [1.5]");
    assertThatIsRefused(ZipBytes.putInt(archive, at, Float.floatToIntBits(2)))
        .hasMessageContaining("the zip's entry 'net/data/0' has checksum ")
        .hasMessageContaining("it is damaged; copy or download the file again");
  }

  @Test
  void aBigEndianArchiveIsRefused() throws Exception {
    assertThat(read(archive(1).stored("net/byteorder", "little".getBytes(UTF_8)).bytes()))
        .containsOnlyKeys("weight");
    assertThatIsRefused(archive(1).stored("net/byteorder", "big".getBytes(UTF_8)).bytes())
        .hasMessageContaining("its byte order is 'big'; expected 'little'");
  }

  @Test
  void aZipWithoutAPickleOrWithTwoIsRefused() throws Exception {
    assertThatIsRefused(new ZipBytes().stored("array.npy", new byte[9]).bytes())
        .hasMessageContaining(
            "a zip archive with 0 entries named NAME/data.pkl; PyTorch's files have exactly one");
    assertThatIsRefused(archive(1).stored("other/data.pkl", new byte[9]).bytes())
        .hasMessageContaining("a zip archive with 2 entries named NAME/data.pkl");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "net/../../evil", "/etc/passwd", "..\\evil", "net/.."})
  void aNameThatLeadsOutOfTheArchiveIsRefused(String name) throws Exception {
    assertThatIsRefused(archive(1).stored(name, new byte[1]).bytes())
        .hasMessageContaining("the zip's entry '" + name + "' points outside the archive");
  }

  @Test
  void aNameThatOccursTwiceIsRefused() throws Exception {
    byte[] archive = archive(1).stored("net/data/X", new byte[4]).bytes();
    assertThatIsRefused(ZipBytes.replace(archive, "net/data/X", "net/data/0"))
        .hasMessageContaining("the zip lists 'net/data/0' twice");
  }

  @Test
  void compressedWeightsAreRefused() throws Exception {
    byte[] bomb = new byte[1 << 20];
    byte[] pickle = stateDict(bomb.length / Float.BYTES);
    ZipBytes zip = new ZipBytes().stored("net/data.pkl", pickle).deflated("net/data/0", bomb);
    assertThatIsRefused(zip.bytes())
        .hasMessageContaining(
            "entry 'net/data/0' is compressed or encrypted, unlike PyTorch's files");
    assertThatIsRefused(new ZipBytes().deflated("net/data.pkl", bomb).bytes())
        .hasMessageContaining("entry 'net/data.pkl' is compressed or encrypted");
  }

  @Test
  void entriesThatOverlapAreRefused() throws Exception {
    byte[] archive = archive(1).stored("net/data/1", new byte[4]).bytes();
    int weight = ZipBytes.header(archive, "net/data/0");
    int other = ZipBytes.header(archive, "net/data/1");
    int start = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN).getInt(weight + START);

    assertThatIsRefused(ZipBytes.putInt(archive, other + START, start))
        .hasMessageContaining("entry 'net/data/1' overlaps another");
    assertThatIsRefused(ZipBytes.putInt(ZipBytes.putInt(archive, weight + 20, 9), weight + 24, 9))
        .hasMessageContaining("overlaps another");
    assertThatIsRefused(ZipBytes.putInt(ZipBytes.putInt(archive, other + 20, 99), other + 24, 99))
        .hasMessageContaining("entry 'net/data/1' overlaps the zip's directory");
  }

  @Test
  void anEntryOfAnotherLengthThanItsStorageIsRefused() throws Exception {
    ZipBytes zip = new ZipBytes().stored("net/data.pkl", stateDict(1L << 60));
    assertThatIsRefused(zip.stored("net/data/0", new byte[8]).bytes())
        .hasMessageContaining("'net/data/0' has 8 bytes instead of 4611686018427387904");
    assertThatIsRefused(new ZipBytes().stored("net/data.pkl", stateDict(4)).bytes())
        .hasMessageContaining("the zip has no entry 'net/data/0'");
  }

  @Test
  void aHostilePickleInAnArchiveIsRefused() throws Exception {
    byte[] pickle =
        new PickleBytes().global("posix", "system").text("touch x").op(0x85).ops("R").bytes();
    assertThatIsRefused(new ZipBytes().stored("net/data.pkl", pickle).bytes())
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("it needs 'posix.system'");
  }

  @Test
  void aPickleThatIsTooLongIsRefused() throws Exception {
    byte[] marks = new PickleBytes().ops("(".repeat(1 << 21)).bytes();
    String message = " is truncated or has more than 2097152 bytes";
    assertThatIsRefused(new ZipBytes().stored("net/data.pkl", marks).bytes())
        .hasMessageContaining("data.pkl" + message);
    byte[] keys = new PickleBytes().ops("]").bytes();
    assertThatIsRefused(legacy(1001, marks, 1, keys, 1))
        .hasMessageContaining("the system's description" + message);
  }

  @Test
  void aLegacyFileThatContradictsItselfIsRefused() throws Exception {
    byte[] system = new PickleBytes().ops("}").bytes();
    byte[] bigEndian = new PickleBytes().ops("}").text("little_endian").op(0x89).ops("s").bytes();
    byte[] keys = new PickleBytes().ops("]").text("0").ops("a").bytes();
    byte[] twice = new PickleBytes().ops("](").text("0").text("0").ops("e").bytes();
    byte[] none = new PickleBytes().ops("]").bytes();

    assertThat(read(legacy(1001, system, 1, keys, 1))).containsOnlyKeys("weight");
    assertThatIsRefused(legacy(1002, system, 1, keys, 1))
        .hasMessageContaining("its format does not have version 1001");
    assertThatIsRefused(legacy(1001, bigEndian, 1, keys, 1))
        .hasMessageContaining(
            "saved on a big-endian machine; save it again on a little-endian one");
    assertThatIsRefused(legacy(1001, system, 1, keys, 2))
        .hasMessageContaining("storage '0' has 2 elements instead of 1");
    assertThatIsRefused(legacy(1001, system, 1L << 60, keys, 1L << 60))
        .hasMessageContaining("storage '0' needs 4611686018427387904 bytes, but the file has 4");
    assertThatIsRefused(legacy(1001, system, 1, twice, 1))
        .hasMessageContaining(
            "the list of storages contains a duplicate or one that no tensor uses");
    assertThatIsRefused(legacy(1001, system, 1, none, 1))
        .hasMessageContaining("the list of storages lacks '0'");
  }

  /** A file of the format before the zip archives, with one tensor. */
  private static byte[] legacy(
      long version, byte[] system, long storage, byte[] keys, long announced) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] magic = HexFormat.of().parseHex("80028a0a6cfc9c46f9206aa850192e");
    out.writeBytes(magic);
    out.writeBytes(new PickleBytes().number(version).bytes());
    out.writeBytes(system);
    out.writeBytes(stateDict(storage));
    out.writeBytes(keys);
    ByteBuffer data = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    out.writeBytes(data.putLong(announced).putFloat(1).array());
    return out.toByteArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1                  | header has 18446744073709551615 bytes; expected at most",
        "-9223372036854775808| header has 9223372036854775808 bytes; expected at most",
        "9223372036854775807 | header has 9223372036854775807 bytes; expected at most",
        "2000000             | the safetensors header needs 2000000 bytes starting at byte 8, but the file has"
      })
  void aSafetensorsHeaderBeyondTheFileIsRefused(long length, String message) throws Exception {
    assertThatIsRefused(safetensors(length, "{}", 0)).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                                         | lists no tensors",
        "{'__metadata__':{'a':'b'}}                                 | lists no tensors",
        "{'a':5}                                                    | the entry 'a' starts with VALUE_NUMBER_INT; expected START_OBJECT",
        "{'a':{}}                                                   | missing dtype, shape or data_offsets of 'a'",
        "{'a':{'dtype':'F8_E4M3','shape':[8],'data_offsets':[0,8]}} | the dtype 'F8_E4M3' of 'a' is not supported",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,9]}}     | the data_offsets [0, 9] of 'a' do not match float32 [2]",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}     | do not match",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}}    | do not match",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}     | its tensors have 4 bytes in total, but 8 bytes follow the header",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}    | its tensors have 12 bytes in total, but 8 bytes follow the header",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}     | 'a' starts at byte 4 of the data, but the previous tensor ends at 0",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | 'b' starts at byte 4",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':{}} | not valid JSON: Duplicate",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}    | cannot have shape [-2]",
        "{'a':{'dtype':'F32','shape':[1073741824,1073741824],'data_offsets':[0,8]}} | has more elements than the 2147483639 of an array",
        "{'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,8]}}  | not valid JSON",
        "{'a':{'dtype':'F32','shape':[1.5],'data_offsets':[0,8]}}   | the shape of 'a' starts with VALUE_NUMBER_FLOAT",
        "{'a':{'call':'eval'}}                                      | unknown key 'call' of 'a'",
        "{'a':                                                      | not valid JSON: Unexpected end-of-input",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} {}  | has data after the JSON object"
      })
  void aSafetensorsHeaderThatIsWrongIsRefused(String json, String message) throws Exception {
    String header = json.replace('\'', '"');
    assertThatIsRefused(safetensors(header.length(), header, 8)).hasMessageContaining(message);
  }

  @Test
  void deepJsonIsRefused() throws Exception {
    for (String start : new String[] {"{\"__metadata__\":", "{\"a\":{\"shape\":"}) {
      String header = start + "[".repeat(1_000_000);
      assertThatIsRefused(safetensors(header.length(), header, 8))
          .hasMessageContaining("cannot read the checkpoint");
      header = start + "{\"x\":".repeat(1_000_000);
      assertThatIsRefused(safetensors(header.length(), header, 8))
          .hasMessageContaining("cannot read the checkpoint");
    }
  }

  private static byte[] safetensors(long length, String header, int data) {
    return ByteBuffer.allocate(8 + header.length() + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(header.getBytes(UTF_8))
        .array();
  }

  /** An archive with one tensor of one element. */
  private static ZipBytes archive(float value) throws IOException {
    byte[] storage = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array();
    return new ZipBytes().stored("net/data.pkl", stateDict(1)).stored("net/data/0", storage);
  }

  /** The pickle of one tensor, of one element of a storage. */
  private static byte[] stateDict(long storage) {
    return new PickleBytes().ops("}").text("weight").tensor(storage, 0, 1, 1).ops("s").bytes();
  }

  private Map<String, String> read(byte[] content) throws IOException {
    Map<String, String> tensors = new LinkedHashMap<>();
    Checkpoint.read(Files.write(folder.resolve("file"), content))
        .tensors()
        .forEach(
            (name, tensor) -> tensors.put(name, tensor + " " + Arrays.toString(tensor.values())));
    return tensors;
  }

  private AbstractThrowableAssert<?, ?> assertThatIsRefused(byte[] content) {
    return assertThatThrownBy(() -> read(content)).isInstanceOf(IOException.class);
  }
}
