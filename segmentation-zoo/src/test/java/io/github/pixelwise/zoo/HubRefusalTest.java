package io.github.pixelwise.zoo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.zoo.internal.transfer.Http;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Hub refuses, and what is refused of a Hub. */
class HubRefusalTest extends HubFixture {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | RepoNotFound | '' | status 401: there is no such repository, or it needs a login."
            + " Check the name, or set HF_TOKEN to a token that may read it.",
        "404 | RepoNotFound | hf_x | status 404: there is no such repository, or the token in"
            + " HF_TOKEN is not valid or may not read it. Check the name and the token.",
        "401 | '' | hf_x | status 401: there is no such repository, or the token in HF_TOKEN is not"
            + " valid or may not read it. Check the name and the token.",
        "404 | RevisionNotFound | '' | there is no revision \"main\".",
        "429 | '' | '' | rate limit reached. Try again later, or set HF_TOKEN, with which more are"
            + " allowed.",
        "500 | '' | '' | the server responded with status 500. Try again later.",
      })
  void aRefusalIsExplained(int status, String code, String sent, String found) throws IOException {
    token = sent;
    hub.special =
        exchange -> {
          FakeHub.refuse(exchange, status, code);
          return true;
        };

    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net from HUB/api/models/org/net/revision/main: " + found);
    assertThat(hub.requests).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"401, ''", "403, hf_x"})
  void aGatedModelSaysWhereToAcceptItsLicense(int status, String sent) throws IOException {
    token = sent;
    hub.special =
        exchange -> {
          if (exchange.getRequestURI().getPath().startsWith("/api/")) {
            return false;
          }
          FakeHub.refuse(exchange, status, "GatedRepo");
          return true;
        };

    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net from HUB/org/net/resolve/%s/config.json: you must accept its"
                .formatted(FakeHub.COMMIT)
            + " license or conditions first. Accept them at HUB/org/net, and set HF_TOKEN to a"
            + " token of the account that did.");
  }

  @Test
  void aServerThatReportsNoHashIsRefused() throws IOException {
    hub.special =
        exchange -> {
          boolean asked = exchange.getRequestMethod().equals("HEAD");
          if (asked) {
            exchange.sendResponseHeaders(200, -1);
          }
          return asked;
        };

    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net from HUB/org/net/resolve/%s/config.json: the server does not report the file's size and hash. Check that HF_ENDPOINT is the address of a Hub."
            .formatted(FakeHub.COMMIT));
  }

  @Test
  void aPointerInPlaceOfAFileIsRefused() throws IOException {
    String pointer = FakeHub.pointer(network());
    storage.special =
        exchange -> {
          Server.send(exchange, 200, pointer.getBytes(UTF_8));
          return true;
        };
    assertThatThrownBy(() -> fetch("hf:org/net"))
        .hasMessageContaining(
            ": it has %,d bytes; expected %,d bytes with the SHA-256 "
                .formatted(pointer.length(), network().length));

    storage.special = exchange -> false;
    hub.put("onnx/model.onnx", pointer);
    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net: onnx/model.onnx: the repository has only a Git LFS pointer in its"
            + " place. Its publisher has to upload the file itself");
  }

  @Test
  void aWebPageInPlaceOfAFileIsRefused() {
    storage.special =
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
          Server.send(exchange, 200, "<html>".getBytes(UTF_8));
          return true;
        };

    assertThatThrownBy(() -> fetch("hf:org/net"))
        .hasMessageContaining(
            ": it is a web page (text/html), probably a login or error page; expected ")
        .hasMessageEndingWith(
            ". Fetch it again later. If that does not help, check HF_ENDPOINT and your proxy.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Entry not found", "\0\0\0\0", "\n\3abc"})
  void whatIsNoNetworkIsRefused(String content) throws IOException {
    hub.put("onnx/model.onnx", content);

    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net: onnx/model.onnx: it is not an ONNX file with an input and an"
            + " output");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1_000, 20_000})
  void anIncompleteNetworkIsRefused(int missing) throws IOException {
    hub.put("onnx/model.onnx", Arrays.copyOf(network(), network().length - missing));

    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net: onnx/model.onnx: it is not an ONNX file with an input and an"
            + " output");
  }

  /** Everything that a card can refuse. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id2label\": {\"0\": \"a\", \"1\": \"A\"}} | config.json: labels must be unique, found"
            + " twice: A",
        "{\"id2label\": {\"0\": \"background\"}} | config.json: labels must be unique, found twice:"
            + " background",
        "{\"id2label\": {\"0\": \"\\u0001\", \"1\": \"b\"}} | config.json: a label must not be"
            + " blank, found [, b]",
        "{\"id2label\": {\"0\": \"a\\\\\", \"1\": \"b\"}} | labels on a card must not have leading"
            + " or trailing spaces, or a backslash before a comma or at the end, found \"a\\\"",
        "{\"id2label\": []} | config.json: id2label should be an object, found []",
        "{\"architectures\": 1} | config.json: architectures should be a list of strings, found"
            + " 1.0",
      })
  void whatACardCannotSayIsRefused(String config, String found) throws IOException {
    hub.put("config.json", config);

    requireFailure("hf:org/net", "cannot fetch hf:org/net: " + found);
  }

  @Test
  void aHugeConfigurationIsNotDownloaded() throws IOException {
    hub.put("config.json", new byte[50 << 20]);

    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net: its config.json has 52,428,800 bytes; expected at most 4,194,304"
            + " bytes.");
    assertThat(hub.requests).noneMatch(request -> request.matches("GET .*config\\.json.*"));
  }

  private void sendsEndlessly(String path) {
    hub.special =
        exchange -> {
          boolean asked =
              exchange.getRequestMethod().equals("GET")
                  && exchange.getRequestURI().getPath().endsWith(path);
          if (asked) {
            exchange.sendResponseHeaders(200, 0);
            byte[] blanks = new byte[1 << 16];
            Arrays.fill(blanks, (byte) ' ');
            while (true) { // until the client hangs up
              exchange.getResponseBody().write(blanks);
            }
          }
          return asked;
        };
  }

  @Test
  void anEndlessAnswerIsCutOff() throws IOException {
    sendsEndlessly("/config.json");
    assertThatThrownBy(() -> fetch("hf:org/net"))
        .hasMessageContaining("/config.json: it has more than 38 bytes; expected 38 bytes");

    sendsEndlessly("/main");
    requireFailureAtTheDescription("its answer has more than 4,194,304 bytes.");
  }

  private void requireFailureAtTheDescription(String found) {
    assertThatThrownBy(() -> fetch("hf:org/net"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot fetch hf:org/net from "
                + server.address("/api/models/org/net/revision/main")
                + ": "
                + found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<html> | it is a web page, probably a login or error page. Check HF_ENDPOINT and your"
            + " proxy.",
        " <!DOCTYPE html> | it is a web page, probably a login or error page. Check HF_ENDPOINT and"
            + " your proxy.",
        "{} | sha should be a commit, found no such key",
        "{\"sha\": \"../..\"} | sha should be a commit, found ../..",
        "{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\": [1]} | siblings"
            + " should be a list of objects, found [1.0]",
      })
  void anAnswerThatIsNoDescriptionIsRefused(String json, String found) throws IOException {
    hub.special =
        exchange -> {
          Server.send(exchange, 200, json.getBytes(UTF_8));
          return true;
        };

    requireFailureAtTheDescription(found);
  }

  @Test
  void aRepositoryWithoutASegmentationModelIsRefusedBeforeTheDownload() throws IOException {
    hub.more = ", \"pipeline_tag\": \"text-generation\"";
    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net: its task is text-generation. It is not supported; use a model for"
            + " image-segmentation.");

    hub.more = "";
    hub.put("config.json", "{\"architectures\": [\"DetrForObjectDetection\"]}");
    assertThatThrownBy(() -> fetch("hf:org/net"))
        .hasMessage(
            "cannot fetch hf:org/net: config.json: DetrForObjectDetection is a model that finds"
                + " boxes around objects. It is not supported; use a model for semantic"
                + " segmentation, whose architecture ends in ForSemanticSegmentation");
    assertThat(files()).isEmpty();

    hub.put("config.json", "{}");
    hub.remove("preprocessor_config.json");
    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net: it has no preprocessor_config.json, so it is not a segmentation"
            + " model that Pixelwise can read. Download the network itself and write a card for it"
            + " (docs/model-card.md).");
    assertThat(storage.requests).isEmpty();
  }

  @Test
  void anArchitectureSaysMoreThanATask() throws IOException {
    hub.more =
        ", \"pipeline_tag\": \"other\","
            + " \"config\": {\"architectures\": [\"SegformerForSemanticSegmentation\"]}";

    assertThat(fetch("hf:org/net").license()).isEmpty();
  }

  @Test
  void aRepositoryWithoutAUsualNetworkIsRefused() throws IOException {
    hub.remove("onnx/model.onnx");
    String export =
        "Export it with 'optimum-cli export onnx --task semantic-segmentation --model org/net OUT'"
            + " and open OUT, or look for a copy of the model that has onnx/model.onnx.";
    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net: it has no ONNX network (*.onnx), no model.safetensors, no"
            + " pytorch_model.bin. "
            + export);

    hub.put("onnx/a.onnx", FakeHub.network("a"));
    hub.put("onnx/b.onnx", FakeHub.network("b"));
    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net: it has the networks onnx/a.onnx, onnx/b.onnx, and none is named"
            + " model.onnx; choose one with --file, or name it, such as hf:org/net/onnx/a.onnx.");
    requireFailure(
        "hf:org/net/c.onnx",
        "cannot fetch hf:org/net/c.onnx: there is no file c.onnx at commit %s; its networks are: onnx/a.onnx, onnx/b.onnx."
            .formatted(FakeHub.COMMIT));
  }

  @Test
  void aNetworkElsewhereIsNamed() throws IOException {
    hub.remove("onnx/model.onnx");
    hub.put("deep/x/c.onnx", FakeHub.network("c"));
    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net: it has no ONNX network in the usual places; it has deep/x/c.onnx:"
            + " choose one with --file, or name it, such as hf:org/net/deep/x/c.onnx.");

    fetch("hf:org/net/deep/x/c.onnx");
    assertThat(store().names()).containsExactly("hf:org/net/deep/x/c.onnx");
  }

  @Test
  void ofManyNetworksSomeAreListed() throws IOException {
    hub.remove("onnx/model.onnx");
    List<String> names = IntStream.range(1000, 4000).mapToObj("onnx/m%d.onnx"::formatted).toList();
    names.forEach(name -> hub.put(name, "x"));

    requireFailure(
        "hf:org/net",
        "cannot fetch hf:org/net: it has the networks %s and 2980 more, and none is named model.onnx; choose one with --file, or name it, such as hf:org/net/onnx/m1000.onnx."
            .formatted(String.join(", ", names.subList(0, 20))));
    requireFailure(
        "hf:org/net/c.onnx",
        "cannot fetch hf:org/net/c.onnx: there is no file c.onnx at commit %s; its networks are: %s and 2980 more."
            .formatted(FakeHub.COMMIT, String.join(", ", names.subList(0, 20))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://hub.example", "ftp://localhost", "hub", "https://", "https://h?a"})
  void theHubsAddressMustBeSecure(String address) {
    assertThatThrownBy(() -> new Hub(address, "", Http.standard()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "the Hub's address is \"%s\", set by -Dpixelwise.hub.endpoint or HF_ENDPOINT; expected"
                    .formatted(address)
                + " https://HOST or https://HOST/PATH (http only for localhost)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "two\nlines", "hf_\u00e9"})
  void whatIsNoTokenIsRefusedWithoutShowingIt(String wrong) {
    assertThatThrownBy(() -> new Hub("", wrong, Http.standard()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "HF_TOKEN is not a token: it has spaces, line breaks or characters that are not ASCII."
                + " Copy the token again from https://huggingface.co/settings/tokens");
  }
}
