public import PoiseData
public import PoiseNetworks
public import PoiseNumerics

/// The recommended network as files that other frameworks load.
///
/// `init.safetensors` holds float32 tensors `layers.k.weight` (n_out × n_in) and `layers.k.bias`,
/// k = 0 … depth, k = depth being the read-out where there is one: the keys of a `ModuleList` of
/// `Linear`. `init.py` maps them onto any module by counting its `Linear` layers.
public enum InitialWeights {
  /// The tensors of a network; layer 0 is multiplied by `inputScale`.
  ///
  /// - Throws: `outOfRange` if an entry does not fit float32.
  public static func tensors(
    of network: FiniteNetwork<Double>, inputScale: Double = 1, metadata: [String: String] = [:]
  ) throws(PoiseError) -> Safetensors {
    var tensors: [String: StoredArray] = [:]
    for parameter in network.parameters {
      var values = parameter.values
      if parameter.name == "layers.0.weight", inputScale != 1 {
        for index in values.indices { values[index] *= inputScale }
      }
      tensors[parameter.name] = try StoredArray(
        shape: parameter.shape, elements: values, elementType: .float32)
    }
    return Safetensors(tensors: tensors, metadata: metadata)
  }

  /// Ten lines of Python that load the file into a torch module.
  public static let python = """
    # Loads init.safetensors into the Linear layers of a module, in order; others keep their own.
    from safetensors.torch import load_file
    from torch import nn

    def poise_init(model: nn.Module, path: str = "init.safetensors") -> nn.Module:
        new = load_file(path)
        for k, layer in enumerate(m for m in model.modules() if isinstance(m, nn.Linear)):
            own = layer.state_dict().items()
            layer.load_state_dict({p: new.get(f"layers.{k}.{p}", v) for p, v in own})
        return model

    """
}
