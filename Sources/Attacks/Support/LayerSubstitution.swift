import Components
import Tensors

/// Finds the layers of a network that carry a backdoor, by putting layers of one model into another.
///
/// Forward: each layer of the malicious model in turn is replaced by the benign one, and layers are ranked
/// by how few marked examples still succeed. Backward: in that order layers of the malicious model are put
/// into the benign one, until the wanted share of the malicious model's successes is reached. Equal ranks
/// go to the earlier layer.
///
/// - Complexity: 2 L + 1 counts of successes for L layers, and O(L d).
/// - Note: Zhuang et al., ICLR 2024, layer substitution analysis.
struct LayerSubstitution: Sendable {
  /// What is replaced at once.
  enum Unit: String, CaseIterable, Sendable {
    /// Each weight and each bias by itself.
    case tensor
    /// All tensors of a layer together.
    case layer
  }

  /// The positions of each layer, ascending.
  let layers: [Range<Int>]

  init(_ layout: ParameterLayout, unit: Unit) {
    var layers: [Range<Int>] = []
    var last: Substring?
    for segment in layout.segments {
      // `dense1.weight` and `dense1.bias` are of one layer.
      let name = segment.name.lastIndex(of: ".").map { segment.name[..<$0] }
      if unit == .layer, let name, name == last, let previous = layers.last {
        layers[layers.count - 1] = previous.lowerBound..<segment.range.upperBound
      } else {
        layers.append(segment.range)
      }
      last = name
    }
    self.layers = layers
  }

  /// Returns the critical layers, in the order in which they were found.
  ///
  /// - Parameters:
  ///   - benign: The parameters of the benign model.
  ///   - malicious: Those of the malicious one.
  ///   - share: The share of its successes that is enough, in 0...1.
  ///   - hits: Counts the marked examples that a model takes for the target.
  /// - Returns: Places in ``layers``; none if the malicious model has no success.
  func critical(
    benign: [Float], malicious: [Float], share: Double, hits: ([Float]) -> Int
  ) -> [Int] {
    let wanted = DecimalShare(share).count(of: hits(malicious), rounded: .up)
    guard wanted > 0 else { return [] }
    var model = malicious
    let left = layers.map { layer in
      model.replaceSubrange(layer, with: benign[layer])
      defer { model.replaceSubrange(layer, with: malicious[layer]) }
      return hits(model)
    }
    let order = layers.indices.sorted { (left[$0], $0) < (left[$1], $1) }
    var chosen: [Int] = []
    var count = 0
    model = benign
    for layer in order where count < wanted {
      model.replaceSubrange(layers[layer], with: malicious[layers[layer]])
      chosen.append(layer)
      count = hits(model)
    }
    return chosen
  }
}
