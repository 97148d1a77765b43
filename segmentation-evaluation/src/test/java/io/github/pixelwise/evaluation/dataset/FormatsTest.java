package io.github.pixelwise.evaluation.dataset;

import static io.github.pixelwise.evaluation.dataset.DatasetFiles.truth;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.evaluation.ConfusionMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatsTest {
  private static final Path SHARED = Path.of("../../shared/data");

  @TempDir Path folder;
  private DatasetFiles files;

  @BeforeEach
  void prepare() {
    files = new DatasetFiles(folder);
  }

  @Test
  void readsVocByItsList() throws IOException {
    files.photograph("VOC2012/JPEGImages/2007_000033.jpg", 2, 1);
    files.photograph("VOC2012/JPEGImages/unlisted.jpg", 2, 1);
    files.mask("VOC2012/SegmentationClass/2007_000033.png", 2, 1, 20, 255);
    files.text("VOC2012/ImageSets/Segmentation/val.txt", "2007_000033", "");
    Dataset dataset = files.dataset("format = voc", "root = VOC2012", "name = my VOC");

    assertThat(dataset.name()).isEqualTo("my VOC");
    assertThat(dataset.labels()).isEqualTo(LabelMap.voc());
    assertThat(dataset.samples()).extracting(Sample::name).containsExactly("2007_000033");
    assertThat(truth(dataset)).containsExactly(20, 255);
    assertThat(dataset.samples().get(0).photograph().width()).isEqualTo(2);
    assertThat(dataset.samples().get(0).bytes())
        .hasValue(Files.size(folder.resolve("VOC2012/JPEGImages/2007_000033.jpg")));
  }

  @Test
  void readsCamVidByTheLastPartsOfItsPaths() throws IOException {
    files.photograph("test/a.png", 3, 1);
    files.mask("testannot/a.png", 3, 1, 0, 10, 11);
    files.text("test.txt", "/SegNet/CamVid/test/a.png /SegNet/CamVid/testannot/a.png");
    Dataset dataset = files.dataset("format = camvid", "split = test");

    assertThat(dataset.name()).isEqualTo("my");
    assertThat(dataset.labels().names()).hasSize(11).startsWith("sky").endsWith("bicyclist");
    assertThat(truth(dataset)).containsExactly(0, 10, 255);
  }

  @Test
  void readsCamVidsOriginalColors() throws IOException {
    files.photograph("701_StillsRaw_full/a.png", 4, 1);
    files.colors("LabeledApproved_full/a_L.png", 4, 1, 0x008040, 0x808080, 0, 0xc000c0);
    Dataset dataset = files.dataset("format = camvid-rgb");

    assertThat(truth(dataset)).containsExactly(1, 0, 255, 10);
    assertThat(dataset.palette().rgb(0)).isEqualTo(0x808080);
  }

  @Test
  void readsCityscapes() throws IOException {
    files.photograph("leftImg8bit/val/ulm/ulm_000000_000019_leftImg8bit.png", 4, 1);
    files.mask("gtFine/val/ulm/ulm_000000_000019_gtFine_labelIds.png", 4, 1, 7, 0, 33, 9);
    files.mask("gtFine/val/ulm/ulm_000000_000019_gtFine_instanceIds.png", 4, 1, 1, 2, 3, 4);
    Dataset dataset = files.dataset("format = cityscapes");

    assertThat(dataset.samples().get(0).name()).isEqualTo("ulm_000000_000019");
    assertThat(truth(dataset)).containsExactly(0, 255, 18, 255);
  }

  @Test
  void readsAde20k() throws IOException {
    files.photograph("images/validation/a.jpg", 3, 1);
    files.mask("annotations/validation/a.png", 3, 1, 0, 1, 150);
    assertThat(truth(files.dataset("format = ade20k"))).containsExactly(255, 0, 149);
  }

  @Test
  void readsCocoStuffWithItsOwnLabels() throws IOException {
    files.text("labels.txt", "0: unlabeled", "1: person", "2: bicycle");
    files.photograph("images/val2017/a.jpg", 3, 1);
    files.mask("annotations/val2017/a.png", 3, 1, 0, 1, 255);
    Dataset dataset = files.dataset("format = coco-stuff");

    assertThat(dataset.labels().names()).containsExactly("person", "bicycle");
    assertThat(truth(dataset)).containsExactly(0, 1, 255);
  }

  @Test
  void readsYolo() throws IOException {
    files.photograph("images/val/a.jpg", 4, 2);
    files.photograph("images/val/empty.jpg", 1, 1);
    files.text("labels/val/a.txt", "1 0.5 0 1 0 1 1 0.5 1", "0 0 0 1 0 1 1 0 1");
    Dataset dataset = files.dataset("format = yolo", "labels = background, cat, dog");

    assertThat(truth(dataset)).as("smaller on top").containsExactly(1, 1, 2, 2, 1, 1, 2, 2);
    assertThat(dataset.samples().get(1).truth().toIntArray()).containsExactly(0);
  }

  @Test
  void readsLabelMe() throws IOException {
    files.photograph("a.jpg", 4, 4);
    files.text(
        "a.json",
        "{'shapes':[{'label':'cat','points':[[0,0],[4,2]],'shape_type':'rectangle'},"
            .replace('\'', '"'),
        "{'label':'dog','points':[[2,0],[4,0],[4,1],[2,1]],'shape_type':'polygon'},"
            .replace('\'', '"'),
        "{'label':'__ignore__','points':[[2,3],[2,4]],'shape_type':'circle'}],".replace('\'', '"'),
        "'imageData':'AAAA','imageWidth':4,'imageHeight':4}".replace('\'', '"'));
    Dataset dataset = files.dataset("format = labelme", "labels = background, cat, dog");

    assertThat(truth(dataset))
        .containsExactly(1, 1, 2, 2, 1, 1, 1, 1, 0, 255, 255, 0, 0, 255, 255, 0);
  }

  @Test
  void readsCocoInstances() throws IOException {
    files.photograph("val2017/a.jpg", 4, 2);
    files.photograph("val2017/b.jpg", 1, 1);
    files.text("annotations/instances_val2017.json", coco());
    Dataset dataset = files.dataset("format = coco");

    assertThat(dataset.labels().names()).containsExactly("background", "cat", "traffic light");
    assertThat(truth(dataset)).containsExactly(1, 2, 255, 255, 1, 1, 255, 0);
    assertThat(dataset.samples().get(1).truth().toIntArray()).containsExactly(0);
  }

  @Test
  void mapsCategoriesOfCoco() throws IOException {
    files.text("annotations/instances_val2017.json", coco());
    Dataset dataset =
        files.dataset(
            "format = coco",
            "photographs = none",
            "labels = background, animal",
            "values = cat = animal, * = background");

    assertThat(truth(dataset)).as("no hole").containsExactly(1, 1, 255, 255, 1, 1, 255, 0);
  }

  /** A cat, a light on it, and a crowd below both. The light stands first, with letters before. */
  private static String coco() {
    return """
        {"info": {"description": "déjà vu"},
         "annotations": [
          {"id": 1, "image_id": 7, "category_id": 9, "iscrowd": 0,
           "segmentation": {"size": [2, 4], "counts": [2, 1, 5]}},
          {"segmentation": [[0, 0, 2, 0, 2, 2, 0, 2]], "id": 2, "image_id": 7, "category_id": 3},
          {"id": 3, "image_id": 7, "category_id": 3, "iscrowd": 1,
           "segmentation": {"size": [2, 4], "counts": [2, 5, 1]}}],
         "images": [{"id": 7, "file_name": "a.jpg", "width": 4, "height": 2},
                    {"id": 8, "file_name": "b.jpg", "width": 1, "height": 1}],
         "categories": [{"id": 9, "name": "traffic light"}, {"id": 3, "name": "cat"}]}
        """;
  }

  @Test
  void readsFoldersByName() throws IOException {
    files.photograph("photographs/sub/b.jpg", 1, 1);
    files.photograph("photographs/a.png", 1, 1);
    files.mask("masks/a.png", 1, 1, 1);
    files.mask("masks/sub/b.png", 1, 1, 255);
    Dataset dataset =
        DatasetReader.folders(folder.resolve("masks"), LabelMap.of(List.of("background", "cat")))
            .photographs(folder.resolve("photographs"))
            .read();

    assertThat(dataset.name()).isEqualTo("masks");
    assertThat(dataset.samples()).extracting(Sample::name).containsExactly("a", "sub/b");
    assertThat(truth(dataset)).containsExactly(1);
    assertThat(dataset.samples().get(1).truth().category(0, 0)).isEqualTo(255);
  }

  @Test
  void readsPartOfADataSet() throws IOException {
    for (int i = 0; i < 10; i++) {
      files.mask("masks/" + i + ".png", 1, 1, 0);
    }
    Dataset train =
        files.dataset("format = folders", "masks = masks", "labels = a", "part = 0, 0.8");
    Dataset test =
        files.dataset("format = folders", "masks = masks", "labels = a", "part = 0.8, 1");

    assertThat(train.samples()).hasSize(8);
    assertThat(test.samples()).hasSize(2);
    assertThat(train.samples().stream().map(Sample::name))
        .doesNotContainAnyElementsOf(test.samples().stream().map(Sample::name).toList());
  }

  @Test
  void readsTheSharedVocPhotographs() throws IOException {
    assumeTrue(Files.isDirectory(SHARED), "skipped: ../shared/data is not there");
    Path description =
        files.text(
            "voc.dataset.properties",
            "format = voc",
            "root = " + SHARED.resolve("voc").toAbsolutePath());
    Dataset dataset = Dataset.read(description);

    assertThat(dataset.samples()).hasSize(200);
    addAll(dataset.first(10));
  }

  @Test
  void readsTheSharedCamVidPhotographs() throws IOException {
    assumeTrue(Files.isDirectory(SHARED), "skipped: ../shared/data is not there");
    Path description =
        files.text(
            "camvid.dataset.properties",
            "format = camvid",
            "root = " + SHARED.resolve("camvid").toAbsolutePath());
    Dataset dataset = Dataset.read(description);

    assertThat(dataset.samples()).hasSize(101);
    addAll(dataset.first(10));
  }

  private static void addAll(Dataset dataset) throws IOException {
    ConfusionMatrix matrix = ConfusionMatrix.of(dataset.labels());
    for (Sample sample : dataset.samples()) {
      CategoryMask truth = sample.truth();
      matrix.add(truth, truth);
    }
    assertThat(matrix.total()).isPositive();
  }
}
