import Determinism

/// How weights are drawn before the first round; b is the number of inputs of a layer.
public enum Initialization: String, Sendable, Hashable, CaseIterable {
  /// Normal with variance 2/b, biases 0 (He et al., ICCV 2015).
  case he
  /// Uniform in ±sqrt(6/(inputs + outputs)), biases 0 (Glorot and Bengio, AISTATS 2010).
  case glorot
  /// Uniform in ±1/sqrt(b), biases too: what PyTorch's `Linear` does.
  case pytorch

  /// Draws one tensor; constants draw nothing.
  func fill(
    _ parameters: inout [Float], _ range: Range<Int>, as start: LayerTensor.Start,
    using random: inout RandomStream
  ) {
    switch (start, self) {
    case (.weight(let inputs, _), .he):
      let deviation = (2 / Double(inputs)).squareRoot()
      for i in range { parameters[i] = Float(deviation * random.normal()) }
    case (.weight(let inputs, let outputs), .glorot):
      let bound = (6 / (Double(inputs) + Double(outputs))).squareRoot()
      for i in range { parameters[i] = Float(bound * (2 * random.unit() - 1)) }
    case (.weight(let inputs, _), .pytorch), (.bias(let inputs), .pytorch):
      let bound = 1 / Double(inputs).squareRoot()
      for i in range { parameters[i] = Float(bound * (2 * random.unit() - 1)) }
    case (.bias, _):
      for i in range { parameters[i] = 0 }
    case (.constant(let value), _):
      for i in range { parameters[i] = value }
    case (.uniform(let bound), _):
      for i in range { parameters[i] = Float(bound * (2 * random.unit() - 1)) }
    case (.normal(let deviation), _):
      for i in range { parameters[i] = Float(deviation * random.normal()) }
    }
  }
}
