package io.github.pixelwise.djl;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a module's {@code forward} takes and returns, as PyTorch declares it.
 *
 * @param arguments for example {@code Tensor image, bool fast=False}
 * @param result for example {@code Dict(str, Tensor)}
 */
record ForwardSignature(String arguments, String result) {
  /** The module itself is the first argument, which Python calls self by custom alone. */
  private static final Pattern DECLARATION =
      Pattern.compile("Declaration: forward\\(\\S+ \\w+(?:, )?(.*)\\) -> (.*)$", Pattern.DOTALL);

  /** One tensor; what else there is has a default. */
  private static final Pattern ONE_TENSOR = Pattern.compile("Tensor (\\w+)(, .*=.*)?");

  /**
   * Reads a module's signature.
   *
   * @throws EngineException if there is none
   */
  static ForwardSignature of(PtSymbolBlock module) {
    // DJL has no way to ask for the declaration, but PyTorch tells it to who calls without inputs.
    try (IValue result = module.forward()) {
      return new ForwardSignature("", result.getType());
    } catch (EngineException e) {
      Matcher declaration = DECLARATION.matcher(String.valueOf(e.getMessage()));
      if (!declaration.find()) {
        throw e;
      }
      return new ForwardSignature(declaration.group(1), declaration.group(2));
    }
  }

  /** The input's name, if one tensor is enough. */
  Optional<String> input() {
    Matcher matcher = ONE_TENSOR.matcher(arguments);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** Whether a tensor is returned, and so there are no names of outputs. */
  boolean returnsTensor() {
    return result.equals("Tensor");
  }

  @Override
  public String toString() {
    return "forward(" + arguments + ")";
  }
}
