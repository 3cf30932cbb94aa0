import Foundation
import Statistics
import Testing

/// The known answers of `Tests/Reference/average_linkage.py`.
private struct LinkageFile: Decodable {
  struct Case: Decodable {
    let name: String
    let distances: [[Double]]
    let count: Int
    let labels: [Int]
  }

  let cases: [Case]
}

@Suite struct AverageLinkageTests {
  @Test func agreesWithTheReference() throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/average-linkage.json")
    let file = try JSONDecoder().decode(LinkageFile.self, from: Data(contentsOf: url))
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      let found = AverageLinkage(
        known.distances.flatMap(\.self), pointCount: known.labels.count,
        clusterCount: known.count)
      #expect(found.labels == known.labels, "\(known.name)")
    }
  }

  @Test func noPoints() {
    #expect(AverageLinkage([], pointCount: 0, clusterCount: 2).labels.isEmpty)
  }
}
