import Foundation
import Statistics
import Testing

/// The known answers of `Tests/Reference/agglomeration.py`.
private struct LinkageFile: Decodable {
  struct Case: Decodable {
    let name: String
    let distances: [[Double]]
    let count: Int
    let linkage: String
    let labels: [Int]
  }

  let cases: [Case]
}

@Suite struct AgglomerationTests {
  private let linkages: [String: Agglomeration.Linkage] = [
    "single": .single, "average": .average, "complete": .complete,
  ]

  @Test func agreesWithTheReference() throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/agglomeration.json")
    let file = try JSONDecoder().decode(LinkageFile.self, from: Data(contentsOf: url))
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      let linkage = try #require(linkages[known.linkage])
      let found = Agglomeration(
        known.distances.flatMap(\.self), pointCount: known.labels.count,
        clusterCount: known.count, linkage: linkage)
      #expect(found.labels == known.labels, "\(known.name)")
    }
  }

  @Test func noPoints() {
    for linkage in linkages.values {
      let found = Agglomeration([], pointCount: 0, clusterCount: 2, linkage: linkage)
      #expect(found.labels.isEmpty)
    }
  }
}
