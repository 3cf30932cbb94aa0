import Determinism
import Kernels
import Training

/// Trains the hidden layers by the supervised contrastive loss of a batch, instead of cross-entropy.
///
/// With z_i the last hidden layer's output of example i, divided by its norm, P(i) the other examples of
/// its label, and s_i the weight of its label, the loss is the mean over i of
/// −s_i / |P(i)| · Σ over p in P(i) of log(exp(z_i · z_p / T) / Σ over a ≠ i of exp(z_i · z_a / T)).
/// An example without another of its label adds nothing, nor does one whose output is 0 move. Everything
/// up to the gradient by the outputs is in double precision.
///
/// - Complexity: O(n² · features) per step besides the model; allocates when a batch is larger than all
///   before.
/// - Note: Khosla et al., Supervised contrastive learning, NeurIPS 2020.
struct SupervisedContrast: LocalTrainingHook {
  let temperature: Double
  /// The label whose examples count `weight` times.
  let target: Int
  let weight: Double

  /// The outputs of the last hidden layer, then the gradient by them.
  var features: [Float] = []
  private var directions: [Double] = []
  private var norms: [Double] = []
  private var slopes: [Double] = []
  private var sums: [Double] = []

  init(temperature: Double, target: Int, weight: Double) {
    self.temperature = temperature
    self.target = target
    self.weight = weight
  }

  var replacesLoss: Bool { true }

  mutating func differentiate(
    inputs: Span<Float>, labels: Span<Int>, at parameters: Span<Float>, model: any Model,
    into gradient: inout MutableSpan<Float>, workspace: inout ModelWorkspace
  ) {
    let (count, width) = (labels.count, model.featureCount)
    makeRoom(count, width)
    // Both passes draw the same, or dropout would differentiate another loss.
    let random = workspace.pass.random
    Self.run(model, inputs, count, parameters, into: &features, &workspace)
    differentiate(labels, width)
    workspace.pass.random = random
    model.gradient(
      ofFeatures: features.span.extracting(0..<count * width), inputs: inputs, count: count,
      parameters: parameters, into: &gradient, workspace: &workspace)
  }

  private static func run(
    _ model: any Model, _ inputs: Span<Float>, _ count: Int, _ parameters: Span<Float>,
    into features: inout [Float], _ workspace: inout ModelWorkspace
  ) {
    var all = features.mutableSpan
    var target = all._mutatingExtracting(0..<count * model.featureCount)
    model.features(
      inputs: inputs, count: count, parameters: parameters, into: &target, workspace: &workspace)
  }

  mutating func makeRoom(_ count: Int, _ width: Int) {
    guard features.count < count * width || norms.count < count else { return }
    features = [Float](repeating: 0, count: count * width)
    directions = [Double](repeating: 0, count: count * width)
    norms = [Double](repeating: 0, count: count)
    slopes = [Double](repeating: 0, count: count * count)
    sums = [Double](repeating: 0, count: width)
  }

  /// Replaces the features by the gradient of the loss by them.
  mutating func differentiate(_ labels: Span<Int>, _ width: Int) {
    let count = labels.count
    for i in 0..<count {
      var square = 0.0
      for k in 0..<width {
        let value = Double(features[i * width + k])
        square += value * value
      }
      norms[i] = square.squareRoot()
      for k in 0..<width {
        directions[i * width + k] =
          norms[i] > 0 ? Double(features[i * width + k]) / norms[i] : 0
      }
    }
    for i in 0..<count { fillSlopes(of: i, labels, width) }
    for i in 0..<count {
      for k in 0..<width { sums[k] = 0 }
      for j in 0..<count {
        let slope = (slopes[i * count + j] + slopes[j * count + i]) / temperature
        for k in 0..<width { sums[k] += slope * directions[j * width + k] }
      }
      var along = 0.0
      for k in 0..<width { along += sums[k] * directions[i * width + k] }
      for k in 0..<width {
        let across = sums[k] - along * directions[i * width + k]
        features[i * width + k] = norms[i] > 0 ? Float(across / norms[i]) : 0
      }
    }
  }

  /// Fills row `i` with the gradient of the loss of example i by its products with the others.
  private mutating func fillSlopes(of i: Int, _ labels: Span<Int>, _ width: Int) {
    let count = labels.count
    let row = i * count
    var positives = 0
    var largest = -Double.infinity
    for j in 0..<count {
      slopes[row + j] = 0
      guard j != i else { continue }
      if labels[j] == labels[i] { positives += 1 }
      var dot = 0.0
      for k in 0..<width { dot += directions[i * width + k] * directions[j * width + k] }
      slopes[row + j] = dot / temperature
      largest = max(largest, slopes[row + j])
    }
    guard positives > 0 else {
      for j in 0..<count { slopes[row + j] = 0 }
      return
    }
    var sum = 0.0
    for j in 0..<count where j != i {
      slopes[row + j] = ElementaryFunctions.exp(slopes[row + j] - largest)
      sum += slopes[row + j]
    }
    let share = (labels[i] == target ? weight : 1) / Double(count)
    for j in 0..<count where j != i {
      let aim = labels[j] == labels[i] ? 1 / Double(positives) : 0
      slopes[row + j] = share * (slopes[row + j] / sum - aim)
    }
  }
}
