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
  /** The first argument is the module itself; "self" is only a convention. */
  private static final Pattern DECLARATION =
      Pattern.compile("Declaration: forward\\(\\S+ \\w+(?:, )?(.*)\\) -> (.*)$", Pattern.DOTALL);

  /** One tensor; any other arguments have defaults. */
  private static final Pattern ONE_TENSOR = Pattern.compile("Tensor (\\w+)(, .*=.*)?");

  /**
   * Reads a module's signature.
   *
   * @throws EngineException if there is none
   */
  static ForwardSignature of(PtSymbolBlock module) {
    // DJL cannot query the declaration, but PyTorch reports it if called without inputs.
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

  /** The input's name; empty if one tensor is not enough. */
  Optional<String> input() {
    Matcher matcher = ONE_TENSOR.matcher(arguments);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** Whether it returns a single tensor, so that outputs have no names. */
  boolean returnsTensor() {
    return result.equals("Tensor");
  }

  @Override
  public String toString() {
    return "forward(" + arguments + ")";
  }
}
