public import Components
public import Determinism
public import Federation
public import Kernels
import Statistics
public import Tensors

/// Links a chain of attackers to the largest group of honest rows, against clustering.
///
/// Clustering by cosine distance joins rows that are near. The chain starts at the honest row of
/// the larger of two groups that is farthest from the mean's direction, and turns away from the
/// mean in steps that are shorter than the gap between the two groups: single linkage joins the
/// whole chain to the larger group before the two meet, and the last attackers may point against
/// the mean.
///
/// The groups are what single linkage leaves when two remain: the smallest spanning tree without
/// its longest edge, of equally large groups the one with the lowest row. Each step is a cosine
/// distance of `slack` times that edge. Beyond 180 degrees attackers stay at the mean's opposite.
/// All rows have the median length of the honest ones. Recorded are the cosine distance of a step
/// as `step`, and the cosine of the last attacker with the mean as `cosine`.
///
/// Honest rows of zeros are left out. Where the mean is zero, fewer than two rows remain, or all
/// are parallel, there is nothing to chain, and the mean is sent with a step of 0. Where no honest
/// client takes part rows stay what they are.
///
/// - Complexity: O(h² d) for the distances.
/// - Note: The chain attack of Blades on clipped clustering. Deviations: its gap is the smallest
///   distance of any two honest rows, whichever group they are in, less 0.1 radians, which may turn
///   back; its rows are 10 long and rely on clipping.
public struct ClusterChain: Attack {
  public static let manifest = ComponentManifest(
    id: "cluster-chain",
    summary: "Links a chain of attackers to the largest group of honest rows.",
    formula: """
      attacker k sends L · (cos θ_k · e + sin θ_k · e'), with e = μ / ‖μ‖, e' the part of u across \
      e over its length, u the row of the larger group farthest from e, at the angle θ_0, and θ_k \
      = min(θ_0 + k · φ, π), where 1 − cos φ = slack · gap, gap is the longest edge of the \
      smallest spanning tree of the cosine distances, and L the median of the honest ‖Δ_i‖
      """,
    preconditions: ["knows the honest updates"],
    citations: [
      Citation(
        ["Li", "Ngai", "Ye", "Voigt"],
        """
        Blades: a unified benchmark suite for Byzantine attacks and defenses in federated \
        learning
        """, "IoTDI", 2024, arXiv: "2206.05359")
    ], origin: "The chain attack on clipped clustering in the code of Blades.",
    parameters: [
      ParameterSpec(
        "slack", .real(0.001...1), default: .real(0.95),
        help: "length of a step as a share of the gap between the two groups of honest rows")
    ])
  public static let tier = ThreatTier.omniscient

  private let slack: Double

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    slack = arguments.real("slack")
  }

  public var threatModel: ThreatModel {
    ThreatModel(surface: .update, knowledge: .honestUpdates)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0, let honest = view.honest,
      let mean = honest.meanAndDeviation(pool: view.pool)?.mean
    else { return [:] }
    let length = Median.of(honest.rows.map(honest.all.norm(ofRow:))) ?? 0
    guard let plane = plane(honest, mean, pool: view.pool) else {
      rows.fill(with: mean)
      return ["step": 0, "cosine": 1]
    }
    let step = slack * plane.gap
    let (turnCosine, turnSine) = (1 - step, max(0, step * (2 - step)).squareRoot())
    var (cosine, sine) = (plane.cosine, max(0, 1 - plane.cosine * plane.cosine).squareRoot())
    for slot in 0..<rows.rowCount {
      if (cosine, sine) != (-1, 0) {
        (cosine, sine) = (
          cosine * turnCosine - sine * turnSine, sine * turnCosine + cosine * turnSine
        )
        if sine < 0 { (cosine, sine) = (-1, 0) }
      }
      let row = zip(plane.along, plane.across).map {
        Float(length * (cosine * $0 + sine * $1))
      }
      rows.setRow(slot, to: row.span)
    }
    return ["step": step, "cosine": cosine]
  }

  /// Where the chain turns: from `cosine` with the vector `along`, towards `across`.
  private struct Plane {
    let along: [Double]
    let across: [Double]
    let cosine: Double
    let gap: Double
  }

  private func plane(_ honest: HonestUpdates, _ mean: [Double], pool: WorkPool) -> Plane? {
    let meanLength = Double.squaredNorm(mean.span).squareRoot()
    let units = honest.rows.compactMap { row -> [Double]? in
      let length = honest.all.norm(ofRow: row)
      return length > 0 ? honest.all.row(row).map { Double($0) / length } : nil
    }
    guard meanLength > 0, units.count >= 2 else { return nil }
    let along = mean.map { $0 / meanLength }
    let tree = CosineTree(units, pool: pool)
    let cosines = units.map { Double.dot($0.span, along.span) }
    // Farthest first; the others are there for one that lies on the mean's line.
    let group = tree.largerGroup.sorted { (cosines[$0], $0) < (cosines[$1], $1) }
    let others = units.indices.filter { !group.contains($0) }
    guard let start = group.first else { return nil }
    for row in [start] + others {
      let across = zip(units[row], along).map { $0 - cosines[row] * $1 }
      let length = Double.squaredNorm(across.span).squareRoot()
      guard length > 1e-9 else { continue }
      return Plane(
        along: along, across: across.map { $0 / length }, cosine: min(1, max(-1, cosines[start])),
        gap: tree.longest)
    }
    return nil
  }
}

/// The smallest spanning tree of some vectors by cosine distance, and the two groups that remain
/// without its longest edge.
struct CosineTree {
  /// The length of the longest edge; of equal ones that which was added first.
  let longest: Double
  /// The larger group, ascending; of equal ones that with vector 0.
  let largerGroup: [Int]

  /// - Parameters:
  ///   - units: At least two vectors of length 1.
  ///   - pool: The threads to use.
  /// - Complexity: O(n² d).
  init(_ units: [[Double]], pool: WorkPool) {
    let count = units.count
    var distance = [Double](repeating: .infinity, count: count)
    var parent = [Int](repeating: 0, count: count)
    var edges: [(from: Int, to: Int, length: Double)] = []
    var isInside = [Bool](repeating: false, count: count)
    var newest = 0
    isInside[0] = true
    while edges.count < count - 1 {
      let from = newest
      let start = units[from]
      let toNewest = pool.map(count) { other in
        let end = units[other]
        return 1 - Double.dot(start.span, end.span)
      }
      for other in 0..<count where !isInside[other] && toNewest[other] < distance[other] {
        (distance[other], parent[other]) = (toNewest[other], from)
      }
      let outside = (0..<count).filter { !isInside[$0] }
      newest = outside.min { (distance[$0], $0) < (distance[$1], $1) } ?? 0
      isInside[newest] = true
      edges.append((parent[newest], newest, max(0, distance[newest])))
    }
    var cut = 0
    for place in edges.indices where edges[place].length > edges[cut].length { cut = place }
    longest = edges[cut].length
    var isFirst = [Bool](repeating: false, count: count)
    isFirst[0] = true
    // Edges were added outwards from vector 0, so that each one's start is known.
    for (place, edge) in edges.enumerated() where place != cut && isFirst[edge.from] {
      isFirst[edge.to] = true
    }
    let first = (0..<count).filter { isFirst[$0] }
    let second = (0..<count).filter { !isFirst[$0] }
    largerGroup = first.count >= second.count ? first : second
  }
}
