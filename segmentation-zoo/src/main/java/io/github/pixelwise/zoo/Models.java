package io.github.pixelwise.zoo;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.model.ModelCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Finds models by what people call them. */
public final class Models {
  /** What names a file and not a model, even if the file does not exist. */
  private static final Pattern FILE =
      Pattern.compile("/|(?i)\\.(properties|onnx|pt|pth|torchscript|safetensors|tflite)$");

  private Models() {}

  /**
   * Finds a model.
   *
   * @param catalog the models with names
   * @param model a name; {@code hf:OWNER/NAME} for a model fetched from the Hugging Face Hub; or
   *     the path of a card, of its folder, of a network with its card beside it, or of a Hugging
   *     Face folder
   * @return its card
   * @throws IOException if it is a path, and there is no card or it cannot be read
   * @throws io.github.pixelwise.ModelNotFoundException if there is no model with that name
   */
  public static ModelCard find(Catalog catalog, String model) throws IOException {
    if (model.startsWith(HubName.PREFIX) || catalog.modelNames().contains(model)) {
      return catalog.model(model);
    }
    Path path = Path.of(model);
    if (HuggingFaceFolder.matches(path)) {
      return HuggingFaceFolder.read(path);
    }
    return Files.exists(path) || FILE.matcher(model).find()
        ? ModelCard.read(path)
        : catalog.model(model);
  }
}
