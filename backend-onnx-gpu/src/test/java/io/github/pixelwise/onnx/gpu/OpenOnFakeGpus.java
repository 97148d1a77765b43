package io.github.pixelwise.onnx.gpu;

import io.github.pixelwise.Device;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.SegmentationException;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.onnx.OnnxBackend;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.InferenceSession;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What {@link FakeCudaTest} runs in JVMs of their own. */
final class OpenOnFakeGpus {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "onnx.cuda.memory-limit", "2GB",
          "onnx.cuda.cudnn-search", "heuristic",
          "onnx.cuda.tf32", "on");

  private OpenOnFakeGpus() {}

  /** Prints the devices, then the result of opening each network on its device. */
  public static void main(String[] args) {
    OnnxBackend backend = new OnnxBackend();
    System.out.println("devices: " + backend.availability().devices());
    for (int i = 0; i < args.length; i += 3) {
      System.out.println(open(backend, args[i], args[i + 1], Path.of(args[i + 2])));
    }
  }

  private static String open(OnnxBackend backend, String device, String names, Path file) {
    List<String> inputAndOutput = List.of(names.split(",", 2));
    ModelCard card =
        ModelCard.builder(
                "net",
                InputSpec.builder(inputAndOutput.get(0), SizeRule.fixed(16, 16)).build(),
                OutputSpec.logits(inputAndOutput.get(1), 1),
                LabelMap.of(List.of("a", "b")))
            .file(ModelFormat.ONNX, file)
            .build();
    BackendContext.Builder context =
        BackendContext.builder(backend, card, ModelFormat.ONNX, file).device(Device.parse(device));
    SETTINGS.forEach(context::setting);
    try (InferenceSession session = backend.open(context.build())) {
      return session.runtime().device() + ": " + session.runtime().reason();
    } catch (SegmentationException e) {
      return e.getMessage();
    }
  }
}
