public import Components
public import Datasets
public import Determinism
public import Tensors

/// What a trigger is made for.
public struct TriggerSetup: Sendable {
  public let shape: InputShape
  /// What is done to inputs; values of a trigger are stated before it.
  public let normalization: Normalization?
  /// The path of positions that are drawn once for the run.
  public let seed: SeedPath

  public init(shape: InputShape, normalization: Normalization? = nil, seed: SeedPath) {
    self.shape = shape
    self.normalization = normalization
    self.seed = seed
  }

  /// Returns a trigger that sets features to one value, stated before normalization.
  public func trigger(at positions: [Int], value: Float) -> Trigger {
    Trigger(
      positions: positions,
      values: positions.map { normalization?.value(value, at: $0) ?? value })
  }
}

/// How to build one trigger by name.
///
/// Parameters of the same name mean the same in every trigger, since a scenario's backdoor and the
/// attacks that take theirs from it have one key for all.
public struct TriggerEntry: CatalogEntry {
  public let manifest: ComponentManifest
  /// Throws where the trigger does not fit the inputs.
  public let make: @Sendable (Arguments, TriggerSetup) throws(ConfigurationError) -> Trigger

  public init(
    manifest: ComponentManifest,
    make: @escaping @Sendable (Arguments, TriggerSetup) throws(ConfigurationError) -> Trigger
  ) {
    self.manifest = manifest
    self.make = make
  }
}

/// The triggers that come with the suite, by id.
public let builtInTriggers: [TriggerEntry] = [
  RandomTrigger.entry,
  PerSampleTrigger.entry,
  SquareTrigger.entry,
]

extension [TriggerEntry] {
  /// The parameters of all triggers, each name once, in the order in which they first appear.
  public var parameters: [ParameterSpec] {
    var seen: Set<String> = []
    return flatMap(\.manifest.parameters).filter { seen.insert($0.name).inserted }
  }
}

extension ParameterSpec {
  static let triggerSize = ParameterSpec(
    "size", .integer(1...10_000_000), default: .required,
    help: "number of features, or side of a square patch in pixels")
  static let triggerValue = ParameterSpec(
    "value", .real(-1e6...1e6), default: .real(1),
    help: "what features are set to (random-per-sample: raised by), in the unit of the data")
}

extension ConfigurationError {
  /// A trigger that does not fit.
  static func tooLarge(_ trigger: ComponentID, size: Int, shape: InputShape) -> ConfigurationError {
    ConfigurationError(
      .invalid(
        component: trigger,
        reason: "a '\(trigger)' trigger of size \(size) does not fit inputs of \(shape)"))
  }
}
