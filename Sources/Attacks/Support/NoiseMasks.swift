import Determinism
import Kernels
import Tensors

/// Noise on the output layer of some colluding updates that cancels in their sum.
///
/// In units of r, the root mean square of the updates' output layers, u_i is an update and m_i its mask on
/// the w coordinates (weights, then the bias) of each chosen neuron j. Each mask goes down
/// alpha · Σ_j w / Σ |u_ij + m_ij| + (1 − alpha) · ‖m_i‖ / √(w · neurons): neurons that hardly change are made
/// to look as if they did, by as little as possible. After each step the mean of all masks is taken off.
///
/// One update alone has no mask, since nothing would cancel it; where r is 0 there is none either.
struct NoiseMasks: Sendable {
  private let weights: Range<Int>
  private let biases: Range<Int>
  /// The number of output neurons, one for each class.
  let neuronCount: Int

  /// `nil` where a model has no dense output layer with a bias.
  init?(_ layout: ParameterLayout) {
    guard let weight = layout.segments.first(where: { $0.role == .outputWeight }),
      let bias = layout.segments.first(where: { $0.role == .outputBias }), weight.shape.count == 2
    else { return nil }
    weights = weight.range
    biases = bias.range
    neuronCount = weight.shape[1]
  }

  /// w, the number of coordinates of a neuron.
  var width: Int { weights.count / neuronCount + 1 }

  /// The coordinates of neurons, one after the other.
  func coordinates(of neurons: [Int]) -> [Int] {
    neurons.flatMap { neuron in
      (0..<width - 1).map { weights.lowerBound + $0 * neuronCount + neuron }
        + [biases.lowerBound + neuron]
    }
  }

  /// Draws standard normal values for each of some masks.
  func noise(_ count: Int, neurons: [Int], random: inout RandomStream) -> [[Double]] {
    (0..<count).map { _ in (0..<neurons.count * width).map { _ in random.normal() } }
  }

  /// Adds masks to rows, each coordinate rounded once.
  ///
  /// - Parameters:
  ///   - rows: The updates.
  ///   - slots: Which of them collude.
  ///   - neurons: The neurons that are masked.
  ///   - start: Where the masks start, in units of r.
  ///   - alpha: What the changes of neurons count for, in 0...1.
  ///   - steps: How many steps they take.
  ///   - rate: The size of a step; times w it is the learning rate.
  /// - Complexity: O(steps · slots · neurons · w).
  func apply(
    to rows: inout Matrix<Float>, slots: [Int], neurons: [Int], start: [[Double]], alpha: Double,
    steps: Int, rate: Double
  ) {
    let places = coordinates(of: neurons)
    let unit = unit(rows, slots)
    guard slots.count > 1, unit > 0, unit.isFinite else { return }
    let updates = slots.map { slot in
      rows.withRow(slot) { row in places.map { Double(row[$0]) / unit } }
    }
    var masks = start
    Self.center(&masks)
    for _ in 0..<steps {
      for member in masks.indices {
        let slope = gradient(of: masks[member], update: updates[member], alpha: alpha)
        for place in slope.indices {
          masks[member][place] -= rate * Double(width) * slope[place]
        }
      }
      Self.center(&masks)
    }
    for (member, slot) in slots.enumerated() {
      rows.withMutableRow(slot) { row in
        for (place, coordinate) in places.enumerated() {
          row[coordinate] = Float(Double(row[coordinate]) + unit * masks[member][place])
        }
      }
    }
  }

  /// The gradient of the loss of one mask; a neuron that does not change, and a mask of zeros, have no
  /// direction.
  func gradient(of mask: [Double], update: [Double], alpha: Double) -> [Double] {
    let norm = mask.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let shrinkage = norm > 0 ? (1 - alpha) / (norm * Double(mask.count).squareRoot()) : 0
    var slope = mask.map { shrinkage * $0 }
    for first in stride(from: 0, to: mask.count, by: width) {
      let changes = (first..<first + width).map { update[$0] + mask[$0] }
      let energy = changes.reduce(0) { $0 + abs($1) }
      guard energy > 0 else { continue }
      let pull = alpha * Double(width) / (energy * energy)
      for (place, change) in changes.enumerated() where change != 0 {
        slope[first + place] -= change > 0 ? pull : -pull
      }
    }
    return slope
  }

  /// The root mean square of the output layers of some rows.
  private func unit(_ rows: Matrix<Float>, _ slots: [Int]) -> Double {
    var sum = 0.0
    for slot in slots {
      rows.withRow(slot) { row in
        for range in [weights, biases] {
          for coordinate in range { sum += Double(row[coordinate]) * Double(row[coordinate]) }
        }
      }
    }
    return (sum / Double(max(1, slots.count * (weights.count + biases.count)))).squareRoot()
  }

  private static func center(_ masks: inout [[Double]]) {
    guard let width = masks.first?.count else { return }
    for place in 0..<width {
      let mean = masks.reduce(0) { $0 + $1[place] } / Double(masks.count)
      for member in masks.indices { masks[member][place] -= mean }
    }
  }
}
