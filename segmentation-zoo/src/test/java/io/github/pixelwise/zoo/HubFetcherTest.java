package io.github.pixelwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is fetched from a Hub, and where it is found afterwards. */
class HubFetcherTest extends HubFixture {
  @Test
  void fetchesWhatAModelNeedsAndNothingElse() throws IOException {
    List<String> announced = new ArrayList<>();
    FetchProgress progress =
        new FetchProgress() {
          @Override
          public void starting(URI source, String license, long bytes) {
            announced.add(source + " " + license + " " + bytes);
          }

          @Override
          public void at(Phase phase, long done, OptionalLong total) {
            announced.add(phase + " " + done + " " + total.orElse(-1));
          }
        };

    ModelCard card = fetcher().fetch(NAME, progress);

    Path file = cache.toRealPath().resolve("hub").resolve(SNAPSHOT + "onnx/model.onnx");
    String source = server.address("/org/net/tree/" + FakeHub.COMMIT).toString();
    assertThat(card.name()).isEqualTo("org/net");
    assertThat(card.license()).isEqualTo("apache-2.0");
    assertThat(card.source()).isEqualTo(source);
    assertThat(card.labels().names()).containsExactly("sky", "sea");
    assertThat(card.output()).isEqualTo(OutputSpec.logits("logits", 0));
    assertThat(card.files())
        .containsExactly(
            new ModelFile(ModelFormat.ONNX, file.toUri(), Optional.of(FakeHub.sha256(network()))));
    assertThat(files())
        .containsExactly(
            MODEL + "defaults/" + FakeHub.COMMIT,
            MODEL + "refs/main",
            SNAPSHOT + "config.json",
            SNAPSHOT + "onnx/model.onnx",
            SNAPSHOT + "onnx/model.properties",
            SNAPSHOT + "preprocessor_config.json");
    assertThat(hubFolder().resolve(MODEL + "refs/main")).hasContent(FakeHub.COMMIT);
    String resolve = " /org/net/resolve/" + FakeHub.COMMIT + "/";
    assertThat(hub.requests)
        .containsExactly(
            "GET /api/models/org/net/revision/main",
            "HEAD" + resolve + "config.json",
            "HEAD" + resolve + "onnx/model.onnx",
            "HEAD" + resolve + "preprocessor_config.json",
            "GET" + resolve + "config.json",
            "GET" + resolve + "preprocessor_config.json",
            "GET" + resolve + "onnx/model.onnx");
    assertThat(storage.requests)
        .containsExactly("GET /storage/" + FakeHub.COMMIT + "/onnx/model.onnx");
    int all =
        network().length
            + hub.content("config.json").length
            + hub.content("preprocessor_config.json").length;
    assertThat(announced)
        .startsWith(source + " apache-2.0 " + all)
        .contains("DOWNLOADING %d %d".formatted(all, all))
        .endsWith("CONVERTING 0 -1");
  }

  @Test
  void needsNoConnectionAfterwards() throws IOException {
    ModelCard card = fetch("hf:org/net");
    end();

    assertThat(fetch("hf:org/net")).isEqualTo(card);
    assertThat(fetch("hf:org/net@" + FakeHub.COMMIT)).isEqualTo(card);
    assertThat(find("hf:org/net")).contains(card);
    assertThat(find("hf:org/net/onnx/model.onnx")).contains(card);
    assertThat(find("hf:org/other")).isEmpty();
    assertThat(find("hf:org/net@v1")).isEmpty();
    assertThat(find("hf:org/net/onnx/other.onnx")).isEmpty();
    assertThat(store().names()).containsExactly("hf:org/net");
  }

  @Test
  void aRevisionStaysTheCommitThatItWas() throws IOException {
    hub.revisions.put("v1", FakeHub.COMMIT);
    hub.put("onnx/model_fp16.onnx", FakeHub.network("half"));
    hub.copyTo(FakeHub.LATER);
    hub.put(FakeHub.LATER, "onnx/model.onnx", FakeHub.network("later"));
    storage.commits.putAll(hub.commits);
    ModelCard first = fetch("hf:org/net");
    hub.revisions.put("main", FakeHub.LATER);

    assertThat(fetch("hf:org/net")).isEqualTo(first);
    assertThat(fetch("hf:org/net@v1")).isEqualTo(first);
    assertThat(fetch("hf:org/net/onnx/model_fp16.onnx").source()).isEqualTo(first.source());
    assertThat(fetch("hf:org/net@" + FakeHub.LATER).source()).endsWith(FakeHub.LATER);
    assertThat(fetch("hf:org/net")).isEqualTo(first);
    assertThat(store().names())
        .containsExactly(
            "hf:org/net",
            "hf:org/net/onnx/model_fp16.onnx",
            "hf:org/net@" + FakeHub.LATER,
            "hf:org/net@v1",
            "hf:org/net@v1/onnx/model_fp16.onnx");
  }

