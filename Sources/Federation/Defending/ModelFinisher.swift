public import Components

/// A step after the update is applied: clipping, perturbing or training the global model.
public protocol ModelFinisher: Checkpointed, Sendable {
  static var manifest: ComponentManifest { get }
  /// What it needs besides the model.
  static var needs: DefenseNeeds { get }
  static var traits: DefenseTraits { get }
  init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError)

  /// Whether a copy is a snapshot.
  var isCopyable: Bool { get }

  /// Changes the new global model before it is evaluated and broadcast.
  ///
  /// - Parameters:
  ///   - global: The parameters after the server's step, d values.
  ///   - round: The round that ends; `round.global` is what it started from.
  /// - Throws: ``DefenseError`` where the round cannot be finished; the trial then fails.
  mutating func finish(_ global: inout [Float], in round: RoundContext) throws(DefenseError)

  /// How predictions of the global model are made; `nil`: by the model as it is.
  var smoothing: ParameterSmoothing? { get }
}

extension ModelFinisher {
  public static var needs: DefenseNeeds { [] }
  /// It works on the model alone, which the server has anyway.
  public static var traits: DefenseTraits { [.secureAggregation] }
  public var isCopyable: Bool { true }
  public var smoothing: ParameterSmoothing? { nil }
}

/// Prediction by majority vote over noisy copies of the parameters; ties go to the lowest class.
public struct ParameterSmoothing: Sendable, Hashable {
  /// The number of copies, M.
  public let votes: Int
  /// The standard deviation of the normal noise on each parameter.
  public let deviation: Double
  /// The norm that the model is shortened to in every round, before noise of ``deviation`` comes on
  /// it in every round but the last; `nil` where that is not so.
  public let modelBound: Double?

  public init(votes: Int, deviation: Double, modelBound: Double? = nil) {
    precondition(votes > 0 && deviation >= 0, "\(votes) votes with a deviation of \(deviation)")
    self.votes = votes
    self.deviation = deviation
    self.modelBound = modelBound
  }
}
