package io.github.pixelwise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Products;
import io.github.pixelwise.products.Recipe;
import io.github.pixelwise.server.Client.Part;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients of rembg's server get what they ask for. */
class RemoveTest {
  private static final String REMOVE = "/api/remove";

  private static Segmenter segmenter;
  private static SegmentationServer server;
  private static Client client;
  private static Products made;

  @BeforeAll
  static void start() throws IOException {
    segmenter = Segmenter.open();
    server = SegmentationServer.builder().segmenter(segmenter).port(0).start();
    client = new Client(server);
    Picture cat = Images.readPicture(Client.CAT, Images.MAX_PIXELS);
    made = Recipe.builder().build().apply(segmenter, cat);
  }

  @AfterAll
  static void stop() {
    server.close();
    segmenter.close();
  }

  private static HttpResponse<byte[]> remove(String query, String... fields) throws Exception {
    List<Part> parts = new ArrayList<>();
    parts.add(Part.file("file", "cat.png", Client.cat()));
    for (String field : fields) {
      parts.add(Part.field(field.split("=", 2)[0], field.split("=", 2)[1]));
    }
    return Client.send(client.form(REMOVE + query, parts.toArray(Part[]::new)));
  }

  private static BufferedImage image(HttpResponse<byte[]> response) throws IOException {
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("image/png");
    return Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(response.body())));
  }

  private static int[] alphas(BufferedImage image) {
    return image
        .getAlphaRaster()
        .getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null);
  }

  private static int[] grays(BufferedImage image) {
    return image.getRaster().getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null);
  }

  private static int[] values(AlphaMask alpha) {
    byte[] bytes = alpha.toByteArray();
    return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
  }

  @Test
  void cutsOutAsTheCommandDoes() throws Exception {
    ByteArrayOutputStream cutout = new ByteArrayOutputStream();
    made.write(Product.CUTOUT, cutout);

    assertThat(remove("").body()).isEqualTo(cutout.toByteArray());
  }

  @Test
  void answersWithTheMaskOnly() throws Exception {
    BufferedImage mask = image(remove("", "om=true"));

    assertThat(mask.getColorModel().getNumComponents()).isEqualTo(1);
    assertThat(grays(mask)).isEqualTo(values(made.alpha()));
  }

  @Test
  void makesTheMaskHardAndSmooth() throws Exception {
    int[] mask = grays(image(remove("?om=true&ppm=true")));

    assertThat(mask).containsOnly(0, 255).isNotEqualTo(values(made.alpha()));
    assertThat(differing(mask, values(made.alpha()), 128)).isLessThan(mask.length / 100);
  }

  /** How many pixels are on different sides of a threshold. */
  private static long differing(int[] a, int[] b, int threshold) {
    return IntStream.range(0, a.length)
        .filter(i -> (a[i] >= threshold) != (b[i] >= threshold))
        .count();
  }

  @Test
  void refinesEdgesByTheColorsOfThePhoto() throws Exception {
    int[] refined = alphas(image(remove("", "a=true")));

    assertThat(refined).isNotEqualTo(values(made.alpha()));
    assertThat(differing(refined, values(made.alpha()), 128)).isLessThan(refined.length / 20);
  }

  @Test
  void leavesMoreToTheColorsTheMoreItErodes() throws Exception {
    int[] little = alphas(image(remove("", "a=true", "ae=0")));
    int[] much = alphas(image(remove("", "a=true", "ae=40")));

    assertThat(differing(much, values(made.alpha()), 128))
        .isGreaterThan(differing(little, values(made.alpha()), 128));
  }

  @Test
  void putsAColorBehind() throws Exception {
    BufferedImage opaque = image(remove("?bgc=255,0,0,255"));
    BufferedImage half = image(remove("?bgc=255,0,0,128"));

    assertThat(opaque.getRGB(0, 0)).isEqualTo(0xffff0000);
    assertThat(alphas(opaque)).containsOnly(255);
    assertThat(half.getRGB(0, 0)).isEqualTo(0x80ff0000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?af=300 | parameter af: expected a whole number, 0 to 255, found \"300\"",
        "?ae=-1 | parameter ae: expected a whole number, 0 to 1000, found \"-1\"",
        "?a=maybe | parameter a: expected true or false, found \"maybe\"",
        "?bgc=red | parameter bgc: expected red, green, blue, and alpha as R,G,B,A, each 0 to 255,"
            + " found \"red\"",
        "?bgc=1,2,3 | parameter bgc: expected red, green, blue, and alpha as R,G,B,A, each 0 to"
            + " 255, found \"1,2,3\"",
        "?bgc=1,2,3,256 | parameter bgc: expected red, green, blue, and alpha as R,G,B,A, each 0"
            + " to 255, found \"1,2,3,256\"",
        "?model=u2net | model u2net is not served here; models are deeplabv3plus-mobilenetv2-voc",
        "?omm=true | unknown parameter omm (did you mean \"om\"?); parameters are model, a, af, ab,"
            + " ae, om, ppm, bgc, extras",
        "?extras=%7B%22a%22:1%7D | parameter extras is not supported; leave it out"
      })
  void saysWhatIsWrongWithAParameter(String query, String detail) throws Exception {
    HttpResponse<byte[]> response = remove(query);

    assertThat(Client.problem(response).getString("detail")).isEqualTo(detail);
    assertThat(response.statusCode()).isEqualTo(400);
  }
}
