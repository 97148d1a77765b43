package io.github.pixelwise.examples.spring;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.postprocess.ClassStatistics;
import io.github.pixelwise.postprocess.Coloring;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** Segments photos that are uploaded. */
@RestController
class PhotoController {
  /** 50 megapixels: 150 MB of heap for the photo, and 200 MB more for its mask and overlay. */
  private static final long MAX_PIXELS = 50_000_000;

  private final Segmenter segmenter;

  PhotoController(Segmenter segmenter) {
    this.segmenter = segmenter;
  }

  /** A class in a photo, and its share of the pixels, 0 to 1. */
  record Found(String name, double share) {}

  @PostMapping("/classes")
  List<Found> classes(@RequestParam("photo") MultipartFile photo) throws IOException {
    SegmentationResult result = segmenter.segment(read(photo));
    return ClassStatistics.of(result.mask(), result.labels()).stream()
        .map(found -> new Found(found.name(), found.share()))
        .toList();
  }

  @PostMapping(path = "/overlay", produces = MediaType.IMAGE_PNG_VALUE)
  byte[] overlay(@RequestParam("photo") MultipartFile photo) throws IOException {
    RgbImage image = read(photo);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    Images.writePng(Coloring.overlay(image, segmenter.segment(image), 0.5), png);
    return png.toByteArray();
  }

  private static RgbImage read(MultipartFile photo) throws IOException {
    return Images.read(photo.getBytes(), MAX_PIXELS);
  }
}
