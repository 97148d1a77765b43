package io.github.pixelwise.internal.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.model.ModelFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileContentTest {
  private static final String STATE_DICT = "\u0080\2ccollections\nOrderedDict\nq";

  @TempDir private Path folder;

  private Path file(String content) throws IOException {
    return Files.write(folder.resolve("model"), content.getBytes(ISO_8859_1));
  }

  /** A zip archive of entries, each a name and its content in turn. */
  private Path zip(String... entries) throws IOException {
    Path file = folder.resolve("archive");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (int i = 0; i < entries.length; i += 2) {
        zip.putNextEntry(new ZipEntry(entries[i]));
        zip.write(entries[i + 1].getBytes(ISO_8859_1));
      }
    }
    return file;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                  | it is empty: download it again",
        "version https://git-lfs.github.com/ | it is a Git LFS pointer, not the file itself, which git lfs pull fetches",
        "<!DOCTYPE html>                     | it is a web page or XML, perhaps an error that was downloaded instead: download it again",
        "Entry not found                     | it is a text file that begins with \"Entry not found\", perhaps an error that was downloaded instead: download it again",
        "{\"error\": \"gone\"}               | it is a text file that begins with \"{\"error\": \"gone\"}\", perhaps an error that was downloaded instead: download it again"
      })
  void whatWasDownloadedInsteadIsNamed(String content, String message) throws IOException {
    for (ModelFormat format : new ModelFormat[] {ModelFormat.ONNX, ModelFormat.TORCHSCRIPT}) {
      assertThat(FileContent.unlike(format, file(content))).hasValue(message);
    }
  }

  @Test
  void otherFormatsOfNetworksAreNamed() throws IOException {
    assertThat(FileContent.unlike(ModelFormat.ONNX, file("\u0010\0\0\0\0\0\0\0{\"w\":")))
        .hasValue(
            "it is a safetensors file, weights without a network: convert it with 'segment models"
                + " convert', or export the network with torch.onnx.export");
    assertThat(FileContent.unlike(ModelFormat.ONNX, file("\u001c\0\0\0TFL3\u0014\0")))
        .hasValue("it is a TensorFlow Lite file: convert it with 'segment models convert'");
    assertThat(FileContent.unlike(ModelFormat.ONNX, file("\u0080\2\u008a\nl\u00fc\u009cF")))
        .hasValue(
            "it is a pickle, as torch.save writes it: convert it with 'segment models convert' if it"
                + " holds weights, or export the network with torch.onnx.export");
    assertThat(FileContent.unlike(ModelFormat.TORCHSCRIPT, file("\b\7\22\7pytorch\32\0051.13")))
        .hasValue("it is probably an ONNX file: name it with the key file.onnx");
  }

  @Test
  void whatIsInAZipArchiveIsNamed() throws IOException {
    String[] script = {"m/data.pkl", "\u0080\2c__torch__\nM\n", "m/constants.pkl", ""};
    assertThat(FileContent.unlike(ModelFormat.TORCHSCRIPT, zip(script))).isEmpty();
    assertThat(FileContent.unlike(ModelFormat.ONNX, zip(script)))
        .hasValue("it is TorchScript: name it with the key file.torchscript, for backend djl");
    assertThat(FileContent.unlike(ModelFormat.TORCHSCRIPT, zip("m/data.pkl", STATE_DICT)))
        .hasValue(
            "it is a PyTorch checkpoint, weights without a network: convert it with 'segment models"
                + " convert', or export the network with torch.jit.script(model).save(\"model.pt\")");
    assertThat(
            FileContent.unlike(
                ModelFormat.TORCHSCRIPT, zip("m/data.pkl", "\u0080\2c__main__\nUNet\nq\0")))
        .hasValue(
            "it is a pickled object of the Python class __main__.UNet, which only Python can open:"
                + " export the network there with torch.jit.script(model).save(\"model.pt\")");
    for (String[] exported :
        new String[][] {
          {"serialized_exported_program.json", "{}", "version", "5"},
          {"m/archive_format", "pt2", "m/models/model.json", "{}"}
        }) {
      assertThat(FileContent.unlike(ModelFormat.TORCHSCRIPT, zip(exported)))
          .hasValue(
              "it is a torch.export program (.pt2), which no engine here reads: export the network"
                  + " with torch.jit.script(model).save(\"model.pt\")");
    }
    assertThat(FileContent.unlike(ModelFormat.ONNX, zip("unet/model.onnx", "")))
        .hasValue("it is a zip archive that holds unet/model.onnx: unpack it");
    assertThat(FileContent.unlike(ModelFormat.ONNX, zip("readme.txt", "")))
        .hasValue("it is a zip archive without a supported network");
  }

  @Test
  void aZipArchiveWithoutItsEndIsCutShort() throws IOException {
    byte[] whole = Files.readAllBytes(zip("m/constants.pkl", "", "m/data.pkl", STATE_DICT));
    Path half = Files.write(folder.resolve("half"), Arrays.copyOf(whole, whole.length / 2));

    assertThat(FileContent.unlike(ModelFormat.TORCHSCRIPT, half))
        .hasValue("it is a truncated zip archive: download it again");
  }

  @Test
  void whatMayBeANetworkIsLeftToTheEngine() throws IOException {
    assertThat(FileContent.unlike(ModelFormat.ONNX, file("\b\7\22\7pytorch\32\0051.13"))).isEmpty();
    assertThat(FileContent.unlike(ModelFormat.ONNX, file("\u0018\0\0\0ORTM\0\0"))).isEmpty();
    assertThat(FileContent.unlike(new ModelFormat("other"), file("a text"))).isEmpty();
  }
}
