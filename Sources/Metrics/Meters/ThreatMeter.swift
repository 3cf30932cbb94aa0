public import Federation
public import Simulation

/// How many attackers the rounds of the window hold.
///
/// Attackers of a round are the controlled clients that act in it, those whose update was dropped
/// among them. Under the attack `none` they are those that would act.
///
/// - `threat.attackers`: their number; not pooled.
/// - `threat.f-exceeded`, pooled only: the rounds with more attackers than the smallest number of
///   Byzantine clients that a part of the defense was told; left out where none was told any.
/// - `threat.malicious-majority`, pooled only: the rounds in which at least half of the participants,
///   and at least one, are attackers.
public struct ThreatMeter: RoundMeter {
  static let attackers = "threat.attackers"
  static let exceeded = "threat.f-exceeded"
  static let majority = "threat.malicious-majority"

  public static let series = [attackers]

  private let declaredByzantine: Int?
  private var sawWindow = false
  private var exceededCount = 0
  private var majorityCount = 0

  public init(_ setup: MeterSetup) {
    declaredByzantine = setup.declaredByzantine
  }

  public mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    guard observation.isInWindow else { return [:] }
    sawWindow = true
    let attackerCount = observation.isActing.count { $0 } + observation.droppedActing.count
    let participantCount = observation.clients.count + observation.dropped.count
    if let declaredByzantine, attackerCount > declaredByzantine { exceededCount += 1 }
    if attackerCount > 0, 2 * attackerCount >= participantCount { majorityCount += 1 }
    return [Self.attackers: Double(attackerCount)]
  }

  public mutating func finish() -> [String: Double] {
    guard sawWindow else { return [:] }
    var figures = [Self.majority: Double(majorityCount)]
    if declaredByzantine != nil { figures[Self.exceeded] = Double(exceededCount) }
    return figures
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&sawWindow)
    pass.visit(&exceededCount)
    pass.visit(&majorityCount)
  }
}
