public import Components

/// How the learning rate changes over rounds, as a factor of its start value.
public protocol LearningRateSchedule: Sendable {
  /// Returns the factor of one round.
  ///
  /// - Precondition: `0 <= round < rounds`
  func factor(round: Int, of rounds: Int) -> Double
}

/// How to build one schedule of the learning rate by name.
public struct LearningRateEntry: CatalogEntry {
  public let manifest: ComponentManifest
  public let make: @Sendable (Arguments) -> any LearningRateSchedule

  public init(
    manifest: ComponentManifest, make: @escaping @Sendable (Arguments) -> any LearningRateSchedule
  ) {
    self.manifest = manifest
    self.make = make
  }
}

/// The schedules of the learning rate that come with the suite, by id.
public let builtInLearningRates: [LearningRateEntry] = [
  ConstantRate.entry,
  CosineDecay.entry,
  LinearDecay.entry,
  StepDecay.entry,
]

extension ParameterSpec {
  /// The factor that a schedule falls to.
  static let rateEnd = ParameterSpec(
    "end", .real(0...1), default: .real(0), help: "factor that is approached after the last round")
}
