import Determinism
import Kernels
public import Tensors

/// Shifts and scales inputs: (x − mean) / deviation, per channel.
///
/// Values of a trigger are stated before it, in the unit of the data.
public struct Normalization: Sendable, Hashable {
  /// One value for all channels, or one per channel.
  public let mean: [Float]
  /// As many as there are means; above 0.
  public let deviation: [Float]

  /// - Precondition: As many deviations as means, at least one, every deviation positive.
  public init(mean: [Float], deviation: [Float]) {
    precondition(
      !mean.isEmpty && mean.count == deviation.count && deviation.allSatisfy { $0 > 0 },
      "normalization by \(mean) and \(deviation)")
    self.mean = mean
    self.deviation = deviation
  }

  /// Whether it fits inputs of a shape.
  public func fits(_ shape: InputShape) -> Bool {
    mean.count == 1 || mean.count == shape.channelCount
  }

  /// Returns the value of a feature after normalization; one subtraction and one division.
  public func value(_ raw: Float, at position: Int) -> Float {
    let channel = position % mean.count
    return (raw - mean[channel]) / deviation[channel]
  }

  /// Returns the feature that ``value(_:at:)`` makes a value of, up to rounding.
  public func raw(_ value: Float, at position: Int) -> Float {
    let channel = position % mean.count
    return value * deviation[channel] + mean[channel]
  }

  /// Returns what adding `amount` to a raw feature adds to the normalized one.
  public func difference(_ amount: Float, at position: Int) -> Float {
    amount / deviation[position % deviation.count]
  }

  /// Normalizes every example.
  func apply(to shard: inout Shard) {
    shard.inputs.map(channelCount: mean.count) { value($0, at: $1) }
  }
}

/// A source whose inputs are normalized.
struct NormalizedSource: DataSource {
  let base: any DataSource
  let normalization: Normalization?

  var shape: InputShape { base.shape }
  var classCount: Int { base.classCount }
  var trainingCount: Int? { base.trainingCount }
  var userCount: Int? { base.userCount }
  var alphabet: [UInt8]? { base.alphabet }
  var isFixed: Bool { base.isFixed }

  func byteCount(trainingCount: Int) -> Double { base.byteCount(trainingCount: trainingCount) }

  func load(trainingCount: Int, seed: SeedPath) throws(DatasetError) -> SplitData {
    var data = try base.load(trainingCount: trainingCount, seed: seed)
    normalization?.apply(to: &data.training)
    normalization?.apply(to: &data.test)
    return data
  }

  /// Those of the data as they are: a digest names the data, not what is done to them.
  func canonicalArrays() throws(DatasetError) -> [CanonicalArray]? { try base.canonicalArrays() }
}

extension DataSource {
  /// This source with its inputs normalized.
  ///
  /// - Precondition: The normalization fits the shape.
  public func normalized(by normalization: Normalization) -> any DataSource {
    precondition(normalization.fits(shape), "\(normalization) for inputs of \(shape)")
    return NormalizedSource(base: self, normalization: normalization)
  }
}
