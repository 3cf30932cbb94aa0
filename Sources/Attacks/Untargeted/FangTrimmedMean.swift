public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Sends values just beyond the honest ones, on the side that the model would not have moved to.
///
/// Every attacker and coordinate has its own draw u, one after the other, also where it is not used.
/// With full knowledge a value lies between the largest (or smallest) honest value and `b` times as
/// much, or a b-th of it, whichever is farther out. An extreme of 0 has no such multiple, and 0 is sent.
/// Of `partial` knowledge mean and population deviation are those of what the attackers trained
/// themselves; with one attacker its own update is sent. Where the mean of a coordinate is 0 it is sent
/// as it is. Values are rounded once, and never land inside the honest ones. Where no update is
/// known (no honest client takes part) rows stay what they are.
///
/// - Complexity: O((h + f) d), and f d draws.
/// - Note: Fang, Cao, Jia, Gong, USENIX Security 2020. Deviation: on updates rather than on local
///   models, so that what `b` multiplies is the update. Blades gives all attackers one draw; the
///   notebooks of Shejwalkar and Houmansadr test one side twice and send 0 on the other.
public struct FangTrimmedMean: Attack {
  public static let manifest = ComponentManifest(
    id: "fang-trimmed-mean",
    summary: "Sends values just beyond the honest ones, against where the model moves.",
    formula: """
      s_j = sign(μ_j), u uniform in [0, 1). full: s_j > 0: from m = min_i Δ_i,j towards m / b if m > 0, \
      else b m; s_j < 0: from M = max_i Δ_i,j towards b M if M > 0, else M / b; by the share u. \
      partial: μ_j − s_j (3 + u) σ_j. s_j = 0: μ_j
      """,
    preconditions: ["knows the honest updates, unless knowledge is partial"],
    citations: [Citation.fangAttacks],
    parameters: [
      AttackerKnowledge.parameter,
      ParameterSpec(
        "b", .real(1 ... .greatestFiniteMagnitude), default: .real(2),
        help: "factor up to which values lie beyond the honest ones; unused by partial"),
    ])
  public static let tier = ThreatTier.omniscient

  private let knowledge: AttackerKnowledge
  private let factor: Double

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    knowledge = AttackerKnowledge(arguments)
    factor = arguments.real("b")
  }

  public var threatModel: ThreatModel {
    ThreatModel(surface: .update, knowledge: knowledge.level)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0, let ends = intervals(rows, view) else { return [:] }
    for row in 0..<rows.rowCount {
      rows.withMutableRow(row) { values in
        for column in values.indices {
          let (near, far) = ends[column]
          values[column] = Float(near + random.unit() * (far - near))
        }
      }
    }
    return [:]
  }

  /// Where values of each column are drawn, the end next to the honest ones first.
  private func intervals(
    _ rows: Matrix<Float>, _ view: AttackerView
  ) -> [(near: Double, far: Double)]? {
    guard let known = knowledge.updates(rows, view),
      let moments = known.meanAndDeviation(pool: view.pool)
    else { return nil }
    guard knowledge.isFull else {
      return zip(moments.mean, moments.deviation).map { mean, deviation in
        let away = mean > 0 ? -deviation : mean < 0 ? deviation : 0
        return (mean + 3 * away, mean + 4 * away)
      }
    }
    let (lowest, highest) = known.range()
    return moments.mean.indices.map { column in
      let mean = moments.mean[column]
      guard mean != 0 else { return (0, 0) }
      let near = Double(mean > 0 ? lowest[column] : highest[column])
      // Away from the honest values is down for a positive mean, up for a negative one.
      return (near, (near > 0) == (mean > 0) ? near / factor : near * factor)
    }
  }
}

extension HonestUpdates {
  /// The smallest and largest value of each column.
  ///
  /// - Precondition: At least one row.
  fileprivate func range() -> (lowest: [Float], highest: [Float]) {
    var lowest = all.row(rows[0])
    var highest = lowest
    for row in rows.dropFirst() {
      all.withRow(row) { values in
        for column in values.indices {
          lowest[column] = min(lowest[column], values[column])
          highest[column] = max(highest[column], values[column])
        }
      }
    }
    return (lowest, highest)
  }
}
