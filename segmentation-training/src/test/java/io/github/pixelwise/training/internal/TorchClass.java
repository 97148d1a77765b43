package io.github.pixelwise.training.internal;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.github.pixelwise.network.internal.Pickle;
import io.github.pixelwise.network.internal.TorchArchive;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** An object of a TorchScript class that has only methods. It owns the tensors that it makes. */
final class TorchClass implements AutoCloseable {
  private final PtNDManager manager;
  private final PtSymbolBlock block;

  /**
   * @param methods the methods, indented by two spaces
   */
  TorchClass(String methods) throws IOException {
    manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.setGradMode(true);
    block = JniUtils.loadModule(manager, new ByteArrayInputStream(archive(methods)), false, false);
  }

  private static byte[] archive(String methods) throws IOException {
    String header =
        """
        class Network(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
        """;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TorchArchive archive = new TorchArchive(bytes);
    archive.add("code/__torch__.py", header + methods);
    archive.add(
        "constants.pkl", new Pickle().put(Pickle.Op.EMPTY_TUPLE, Pickle.Op.STOP).toByteArray());
    Pickle module = new Pickle();
    module.global("__torch__", "Network");
    module.put(Pickle.Op.EMPTY_TUPLE, Pickle.Op.NEW_OBJECT, Pickle.Op.EMPTY_DICT, Pickle.Op.MARK);
    module.text("training").put(Pickle.Op.FALSE, Pickle.Op.SET_ITEMS);
    module.put(Pickle.Op.BUILD, Pickle.Op.STOP);
    archive.add("data.pkl", module.toByteArray());
    archive.finish();
    return bytes.toByteArray();
  }

  PtNDArray tensor(float[] values, long... shape) {
    return (PtNDArray) manager.create(values, new Shape(shape));
  }

  PtNDArray tensor(long[] values, long... shape) {
    return (PtNDArray) manager.create(values, new Shape(shape));
  }

  /** Calls {@code forward(scores, targets)}. */
  NDList forward(PtNDArray scores, PtNDArray targets) {
    scores.setName("scores");
    targets.setName("targets");
    return IValueUtils.forward(block, new NDList(scores, targets), true);
  }

  /** Calls a method, and closes its arguments. */
  IValue call(String method, IValue... arguments) {
    try {
      return IValueUtils.runMethod(block, method, arguments);
    } finally {
      Arrays.stream(arguments).forEach(IValue::close);
    }
  }

  /** The only number of a tensor, which is closed. */
  float number(IValue tensor) {
    try (tensor) {
      return tensor.toTensor(manager).toFloatArray()[0];
    }
  }

  @Override
  public void close() {
    block.close();
    manager.close();
  }
}
