import Foundation
import Statistics
import Testing

/// The known answers of `Tests/Reference/mean_shift.py`.
private struct MeanShiftFile: Decodable {
  struct Case: Decodable {
    let name: String
    let points: [[Double]]
    let quantile, bandwidth: Double
    let centers: [[Double]]
    let labels: [Int]
  }

  let cases: [Case]
}

@Suite struct MeanShiftTests {
  @Test func agreesWithTheReference() throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/mean-shift.json")
    let file = try JSONDecoder().decode(MeanShiftFile.self, from: Data(contentsOf: url))
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      if known.quantile >= 0 {
        let width = MeanShift.bandwidth(of: known.points, quantile: known.quantile)
        #expect(abs(width - known.bandwidth) <= 1e-14 * known.bandwidth, "\(known.name)")
      }
      let found = MeanShift(known.points, bandwidth: known.bandwidth)
      #expect(found.labels == known.labels, "\(known.name)")
      #expect(found.centers.count == known.centers.count, "\(known.name)")
      for (center, expected) in zip(found.centers, known.centers) {
        for (value, wanted) in zip(center, expected) {
          #expect(abs(value - wanted) <= 1e-13, "\(known.name)")
        }
      }
    }
  }
}
