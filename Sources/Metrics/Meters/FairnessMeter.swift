public import Federation
public import Simulation
import Statistics

/// Whether a defense takes less from honest clients whose labels are unusual, in the rounds of the window.
///
/// What a client keeps in a round is the weight that the defense gave it over its share in a plain
/// average: 1 is all, 0 is rejected; a client whose update was dropped keeps 0. What it lost is 1 less
/// the mean over the rounds in which it took part. Honest are the clients that no attack controls.
///
/// - `fairness.rejected-skew`, pooled only: Spearman's rank correlation, over these clients, of the
///   skew of their labels with what they lost; losses that differ by less than 10⁻⁹ or so are ties.
///   Left out for fewer than two clients, and where all skews or all losses are equal.
/// - `fairness.judged`, `fairness.skews`, pooled only: the number of these clients, and of different
///   skews among them.
public struct FairnessMeter: RoundMeter {
  static let correlation = "fairness.rejected-skew"
  static let judged = "fairness.judged"
  static let skews = "fairness.skews"

  public static let series: [String] = []

  private struct Kept {
    var sum = 0.0
    var roundCount = 0.0
  }

  private let labelSkew: [Double]
  private var kept: [Kept]
  private var sawWindow = false

  public init(_ setup: MeterSetup) {
    labelSkew = setup.labelSkew
    kept = labelSkew.map { _ in Kept() }
  }

  public mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    guard observation.isInWindow else { return [:] }
    sawWindow = true
    for (row, client) in observation.clients.enumerated() where !observation.isControlled[row] {
      let share = observation.weights[row]
      guard share > 0, let weight = observation.verdicts[client]?.weight else { continue }
      add(weight / share, of: client)
    }
    let controlled = Set(observation.droppedControlled)
    for client in observation.dropped where !controlled.contains(client) { add(0, of: client) }
    return [:]
  }

  private mutating func add(_ part: Double, of client: ClientID) {
    guard kept.indices.contains(client.index), part.isFinite else { return }
    kept[client.index].sum += part
    kept[client.index].roundCount += 1
  }

  public mutating func finish() -> [String: Double] {
    guard sawWindow, !labelSkew.isEmpty else { return [:] }
    let clients = kept.indices.filter { kept[$0].roundCount > 0 }
    let skews = clients.map { labelSkew[$0] }
    // Shares such as 1/3 + 1/3 + 1/3 differ in their last bits.
    let losses = clients.map { ((1 - kept[$0].sum / kept[$0].roundCount) * 1e9).rounded() }
    var figures = [
      Self.judged: Double(clients.count), Self.skews: Double(Set(skews).count),
    ]
    figures[Self.correlation] = Ranks.correlation(skews, losses)
    return figures
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&sawWindow)
    var read = kept
    pass.visit(&read, from: Kept()) { pass, client in
      pass.visit(&client.sum)
      pass.visit(&client.roundCount)
    }
    guard read.count == kept.count else { return pass.fail("it is of another number of clients") }
    kept = read
  }
}
