public import Datasets
public import Determinism
public import Tensors
public import Training

/// Fixed facts an attack may use when a run starts.
public struct AttackSetup: Sendable {
  /// The number of submissions per round.
  public let participantCount: Int
  public let classCount: Int
  public let shape: InputShape
  public let layout: ParameterLayout
  /// The learning rate of the server.
  public let serverRate: Double
  /// How honest clients train, where an attacker starts from; `nil` on a bare matrix.
  public let schedule: LocalSchedule?
  /// Whether clients send one gradient per round instead of training locally.
  public let isFedSGD: Bool
  /// The path of draws that are fixed for the run, such as a trigger's positions.
  public let seed: SeedPath

  public init(
    participantCount: Int, classCount: Int, shape: InputShape, layout: ParameterLayout,
    serverRate: Double, schedule: LocalSchedule?, isFedSGD: Bool = false, seed: SeedPath
  ) {
    self.participantCount = participantCount
    self.classCount = classCount
    self.shape = shape
    self.layout = layout
    self.serverRate = serverRate
    self.schedule = schedule
    self.isFedSGD = isFedSGD
    self.seed = seed
  }
}
