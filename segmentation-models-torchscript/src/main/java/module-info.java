/** The weights of the embedded model in TorchScript, for backends that read it. */
module io.github.pixelwise.models.torchscript {}
