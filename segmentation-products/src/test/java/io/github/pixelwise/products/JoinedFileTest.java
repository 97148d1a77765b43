package io.github.pixelwise.products;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.SegmentationResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinedFileTest {
  private static final LabelMap LABELS = LabelMap.of(List.of("back, \"ground\"", "cat"));
  private static final String HEADER =
      "photograph,class,pixels,share,box_x,box_y,box_width,box_height,centroid_x,centroid_y,"
          + "mean_confidence\r\n";

  @TempDir private Path folder;

  /** Two cats and a void pixel, in a picture of 3 x 2. */
  private static SegmentationResult result() {
    return SegmentationResult.builder(
            CategoryMask.copyOf(3, 2, new int[] {0, 1, 0, 0, 1, 255}), LABELS, Palette.voc())
        .confidence(ConfidenceMap.of(3, 2, new byte[] {51, -1, 51, 0, 0, 102}))
        .build();
  }

  private Path summary(String photograph) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Summary.write(photograph, result(), out);
    return Files.write(folder.resolve("part" + photograph.length()), out.toByteArray());
  }

  private static String joined(Product product, Path... files) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JoinedFile.write(product, List.of(files), LABELS, Palette.voc(), out);
    return out.toString(UTF_8);
  }

  @Test
  void aSummaryHasARowForEachClassOfEachPhotograph() throws IOException {
    assertThat(joined(Product.SUMMARY, summary("é.png"), summary("b\n.png")))
        .isEqualTo(
            HEADER
                + "é.png,\"back, \"\"ground\"\"\",3,0.500000,0,0,3,2,1.17,0.83,0.1333\r\n"
                + "é.png,cat,2,0.333333,1,0,1,2,1.50,1.00,0.5000\r\n"
                + "é.png,void,1,0.166667,2,1,1,1,2.50,1.50,0.4000\r\n"
                + "\"b\n.png\",\"back, \"\"ground\"\"\",3,0.500000,0,0,3,2,1.17,0.83,0.1333\r\n"
                + "\"b\n.png\",cat,2,0.333333,1,0,1,2,1.50,1.00,0.5000\r\n"
                + "\"b\n.png\",void,1,0.166667,2,1,1,1,2.50,1.50,0.4000\r\n");
  }

  @Test
  void withoutPhotographsThereIsOnlyAFrame() throws IOException {
    assertThat(joined(Product.SUMMARY)).isEqualTo(HEADER);
    assertThat(joined(Product.COCO)).contains("\"annotations\":[],\"images\":[],");
    assertThat(joined(Product.CVAT)).endsWith("</annotations>\n");
  }

  @Test
  void otherFilesAreNotJoined() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.txt"), "a,b\r\n");

    assertThatThrownBy(() -> joined(Product.SUMMARY, text))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot add %s: it is no summary", text);
    assertThatThrownBy(() -> joined(Product.COCO, text))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot add " + text + ": ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> joined(Product.MASK, text))
        .withMessage("files of MASK cannot be joined");
  }
}
