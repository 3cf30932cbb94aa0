import Foundation

/// `Fixtures/statistics.json`, made by `Tests/Reference/statistics_values.py`.
struct Fixture: Decodable {
  struct Sample: Decodable {
    let values: [Double]
    let median, mean, population: Double
    let sample: Double?
    let probe, rank: Double
  }
  struct Area: Decodable {
    let positives, negatives: [Double]
    let area: Double
  }
  struct Clusters: Decodable {
    let points: [[Double]]
    let count: Int
    let centers: [[Double]]
    let labels: [Int]
    let inertia: Double
  }
  struct Split: Decodable {
    let values: [Double]
    let lowCount: Int
    let means: [Double]
  }
  struct Gap: Decodable {
    let name: String
    let points: [[Double]]
    let count: Int
    /// The gap and the deviation over reference sets, for k from 1 on.
    let gaps: [[Double]]
  }
  struct Eigen: Decodable {
    let matrix: [[Double]]
    let values: [Double]
    let vectors: [[Double]]
  }
  struct System: Decodable {
    let matrix: [[Double]]
    let right, solution: [Double]
  }

  let samples: [Sample]
  let areas: [Area]
  /// x, erf(x), erfc(x).
  let errorFunctions: [[Double]]
  /// x, ln Γ(x).
  let logGammas: [[Double]]
  /// p, z.
  let normalQuantiles: [[Double]]
  /// n, f, z.
  let factors: [[Double]]
  /// t, degrees of freedom, P(T > t).
  let tails: [[Double]]
  /// P(T > t), degrees of freedom, t.
  let quantiles: [[Double]]
  let clusters: [Clusters]
  let splits: [Split]
  let gaps: [Gap]
  let eigen: [Eigen]
  let systems: [System]

  static func load() throws -> Fixture {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/statistics.json")
    return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: path))
  }
}

/// Whether two numbers agree within a share of the expected one.
func agree(_ found: Double, _ expected: Double, within tolerance: Double) -> Bool {
  abs(found - expected) <= tolerance * abs(expected)
}
