package io.github.pixelwise.server;

import io.github.pixelwise.AlphaMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.postprocess.Alpha;
import io.github.pixelwise.postprocess.Compositing;
import io.github.pixelwise.postprocess.Foreground;
import io.github.pixelwise.postprocess.GaussianBlur;
import io.github.pixelwise.postprocess.Morphology;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Recipe;
import java.io.IOException;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * Removes the background of a photo as rembg's server does.
 *
 * @param photos decodes the photo
 * @param parameters what the client wants
 * @param photo the photo's file
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RemoveWork(PhotoWork photos, RemoveParameters parameters, byte[] photo) implements Job.Work {
  /** rembg's own numbers for post-processing. */
  private static final int OPENING = 1;

  private static final double SIGMA = 2;
  private static final int HALF = 127;

  /** Between these, {@link Alpha#refine} decides by the photo's colors. */
  private static final int UNCERTAIN_FROM = 10;

  private static final int UNCERTAIN_TO = 240;

  @Override
  public Answer run(Job job) throws IOException, InterruptedException {
    return photos.run(photo, 0, job, picture -> remove(picture, job));
  }

  private Answer remove(Picture picture, Job job) throws IOException {
    Recipe recipe = Recipe.builder().products(Set.of(Product.CUTOUT)).build();
    AlphaMask alpha = recipe.apply(parameters.segmenter(), picture).alpha();
    job.stages().end("segment");
    job.checkpoint();
    if (parameters.postProcess()) {
      AlphaMask smooth =
          Alpha.feather(Morphology.open(alpha, OPENING), GaussianBlur.ofSigma(SIGMA));
      alpha = mapped(smooth, a -> a < HALF ? 0 : 255);
    }
    PhotoWork.JobOutput out = new PhotoWork.JobOutput(job);
    if (parameters.onlyMask()) {
      Images.writePng(alpha, out);
    } else {
      write(picture, parameters.matting() ? refined(picture.onWhite(), alpha) : alpha, out);
    }
    job.stages().end("write");
    return Answer.of("image/png", out.toByteArray());
  }

  private void write(Picture picture, AlphaMask alpha, PhotoWork.JobOutput out) throws IOException {
    AlphaMask visible = picture.alpha().map(alpha::min).orElse(alpha);
    RgbImage foreground =
        picture.alpha().isPresent()
            ? picture.colors()
            : Foreground.estimate(picture.colors(), visible);
    RgbaImage cutout =
        parameters.color().isEmpty()
            ? Compositing.cutout(foreground, visible)
            : onColor(foreground, visible, parameters.color().getAsInt());
    Images.writePng(cutout, out);
  }

  private static RgbaImage onColor(RgbImage foreground, AlphaMask alpha, int argb) {
    byte[] color = {(byte) (argb >> 16), (byte) (argb >> 8), (byte) argb};
    return Compositing.over(
        foreground,
        alpha,
        RgbImage.of(1, 1, color),
        AlphaMask.of(1, 1, new byte[] {(byte) (argb >> 24)}));
  }

  /** Refines what is not certain by the client's numbers. */
  private AlphaMask refined(RgbImage image, AlphaMask alpha) {
    int radius = parameters.erosion() / 2;
    AlphaMask inside =
        Morphology.erode(mapped(alpha, a -> a > parameters.foreground() ? 255 : 0), radius);
    AlphaMask outside =
        Morphology.erode(mapped(alpha, a -> a < parameters.background() ? 255 : 0), radius);
    byte[] trimap = new byte[alpha.width() * alpha.height()];
    byte[] soft = alpha.toByteArray();
    byte[] sure = inside.toByteArray();
    byte[] not = outside.toByteArray();
    for (int i = 0; i < trimap.length; i++) {
      int uncertain = Math.max(UNCERTAIN_FROM, Math.min(UNCERTAIN_TO, soft[i] & 0xff));
      trimap[i] = (byte) (sure[i] != 0 ? 255 : not[i] != 0 ? 0 : uncertain);
    }
    return Alpha.refine(image, AlphaMask.of(alpha.width(), alpha.height(), trimap));
  }

  private static AlphaMask mapped(AlphaMask alpha, IntUnaryOperator change) {
    byte[] table = new byte[256];
    for (int a = 0; a < table.length; a++) {
      table[a] = (byte) change.applyAsInt(a);
    }
    byte[] samples = alpha.toByteArray();
    for (int i = 0; i < samples.length; i++) {
      samples[i] = table[samples[i] & 0xff];
    }
    return AlphaMask.of(alpha.width(), alpha.height(), samples);
  }
}
