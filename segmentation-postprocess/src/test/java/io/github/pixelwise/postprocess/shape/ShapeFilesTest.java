package io.github.pixelwise.postprocess.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShapeFilesTest {
  private static final LabelMap LABELS = LabelMap.of(List.of("background", "cat & co"));
  private static final Palette PALETTE = category -> category == 1 ? 0xff8000 : 0;

  /** A ring around a pixel of background, and a single pixel. */
  private static final Shapes SHAPES =
      Shapes.of(
          CategoryMask.copyOf(
              6,
              4,
              new int[] {
                0, 1, 1, 1, 0, 0, //
                0, 1, 0, 1, 0, 1, //
                0, 1, 1, 1, 0, 0, //
                0, 0, 0, 0, 0, 0, //
              }));

  private static final List<Shape> CATS =
      SHAPES.list().stream().filter(shape -> shape.category() == 1).toList();

  /** What can be written to a stream. */
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private static String text(Content content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    content.writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void geoJsonHasHoles() throws IOException {
    assertThat(text(out -> GeoJson.write(CATS, LABELS, Georeference.PIXELS, out)))
        .isEqualTo(
            """
            {"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{"category":1,"label":"cat & co","pixels":8},\
            "geometry":{"type":"Polygon","coordinates":\
            [[[1,0],[4,0],[4,3],[1,3],[1,0]],[[3,1],[2,1],[2,2],[3,2],[3,1]]]}}
            ,{"type":"Feature","properties":{"category":1,"label":"cat & co","pixels":1},\
            "geometry":{"type":"Polygon","coordinates":[[[5,1],[6,1],[6,2],[5,2],[5,1]]]}}]}\
            """);
  }

  @Test
  void geoJsonRunsCounterclockwiseOnTheMap() throws IOException {
    Georeference map = new Georeference(500_000, 4_000_000, 0.5, 0, 0, -0.5, Optional.of(32633));
    assertThat(text(out -> GeoJson.write(CATS.subList(1, 2), LABELS, map, out)))
        .contains("\"name\":\"urn:ogc:def:crs:EPSG::32633\"")
        .contains(
            "[[[500002.5,3999999.5],[500002.5,3999999],[500003,3999999],[500003,3999999.5],"
                + "[500002.5,3999999.5]]]");
  }

  @Test
  void cocoWritesPolygonsOrRunLengths() throws IOException {
    String text =
        text(
            out -> {
              try (CocoWriter coco = new CocoWriter(out, LABELS)) {
                coco.add("a/photo.jpg", 6, 4, CATS);
              }
            });
    assertThat(text)
        .isEqualTo(
            """
            {"annotations":[
            {"id":1,"image_id":1,"category_id":1,"segmentation":{"size":[4,6],"counts":"431N00028"},\
            "area":8,"bbox":[1,0,3,3],"iscrowd":0}
            ,{"id":2,"image_id":1,"category_id":1,"segmentation":[[5,1,6,1,6,2,5,2]],\
            "area":1,"bbox":[5,1,1,1],"iscrowd":0}],"images":[
            {"id":1,"file_name":"a/photo.jpg","width":6,"height":4}],"categories":[
            {"id":0,"name":"background"}
            ,{"id":1,"name":"cat & co"}]}\
            """);
  }

  /** A file of one picture, and another of two. */
  private static final List<List<String>> PARTS = List.of(List.of("é & \"1\""), List.of("b", "c"));

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String coco(List<String> pictures) throws IOException {
    return text(
        out -> {
          try (CocoWriter coco = new CocoWriter(out, LABELS)) {
            for (String picture : pictures) {
              coco.add(picture, 6, 4, Shapes.of(SHAPES.mask()).smoothed(2).list());
            }
          }
        });
  }

  @Test
  void filesOfCocoAreJoinedAsIfPicturesWereAddedOneByOne() throws IOException {
    String joined =
        text(
            out -> {
              try (CocoWriter coco = new CocoWriter(out, LABELS)) {
                coco.addAll(stream(coco(PARTS.get(0))));
                coco.addAll(stream(coco(PARTS.get(1))));
              }
            });
    assertThat(joined).isEqualTo(coco(List.of("é & \"1\"", "b", "c")));
  }

  private static String cvat(List<String> pictures) throws IOException {
    return text(
        out -> {
          try (CvatWriter cvat = new CvatWriter(out, LABELS, PALETTE)) {
            for (String picture : pictures) {
              cvat.add(picture, 6, 4, Shapes.of(SHAPES.mask()).smoothed(2).list());
            }
          }
        });
  }

  @Test
  void filesOfCvatAreJoinedAsIfPicturesWereAddedOneByOne() throws IOException {
    String joined =
        text(
            out -> {
              try (CvatWriter cvat = new CvatWriter(out, LABELS, PALETTE)) {
                cvat.addAll(stream(cvat(PARTS.get(0))));
                cvat.addAll(stream(cvat(PARTS.get(1))));
              }
            });
    assertThat(joined).isEqualTo(cvat(List.of("é & \"1\"", "b", "c")));
  }

  @Test
  void aFileThatEndsInTheMiddleIsNotJoined() throws IOException {
    String coco = coco(PARTS.get(0));
    String cvat = cvat(PARTS.get(0));
    try (CocoWriter writer = new CocoWriter(OutputStream.nullOutputStream(), LABELS)) {
      assertThatThrownBy(() -> writer.addAll(stream(coco.substring(0, coco.length() - 20))))
          .isInstanceOf(IOException.class);
    }
    try (CvatWriter writer = new CvatWriter(OutputStream.nullOutputStream(), LABELS, PALETTE)) {
      assertThatThrownBy(() -> writer.addAll(stream(cvat.substring(0, cvat.length() - 40))))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void yoloRunsToHolesAndBack() throws IOException {
    assertThat(text(out -> Yolo.write(SHAPES.list(), LABELS, 6, 4, out)))
        .isEqualTo(
            """
            0 0.16666667 0 0.66666667 0 0.66666667 0.75 0.16666667 0.75 0.16666667 0.25 \
            0.33333333 0.25 0.33333333 0.5 0.5 0.5 0.5 0.25 0.33333333 0.25 0.16666667 0.25
            0 0.83333333 0.25 1 0.25 1 0.5 0.83333333 0.5
            """);
  }

  @Test
  void labelMeHasWhatLiesInHolesAbove() throws IOException {
    assertThat(text(out -> LabelMe.write(SHAPES.list(), LABELS, 6, 4, "photo.jpg", out)))
        .isEqualTo(
            """
            {"version":"5.5.0","flags":{},"shapes":[
            {"label":"background","points":[[0,0],[1,0],[1,3],[4,3],[4,0],[6,0],[6,1],[5,1],[5,2],\
            [6,2],[6,4],[0,4]],"group_id":0,"description":"","shape_type":"polygon","flags":{}}
            ,{"label":"cat & co","points":[[1,0],[4,0],[4,3],[1,3]],"group_id":1,\
            "description":"","shape_type":"polygon","flags":{}}
            ,{"label":"background","points":[[2,1],[3,1],[3,2],[2,2]],"group_id":2,\
            "description":"","shape_type":"polygon","flags":{}}
            ,{"label":"cat & co","points":[[5,1],[6,1],[6,2],[5,2]],"group_id":3,\
            "description":"","shape_type":"polygon","flags":{}}],\
            "imagePath":"photo.jpg","imageData":null,"imageHeight":4,"imageWidth":6}\
            """);
  }

  @Test
  void cvatHasWhatLiesInHolesAbove() throws IOException {
    String text =
        text(
            out -> {
              try (CvatWriter cvat = new CvatWriter(out, LABELS, PALETTE)) {
                cvat.add("photo.jpg", 6, 4, CATS);
              }
            });
    assertThat(text)
        .startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        .contains("<name>cat &amp; co</name>\n<color>#ff8000</color>")
        .contains(
            """
            <image id="0" name="photo.jpg" width="6" height="4">
            <polygon label="cat &amp; co" source="auto" occluded="0" points="1,0;4,0;4,3;1,3" z_order="0"/>
            <polygon label="cat &amp; co" source="auto" occluded="0" points="5,1;6,1;6,2;5,2" z_order="1"/>\
            """);
  }

  @Test
  void svgHasAGroupForEachCategory() throws IOException {
    assertThat(text(out -> Svg.write(CATS, LABELS, PALETTE, 6, 4, "photo.jpg", out)))
        .contains("viewBox=\"0 0 6 4\"")
        .contains("<image href=\"photo.jpg\" width=\"6\" height=\"4\"/>")
        .contains(
            "<g id=\"category-1\" fill=\"#ff8000\" fill-opacity=\"0.5\" fill-rule=\"evenodd\"")
        .contains("<title>cat &amp; co</title>")
        .contains("<path d=\"M1 0L4 0L4 3L1 3ZM3 1L2 1L2 2L3 2Z\"/>");
  }
}
