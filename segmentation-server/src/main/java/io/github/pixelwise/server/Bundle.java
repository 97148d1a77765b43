package io.github.pixelwise.server;

import io.github.pixelwise.products.PictureFormat;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Products;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.UUID;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Several products in one answer. */
abstract class Bundle {
  private final PhotoWork.JobOutput out;

  private Bundle(PhotoWork.JobOutput out) {
    this.out = out;
  }

  /** Adds a product. */
  void add(Product product, PictureFormat format, String name, Products made) throws IOException {
    begin(product, product.file(name, format), ProductFiles.contentType(product, format));
    made.write(product, target());
    end();
  }

  abstract void begin(Product product, String file, String contentType) throws IOException;

  abstract OutputStream target();

  abstract void end() throws IOException;

  abstract Answer answer(String name) throws IOException;

  byte[] bytes() {
    return out.toByteArray();
  }

  private static PhotoWork.JobOutput print(PhotoWork.JobOutput out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return out;
  }

  /** The files of a zip file, stored as they are: most are compressed already. */
  static Bundle zip(Job job) {
    PhotoWork.JobOutput out = new PhotoWork.JobOutput(job);
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.setLevel(Deflater.NO_COMPRESSION);
    return new Bundle(out) {
      @Override
      void begin(Product product, String file, String contentType) throws IOException {
        ZipEntry entry = new ZipEntry(file);
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0)); // equal for equal photos
        zip.putNextEntry(entry);
      }

      @Override
      OutputStream target() {
        return zip;
      }

      @Override
      void end() throws IOException {
        zip.closeEntry();
      }

      @Override
      Answer answer(String name) throws IOException {
        zip.close();
        return Answer.of("application/zip", bytes())
            .with("Content-Disposition", "attachment; " + ProductFiles.fileName(name + ".zip"));
      }
    };
  }

  /** The parts of a form, named by the products (RFC 7578). */
  static Bundle form(Job job) {
    PhotoWork.JobOutput out = new PhotoWork.JobOutput(job);
    String boundary = "pixelwise-" + UUID.randomUUID();
    return new Bundle(out) {
      @Override
      void begin(Product product, String file, String contentType) {
        print(
            out,
            "--%s\r\nContent-Disposition: form-data; name=\"%s\"; %s\r\nContent-Type: %s\r\n\r\n"
                .formatted(
                    boundary,
                    ProductFiles.word(product),
                    ProductFiles.fileName(file),
                    contentType));
      }

      @Override
      OutputStream target() {
        return out;
      }

      @Override
      void end() {
        print(out, "\r\n");
      }

      @Override
      Answer answer(String name) {
        print(out, "--" + boundary + "--\r\n");
        return Answer.of("multipart/form-data; boundary=" + boundary, bytes());
      }
    };
  }
}
