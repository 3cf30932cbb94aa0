import Datasets
import Determinism
import Tensors
import Testing

@Suite struct DigitsSourceTests {
  let source = DigitsSource()

  func load(seed: UInt64) throws -> SplitData {
    try source.load(trainingCount: 0, seed: SeedPath(root: seed))
  }

  @Test func splitIsStratifiedAndComplete() throws {
    let data = try load(seed: 1)
    #expect(data.training.count == 1_438)
    #expect(data.test.count == 359)
    #expect(source.trainingCount == 1_438)
    let totals = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    for (label, total) in totals.enumerated() {
      let inTest = data.test.labels.count { $0 == label }
      #expect(inTest == Int((0.2 * Double(total)).rounded(.toNearestOrAwayFromZero)))
      #expect(data.training.labels.count { $0 == label } + inTest == total)
    }
  }

  @Test func pixelsAreSixteenths() throws {
    let data = try load(seed: 1)
    for value in data.training.inputs.values + data.test.inputs.values {
      #expect(value >= 0 && value <= 1 && (value * 16).rounded() == value * 16)
    }
    #expect(data.training.inputs.values.contains(1))
    #expect(data.training.shape == .image(height: 8, width: 8, channels: 1))
  }

  @Test func splitDependsOnTheSeedAlone() throws {
    #expect(try load(seed: 3).test == load(seed: 3).test)
    #expect(try load(seed: 3).test != load(seed: 4).test)
  }

  @Test func canonicalArraysHoldTheWholeFile() throws {
    let arrays = try #require(try source.canonicalArrays())
    #expect(arrays.map(\.name) == ["images", "labels"])
    #expect(arrays.map(\.shape) == [[1_797, 8, 8], [1_797]])
    #expect(arrays.allSatisfy { $0.shape.reduce(1, *) == $0.bytes.count })
    #expect(arrays[0].bytes.prefix(8) == [0, 0, 5, 13, 9, 1, 0, 0])
    // The sum of all pixels and of all labels, computed from the published table.
    #expect(arrays[0].bytes.reduce(0) { $0 + Int($1) } == 561_718)
    #expect(arrays[1].bytes.reduce(0) { $0 + Int($1) } == 8_070)
  }

  @Test func attributionNamesAuthorsAndLicense() {
    for part in ["Alpaydin", "Kaynak", "UCI Machine Learning Repository", "CC BY 4.0"] {
      #expect(DigitsSource.attribution.contains(part))
    }
  }
}
