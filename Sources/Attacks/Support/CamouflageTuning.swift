import Determinism
import Federation

/// How strongly groups of attackers mask their updates, and how many attackers are decoys; adapted to what
/// became of the updates of the round before.
struct CamouflageTuning: Sendable {
  /// The least weight of the changes of neurons.
  private let least: Double
  private let decoyLimit: Int
  /// Per group, in 0...1.
  private(set) var alphas: [Double]
  private(set) var decoyCount = 0
  /// Whether the server adds noise: then nothing is read any more.
  private(set) var isNoisy = false

  /// - Parameters:
  ///   - groupCount: The number of groups.
  ///   - decoyLimit: The most decoys.
  ///   - least: The least alpha.
  ///   - random: Draws the first ones, uniform from there to 1.
  init(groupCount: Int, decoyLimit: Int, least: Double, random: inout RandomStream) {
    self.least = least
    self.decoyLimit = decoyLimit
    alphas = []
    for _ in 0..<groupCount { alphas.append(least + (1 - least) * random.unit()) }
  }

  /// Takes in what became of the last updates.
  ///
  /// An accepted decoy is given up; a decoy is added where neither one was accepted nor a backdoor got
  /// in. A group whose members were accepted, four in five of them, keeps a good alpha: if all groups did,
  /// new ones are drawn between the two lowest (a single one stays); if some did, between the lowest good one and
  /// 0.1 above; if none did, anew.
  mutating func adapt(to reading: AcceptanceIndicators.Reading, random: inout RandomStream) {
    isNoisy = isNoisy || reading.isNoisy
    guard !isNoisy else {
      alphas = alphas.map { _ in Self.inside(least) }
      decoyCount = 0
      return
    }
    let decoys = reading.replies.filter { $0.planted.group == nil }
    let others = reading.replies.filter { $0.planted.group != nil }
    let accepted = decoys.count { $0.reply == .accepted }
    decoyCount = max(0, decoyCount - accepted)
    if accepted == 0 && !others.isEmpty && others.allSatisfy({ $0.reply == .rejected }) {
      decoyCount += 1
    }
    decoyCount = min(decoyCount, decoyLimit)
    adaptAlphas(others.map { ($0.planted.group ?? 0, $0.reply) }, random: &random)
  }

  mutating func checkpoint(_ pass: inout CheckpointPass) {
    let groupCount = alphas.count
    pass.visit(&alphas)
    pass.require(
      alphas.count == groupCount && alphas.allSatisfy((0...1).contains),
      "alphas are not those of \(groupCount) groups")
    pass.visit(&decoyCount, in: 0...decoyLimit)
    pass.visit(&isNoisy)
  }

  private mutating func adaptAlphas(
    _ replies: [(group: Int, reply: AcceptanceIndicators.Reply)], random: inout RandomStream
  ) {
    let present = alphas.indices.filter { group in replies.contains { $0.group == group } }
    let good = present.filter { group in
      let own = replies.filter { $0.group == group }
      return Double(own.count { $0.reply == .accepted }) >= 0.8 * Double(own.count)
    }
    let known = good.map { alphas[$0] }.sorted()
    if present.count == 1 && known.count == 1 { return }
    for group in present {
      let (low, high) =
        if known.count == present.count {
          (known[0], known[1])
        } else if let lowest = known.first {
          (lowest, lowest + 0.1)
        } else {
          (least, 1.0)
        }
      alphas[group] = Self.inside(low + (high - low) * random.unit())
    }
  }

  private static func inside(_ alpha: Double) -> Double { min(max(alpha, 0.01), 0.99) }
}
