package io.github.pixelwise.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Simulates machines by folders that hold empty files with the names of libraries. */
class CudaLibrariesTest {
  private static final String[] CUDA = {
    "libcudart.so.12", "libcublas.so.12", "libcublasLt.so.12", "libcurand.so.10"
  };

  @TempDir private Path root;
  private final Map<String, String> variables = new HashMap<>();

  private void add(String folder, String... files) throws IOException {
    Files.createDirectories(root.resolve(folder));
    for (String file : files) {
      Files.createFile(root.resolve(folder).resolve(file));
    }
  }

  private String missing() {
    return CudaLibraries.linux(root.toFile(), variables::get).missing().orElse("nothing");
  }

  @Test
  void listsEverythingOnAnEmptyMachine() {
    assertThat(missing())
        .isEqualTo(
            "libcuda.so.1 of the NVIDIA driver; libcudart.so.12, libcublas.so.12, libcublasLt.so.12,"
                + " libcurand.so.10 of CUDA 12; libcudnn.so.9 of cuDNN 9");
  }

  @Test
  void findsLibrariesInTrustedFolders() throws IOException {
    add("usr/lib/x86_64-linux-gnu", CUDA);
    add("usr/lib64", "libcuda.so.1");
    assertThat(missing()).isEqualTo("libcudnn.so.9 of cuDNN 9");

    add("lib", "libcudnn.so.9");
    assertThat(missing()).isEqualTo("nothing");
  }

  @Test
  void findsLibrariesOnTheLibraryPath() throws IOException {
    add("a", CUDA);
    add("b", "libcuda.so.1", "libcudnn.so.9");
    variables.put("LD_LIBRARY_PATH", root.resolve("a") + "::" + root.resolve("b") + ":/no/such");

    assertThat(missing()).isEqualTo("nothing");
  }

  @Test
  void findsLibrariesInTheCacheIfTheyStillExist() throws IOException {
    add("etc");
    try (InputStream cache =
        Objects.requireNonNull(CudaLibrariesTest.class.getResourceAsStream("ld.so.cache"))) {
      Files.copy(cache, root.resolve("etc/ld.so.cache"));
    }
    assertThat(missing()).startsWith("libcuda.so.1 of the NVIDIA driver; ");

    add("opt/driver", "libcuda.so.1");
    add("opt/cuda-13.0/lib", "libcudart.so.13");
    assertThat(missing()).startsWith("libcudart.so.12 (found libcudart.so.13), libcublas.so.12, ");
  }

  @Test
  void findsLibrariesThatTheProcessHasLoaded() throws IOException {
    add("opt/app", CUDA);
    add("opt/app", "libcuda.so.1");
    add("proc/self");
    StringBuilder maps = new StringBuilder("7f00-7f01 rw-p 00000000 00:00 0 \n");
    for (String library : CUDA) {
      maps.append("7f42c0000000-7f42c0021000 r-xp 00000000 fe:00 1234    /opt/app/")
          .append(library)
          .append('\n');
    }
    Files.writeString(root.resolve("proc/self/maps"), maps);

    assertThat(missing()).isEqualTo("libcuda.so.1 of the NVIDIA driver; libcudnn.so.9 of cuDNN 9");
  }

  @Test
  void namesFoldersWhereTheLoaderDoesNotLook() throws IOException {
    add("usr/lib64", "libcuda.so.1", "libcudnn.so.9");
    add("usr/local/cuda-12.4/lib64", CUDA);

    assertThat(missing())
        .isEqualTo(
            "libcudart.so.12, libcublas.so.12, libcublasLt.so.12, libcurand.so.10 of CUDA 12; some are in %s, which is not on LD_LIBRARY_PATH"
                .formatted(root.resolve("usr/local/cuda-12.4/lib64")));
  }

  @Test
  void ignoresDeadLinks() throws IOException {
    add("usr/lib64", CUDA);
    add("usr/lib64", "libcuda.so.1");
    Files.createSymbolicLink(root.resolve("usr/lib64/libcudnn.so.9"), Path.of("libcudnn.so.9.1.0"));

    assertThat(missing()).isEqualTo("libcudnn.so.9 of cuDNN 9");
  }

  @Test
  void searchesThePathOnWindows() throws IOException {
    add("windows/System32", "nvcuda.dll");
    add("cuda/bin", "cudart64_12.dll", "cublas64_12.dll", "cublasLt64_12.dll", "cudart64_110.dll");
    add("cudnn", "cudnn64_8.dll");
    variables.put("SystemRoot", root.resolve("windows").toString());
    variables.put("CUDA_PATH", root.resolve("cuda").toString());
    variables.put("PATH", root.resolve("no") + ";" + root.resolve("cudnn"));
    assertThat(CudaLibraries.windows(variables::get).missing())
        .hasValue(
            ("cudart64_12.dll (found cudart64_110.dll), cublas64_12.dll, cublasLt64_12.dll of CUDA"
                    + " 12; cudnn64_9.dll (found cudnn64_8.dll) of cuDNN 9; some are in %s, which is not on PATH")
                .formatted(root.resolve("cuda/bin")));

    add("cudnn", "cudnn64_9.dll");
    variables.merge("PATH", root.resolve("cuda/bin").toString(), (a, b) -> a + ";" + b);
    assertThat(CudaLibraries.windows(variables::get).missing()).isEmpty();
  }
}
