import Foundation
import Statistics
import Testing

/// The known answers of `Tests/Reference/density_clusters.py`.
private struct ClusterFile: Decodable {
  struct Table: Decodable {
    let name: String
    let distances: [[Double]]
    let trees: [Tree]
    let scales: [Scale]
  }
  struct Tree: Decodable {
    let size, samples: Int
    let single: Bool
    let labels: [Int]
  }
  struct Scale: Decodable {
    let radius: Double
    let size: Int
    let labels: [Int]
  }

  let tables: [Table]

  static func load() throws -> ClusterFile {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/density-clusters.json")
    return try JSONDecoder().decode(ClusterFile.self, from: Data(contentsOf: url))
  }
}

/// The points in another order.
private func permuted(_ table: [[Double]], _ order: [Int]) -> [Double] {
  order.flatMap { i in order.map { table[i][$0] } }
}

/// Clusters numbered by their lowest points.
private func numbered(_ labels: [Int]) -> [Int] {
  var numbers: [Int: Int] = [:]
  return labels.map { label in
    guard label >= 0 else { return -1 }
    let number = numbers[label] ?? numbers.count
    numbers[label] = number
    return number
  }
}

@Suite struct DensityClusterTests {
  @Test func hdbscanAgreesWithTheReference() throws {
    let file = try ClusterFile.load()
    #expect(!file.tables.isEmpty)
    for table in file.tables {
      for known in table.trees {
        let n = known.labels.count
        let found = HDBSCAN(
          table.distances.flatMap(\.self), pointCount: n, minimumClusterSize: known.size,
          minimumSamples: known.samples, allowsSingleCluster: known.single)
        #expect(found.labels == known.labels, "\(table.name), \(known)")
        #expect(found.clusterCount == (known.labels.max() ?? -1) + 1, "\(table.name), \(known)")
      }
    }
  }

  /// The packages break equal links one by one, in an order that comes from the rows' order.
  @Test func theOrderOfThePointsMakesNoDifferenceToHDBSCAN() throws {
    for table in try ClusterFile.load().tables where !table.trees.isEmpty {
      let n = table.distances.count
      for order in [Array((0..<n).reversed()), (0..<n).sorted { ($0 % 3, $0) < ($1 % 3, $1) }] {
        for known in table.trees {
          let found = HDBSCAN(
            permuted(table.distances, order), pointCount: n, minimumClusterSize: known.size,
            minimumSamples: known.samples, allowsSingleCluster: known.single)
          let expected = numbered(order.map { known.labels[$0] })
          #expect(found.labels == expected, "\(table.name), \(known)")
        }
      }
    }
  }

  @Test func dbscanAgreesWithTheReference() throws {
    for table in try ClusterFile.load().tables {
      for known in table.scales {
        let found = DBSCAN(
          table.distances.flatMap(\.self), pointCount: known.labels.count, radius: known.radius,
          minimumPoints: known.size)
        #expect(found.labels == known.labels, "\(table.name), \(known)")
        #expect(found.clusterCount == (known.labels.max() ?? -1) + 1, "\(table.name), \(known)")
      }
    }
  }

  /// scikit-learn refuses a radius of 0.
  @Test func aRadiusOfZeroJoinsEqualPoints() {
    let places = [3.0, 1, 3, 2, 1, 3]
    let found = DBSCAN(
      places.flatMap { a in places.map { abs(a - $0) } }, pointCount: 6, radius: 0,
      minimumPoints: 2)
    #expect(found.labels == [0, 1, 0, -1, 1, 0])
  }

  /// Distances whose inverse is no number.
  @Test func tinyDistancesAreNoTrouble() {
    let tiny = Double.leastNonzeroMagnitude
    let places = [0, tiny, 2 * tiny, 1e-300, 1.5e-300, 1, 1]
    let found = HDBSCAN(
      places.flatMap { a in places.map { abs(a - $0) } }, pointCount: 7, minimumClusterSize: 2,
      minimumSamples: 1, allowsSingleCluster: true)
    #expect(found.labels == [0, 0, 0, 1, 1, 2, 2])
  }

  @Test func noPoints() {
    let found = HDBSCAN(
      [], pointCount: 0, minimumClusterSize: 2, minimumSamples: 1, allowsSingleCluster: true)
    #expect(found.labels.isEmpty && found.clusterCount == 0)
    #expect(DBSCAN([], pointCount: 0, radius: 1, minimumPoints: 1).labels.isEmpty)
  }
}