  @Test
  void aBranchOfAPullRequestIsARevision() throws IOException {
    hub.revisions.put("refs/pr/1", FakeHub.COMMIT);

    assertThat(fetch("hf:org/net@refs/pr/1")).isEqualTo(find("hf:org/net@refs/pr/1").get());
    assertThat(hub.requests).startsWith("GET /api/models/org/net/revision/refs%2Fpr%2F1");
  }

  private static String file(ModelCard card) {
    return Path.of(card.files().get(0).location()).getFileName().toString();
  }

  @Test
  void aNameWithoutAPathAlwaysMeansTheUsualNetwork() throws IOException {
    hub.put("onnx/model_quantized.onnx", FakeHub.network("eight"));
    ModelCard quantized = fetch("hf:org/net/onnx/model_quantized.onnx");

    assertThat(file(quantized)).isEqualTo("model_quantized.onnx");
    assertThat(find("hf:org/net")).as("not another one").isEmpty();
    assertThat(store().names()).containsExactly("hf:org/net/onnx/model_quantized.onnx");

    ModelCard usual = fetch("hf:org/net");
    assertThat(file(usual)).isEqualTo("model.onnx");
    assertThat(find("hf:org/net")).contains(usual);
    assertThat(fetch("hf:org/net")).isEqualTo(usual);
    assertThat(find("hf:org/net/onnx/model_quantized.onnx")).contains(quantized);
    assertThat(store().names())
        .containsExactly("hf:org/net", "hf:org/net/onnx/model_quantized.onnx");
  }

  @Test
  void withoutAUsualNetworkANameNeedsAPath() throws IOException {
    hub.remove("onnx/model.onnx");
    hub.put("onnx/model_fp16.onnx", FakeHub.network("half"));
    hub.put("onnx/model_quantized.onnx", FakeHub.network("eight"));
    ModelCard half = fetch("hf:org/net/onnx/model_fp16.onnx");

    assertThat(find("hf:org/net")).isEmpty();
    assertThatThrownBy(() -> fetch("hf:org/net"))
        .hasMessage(
            "cannot fetch hf:org/net: it has the networks onnx/model_fp16.onnx,"
                + " onnx/model_quantized.onnx, and none is named model.onnx; choose one with --file, or"
                + " name it, such as hf:org/net/onnx/model_fp16.onnx.");
    assertThat(find("hf:org/net/onnx/model_fp16.onnx")).contains(half);
  }

  @Test
  void theOnlyNetworkIsTheUsualOne() throws IOException {
    hub.remove("onnx/model.onnx");
    hub.put("onnx/model_quantized.onnx", FakeHub.network("eight"));
    ModelCard card = fetch("hf:org/net/onnx/model_quantized.onnx");
    end();

    assertThat(fetch("hf:org/net")).isEqualTo(card);
    assertThat(store().names()).containsExactly("hf:org/net");
  }

  /** For example on a shared disk that is read-only. */
  @Test
  void theRevisionInAnotherCacheCounts(@TempDir Path other) throws IOException {
    hub.put("onnx/model_quantized.onnx", FakeHub.network("eight"));
    hub.copyTo(FakeHub.LATER);
    storage.commits.putAll(hub.commits);
    fetch("hf:org/net/onnx/model_quantized.onnx");
    hub.revisions.put("main", FakeHub.LATER);

    CacheFolders both = new CacheFolders(List.of(other, cache));
    ModelCard card = new HubFetcher(both, this::client).fetch(NAME, FetchProgress.NONE);

    assertThat(card.files().get(0).location().toString()).contains(other.getFileName().toString());
    assertThat(card.source()).endsWith(FakeHub.COMMIT);
  }

  @Test
  void labelsMayContainCommasAndLineBreaks() throws IOException {
    hub.put("config.json", "{\"id2label\": {\"0\": \"road, route\", \"1\": \"a\\n b\"}}");

    assertThat(fetch("hf:org/net").labels().names()).containsExactly("road, route", "a b");
    assertThat(find("hf:org/net").get().labels().names()).containsExactly("road, route", "a b");
  }

  @Test
  void externalDataComesWithItsNetwork() throws IOException {
    byte[] data = Checkpoints.noise(100_000);
    byte[] network = FakeHub.networkWithData("model.onnx_data");
    hub.put("onnx/model.onnx", network);
    hub.put("onnx/model.onnx_data", data);
    hub.put("onnx/model_fp16.onnx_data", Checkpoints.noise(10));

    ModelCard card = fetch("hf:org/net");

    byte[] whole = Arrays.copyOf(network, network.length + data.length);
    System.arraycopy(data, 0, whole, network.length, data.length);
    assertThat(card.files().get(0).sha256()).contains(FakeHub.sha256(whole));
    assertThat(hubFolder().resolve(SNAPSHOT + "onnx/model.onnx_data")).hasBinaryContent(data);
    assertThat(files()).hasSize(7);
    assertThat(fetch("hf:org/net")).as("undamaged").isEqualTo(card);
    assertThat(storage.requests).hasSize(2);
  }

