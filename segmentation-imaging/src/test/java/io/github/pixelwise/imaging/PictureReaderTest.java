package io.github.pixelwise.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.RgbImage;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.imageio.IIOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plug-ins that warn, fail or know no better are understood. */
class PictureReaderTest {
  /** A plug-in that reads one picture of two pixels, or does what is set instead. */
  private static final class PlugIn extends ImageReader {
    private BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_3BYTE_BGR);
    private @Nullable Exception failure;
    private @Nullable String warning;
    private @Nullable BufferedImage destination;
    private boolean unusual;
    private boolean disposed;

    PlugIn() {
      super(null);
    }

    @Override
    public int getNumImages(boolean search) {
      return 1;
    }

    @Override
    public int getWidth(int index) {
      return image.getWidth();
    }

    @Override
    public int getHeight(int index) {
      return image.getHeight();
    }

    @Override
    public Iterator<ImageTypeSpecifier> getImageTypes(int index) {
      return unusual
          ? Collections.emptyIterator()
          : List.of(ImageTypeSpecifier.createFromRenderedImage(image)).iterator();
    }

    @Override
    public @Nullable IIOMetadata getStreamMetadata() {
      return null;
    }

    @Override
    public @Nullable IIOMetadata getImageMetadata(int index) {
      return null;
    }

    @Override
    public BufferedImage read(int index, @Nullable ImageReadParam param) throws IOException {
      destination = param == null ? null : param.getDestination();
      if (warning != null) {
        processWarningOccurred(warning);
      }
      if (failure instanceof IOException e) {
        throw e;
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      return destination == null ? image : destination;
    }

    @Override
    public void dispose() {
      disposed = true;
    }
  }

  private final PlugIn plugIn = new PlugIn();

  private RgbImage read() throws IOException {
    return read(ImageFormat.JPEG);
  }

  private RgbImage read(ImageFormat format) throws IOException {
    return new PictureReader(Failures.ofFile("photo.jpg"), 100)
        .read(new ByteArrayInput(new byte[9]), plugIn, Optional.of(format))
        .onWhite();
  }

  @ParameterizedTest
  @EnumSource(names = {"JPEG", "PNG"})
  void colourIsDecodedIntoTheArrayOfThePicture(ImageFormat format) throws IOException {
    RgbImage picture = read(format);
    Objects.requireNonNull(plugIn.destination).setRGB(1, 0, 0xc86432);
    assertThat(picture.rgb(1, 0)).isEqualTo(0xc86432);
  }

  @Test
  void plugInsOfOtherFormatsMakeTheirOwnImages() throws IOException {
    read(ImageFormat.WEBP);
    assertThat(plugIn.destination).isNull();
  }

  @Test
  void imagesOfOtherTypesAreLeftToThePlugIn() throws IOException {
    plugIn.image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    assertThat(read()).isEqualTo(RgbImage.of(2, 1, new byte[6]));
    assertThat(plugIn.destination).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Corrupt JPEG data: 12 extraneous bytes before marker 0xd9",
        "Embedded color profile is invalid; ignored",
        "Unknown Adobe color transform code 7"
      })
  void harmlessWarningsDoNotFailThePicture(String warning) throws IOException {
    plugIn.warning = warning;
    assertThat(read()).isEqualTo(RgbImage.of(2, 1, new byte[6]));
    assertThat(plugIn.disposed).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Corrupt JPEG data: bad Huffman code",
        "Corrupt JPEG data: premature end of data segment",
        "Corrupt JPEG data: found marker 0xd5 instead of RST4"
      })
  void warningsOfLostPixelsFailThePicture(String warning) {
    plugIn.warning = warning;
    assertThatThrownBy(this::read)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot read photo.jpg: it is damaged ("
                + warning
                + "). Copy or download it again. If another program opens it, save it there as"
                + " PNG.");
    assertThat(plugIn.disposed).isTrue();
  }

  @Test
  void aWarningOfAMissingEndSaysThatTheFileEndsEarly() {
    plugIn.warning = "Truncated File - Missing EOI marker";
    assertThatThrownBy(this::read)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot read photo.jpg: it ends early (Truncated File - Missing EOI marker). Copy or"
                + " download it again.");
  }

  @Test
  void runtimeExceptionsOfThePlugInBecomeIoExceptions() {
    plugIn.failure = new NegativeArraySizeException("-7");
    assertThatThrownBy(this::read)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "cannot read photo.jpg: it is damaged (java.lang.NegativeArraySizeException: -7). ")
        .hasCause(plugIn.failure);
    assertThat(plugIn.disposed).isTrue();
  }

  @Test
  void reportsTheInnermostReason() {
    plugIn.failure = new IIOException("Error reading image data", new EOFException("at byte 9"));
    assertThatThrownBy(this::read)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot read photo.jpg: it ends early (java.io.EOFException: at byte 9). Copy or"
                + " download it again.")
        .hasCause(plugIn.failure);
  }

  @Test
  void aLackOfMemoryIsNotBlamedOnTheFileAlone() {
    plugIn.failure = new IIOException("", new OutOfMemoryError("Java heap space"));
    assertThatThrownBy(this::read)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot read photo.jpg: it does not fit into the heap (java.lang.OutOfMemoryError: Java heap"
                + " space). Raise -Xmx; if the picture is small, it is damaged.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Unsupported JPEG data precision 12", "16-bit samples are not supported"})
  void whatThePlugInDoesNotSupportIsNotCalledDamaged(String reason) {
    plugIn.failure = new IIOException(reason);
    assertThatThrownBy(this::read)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot read photo.jpg: its kind of pixels (javax.imageio.IIOException: "
                + reason
                + ") is not supported by any plug-in here. Add com.twelvemonkeys.imageio:imageio-jpeg to the"
                + " class path, or convert it to PNG or JPEG.")
        .hasCause(plugIn.failure);
  }

  @Test
  void pixelsOfAnUnusualKindNameThePlugInToAdd() {
    plugIn.unusual = true;
    assertThatThrownBy(this::read)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot read photo.jpg: its kind of pixels (such as CMYK) is not supported by any plug-in here."
                + " Add com.twelvemonkeys.imageio:imageio-jpeg to the class path, or convert"
                + " it to PNG or JPEG.");
    assertThat(plugIn.disposed).isTrue();
  }
}
