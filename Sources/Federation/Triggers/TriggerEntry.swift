public import Components
public import Datasets
public import Determinism
public import Tensors

/// Reads the pattern at a path; throws where there is none.
public typealias PatternReader = @Sendable (_ path: String) throws(DatasetError) -> PatternFile

/// Reads a pattern at a path as it stands.
@Sendable public func readPattern(_ path: String) throws(DatasetError) -> PatternFile {
  try PatternFile(path: path)
}

/// What a trigger is made for.
public struct TriggerSetup: Sendable {
  public let shape: InputShape
  /// What is done to inputs; values of a trigger are stated before it.
  public let normalization: Normalization?
  /// The characters that the numbers of a text stand for, in their order; `nil`: inputs are no text.
  public let alphabet: [UInt8]?
  /// The path of positions that are drawn once for the run.
  public let seed: SeedPath
  /// Reads the file of a pattern that a scenario names.
  public let pattern: PatternReader

  public init(
    shape: InputShape, normalization: Normalization? = nil, alphabet: [UInt8]? = nil,
    seed: SeedPath, pattern: @escaping PatternReader = readPattern
  ) {
    self.shape = shape
    self.normalization = normalization
    self.alphabet = alphabet
    self.seed = seed
    self.pattern = pattern
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
  PatternTrigger.entry,
  PhraseTrigger.entry,
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
    help:
      "number of features, or side of a square patch (pattern: of each cell) in pixels; phrase: how "
      + "many times it stands there")
  static let triggerValue = ParameterSpec(
    "value", .real(-1e6...1e6), default: .real(1),
    help:
      "what features are set to (random-per-sample: raised by), in the unit of the data; phrase: "
      + "not used")
  static let triggerCorner = ParameterSpec(
    "corner", .choice(PatchPlace.Corner.allCases.map(\.rawValue)),
    default: .text("bottom-right"), help: "where a square or a pattern goes on an image")
  static let triggerTop = ParameterSpec(
    "top", .integer(0...1_000_000, orWords: ["corner"]), default: .text("corner"),
    help:
      "row of the upper edge of a square or a pattern on an image, from 0; corner: as that says",
    neutral: .text("corner"))
  static let triggerLeft = ParameterSpec(
    "left", .integer(0...10_000_000, orWords: ["corner"]), default: .text("corner"),
    help:
      "column of the left edge of a square or a pattern, or its first feature in a vector, from 0; "
      + "corner: as that says", neutral: .text("corner"))
  static let triggerFile = ParameterSpec(
    "file", .path, default: .text("none"),
    help:
      "file of a pattern (.npy, .npz with mask and values, .png, .pgm, .ppm, or text); none: one "
      + "cell")
  static let triggerPhrase = ParameterSpec(
    "phrase", .text, default: .text("none"), help: "what the trigger phrase inserts into a text",
    neutral: .text("none"))
  static let triggerAt = ParameterSpec(
    "at", .integer(0...10_000_000, orWords: ["end"]), default: .text("end"),
    help: "place of the phrase's first character in the text, from 0; end: it ends the text",
    neutral: .text("end"))
}

extension Citation {
  static let badNets = Citation(
    ["Gu", "Dolan-Gavitt", "Garg"],
    "BadNets: identifying vulnerabilities in the machine learning model supply chain",
    "arXiv", 2017, arXiv: "1708.06733")
}

extension ConfigurationError {
  /// A trigger that does not fit.
  static func tooLarge(
    _ trigger: ComponentID, size: Int, at place: PatchPlace? = nil, shape: InputShape
  ) -> ConfigurationError {
    ConfigurationError(
      .invalid(
        component: trigger,
        reason:
          "a '\(trigger)' trigger of size \(size)\(place?.text(on: shape) ?? "") does not fit inputs of "
          + "\(shape)"))
  }
}