  /** Returns what is announced, and the last two updates. */
  private List<String> progress(String name) throws IOException {
    List<String> announced = new ArrayList<>();
    List<String> updates = new ArrayList<>();
    fetcher()
        .fetch(
            HubName.parse(name),
            new FetchProgress() {
              @Override
              public void starting(URI source, String license, long bytes) {
                announced.add("" + bytes);
              }

              @Override
              public void at(Phase phase, long done, OptionalLong total) {
                updates.add(phase + " " + done + " of " + total.orElse(-1));
              }
            });
    announced.addAll(updates.subList(updates.size() - 2, updates.size()));
    return announced;
  }

  @Test
  void progressReachesItsTotalWhateverExternalDataIsNamed() throws IOException {
    int small = hub.content("config.json").length + hub.content("preprocessor_config.json").length;
    byte[] network = FakeHub.networkWithData("weights.bin");
    hub.put("onnx/model.onnx", network);
    hub.put("onnx/weights.bin", Checkpoints.noise(100_000));
    hub.put("onnx/model.onnx_data", Checkpoints.noise(1_000));
    hub.put("onnx/model.onnx_data_1", Checkpoints.noise(1_000));
    hub.put("onnx/model.onnx.database.sqlite", Checkpoints.noise(9_000));
    int planned = small + network.length + 2_000;
    int all = small + network.length + 100_000;

    assertThat(progress("hf:org/net"))
        .containsExactly(
            "" + planned, "DOWNLOADING %d of %d".formatted(all, all), "CONVERTING 0 of -1");

    byte[] alone = FakeHub.network("alone");
    hub.put("onnx/alone.onnx", alone);
    hub.put("onnx/alone.onnx_data", Checkpoints.noise(1_000));
    all = small + alone.length;
    assertThat(progress("hf:org/net/onnx/alone.onnx"))
        .containsExactly(
            "" + (all + 1_000), "DOWNLOADING %d of %d".formatted(all, all), "CONVERTING 0 of -1");
    assertThat(hubFolder().resolve(SNAPSHOT + "onnx/alone.onnx_data")).doesNotExist();
  }

  @Test
  void externalDataOfAnyNameIsFetchedButNotFromOutside() throws IOException {
    hub.put("onnx/model.onnx", FakeHub.networkWithData("weights/of the net.data"));
    hub.put("onnx/weights/of the net.data", Checkpoints.noise(1000));
    fetch("hf:org/net");
    assertThat(hubFolder().resolve(SNAPSHOT + "onnx/weights/of the net.data")).exists();

    hub.put("onnx/model_a.onnx", FakeHub.networkWithData("../../../../escaped_data"));
    assertThatThrownBy(() -> fetch("hf:org/net/onnx/model_a.onnx"))
        .hasMessage(
            "cannot fetch hf:org/net/onnx/model_a.onnx: its weights are in"
                + " \"../../../../escaped_data\", which is outside its folder; export it as one file");

    hub.put("onnx/model_b.onnx", FakeHub.networkWithData("missing_data"));
    assertThatThrownBy(() -> fetch("hf:org/net/onnx/model_b.onnx"))
        .hasMessageEndingWith(": there is no file \"onnx/missing_data\".");

    hub.put("onnx/model_c.onnx", FakeHub.networkWithData("model_c.Properties"));
    assertThatThrownBy(() -> fetch("hf:org/net/onnx/model_c.onnx"))
        .hasMessage(
            "cannot fetch hf:org/net/onnx/model_c.onnx: onnx/model_c.onnx: its weights are in"
                + " onnx/model_c.Properties, which is a name for model cards (*.properties). Its"
                + " publisher has to choose another one");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"license\": \"mit\"} | mit",
        "{\"license\": [\"mit\", \"apache-2.0\"]} | mit, apache-2.0",
        "{\"license\": \"other\", \"license_name\": \"nvidia\\nsource\", \"license_link\": \"https://example.org/license\"} | other (nvidia source, https://example.org/license)",
        "{} | from-a-tag",
        "null | from-a-tag",
      })
  void theLicenseIsWhatThePublisherStates(String card, String license) throws IOException {
    hub.more = ", \"tags\": [\"onnx\", \"license:from-a-tag\"], \"cardData\": " + card;
    List<String> announced = new ArrayList<>();

    ModelCard model =
        fetcher()
            .fetch(
                NAME,
                new FetchProgress() {
                  @Override
                  public void starting(URI source, String stated, long bytes) {
                    announced.add(stated);
                  }

                  @Override
                  public void at(Phase phase, long done, OptionalLong total) {}
                });

    assertThat(model.license()).isEqualTo(license);
    assertThat(announced).containsExactly(license);
  }

  @Test
  void aLicenseCanBeRefused() throws IOException {
    FetchProgress strict =
        new FetchProgress() {
          @Override
          public void starting(URI source, String license, long bytes) {
            throw new IllegalStateException("not " + license);
          }

          @Override
          public void at(Phase phase, long done, OptionalLong total) {}
        };

    assertThatThrownBy(() -> fetcher().fetch(NAME, strict)).hasMessage("not apache-2.0");
    assertThat(hub.requests).noneMatch(request -> request.startsWith("GET /org"));
    assertThat(files()).isEmpty();
  }
}
