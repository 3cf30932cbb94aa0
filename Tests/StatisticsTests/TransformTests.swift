import Foundation
import Statistics
import Testing

/// The known answers of `Tests/Reference/transforms.py`.
private struct TransformFile: Decodable {
  struct Cosine: Decodable {
    let length: Int
    let places: [Int]
    let coefficients: [Double]
  }
  struct Components: Decodable {
    let name: String
    let points: [[Double]]
    let count: Int
    let coordinates: [[Double]]
    let variances: [Double]
  }

  let cosine: [Cosine]
  let components: [Components]

  static func load() throws -> TransformFile {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/transforms.json")
    return try JSONDecoder().decode(TransformFile.self, from: Data(contentsOf: url))
  }
}

@Suite struct CosineTransformTests {
  private func length(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  @Test func agreesWithSciPy() throws {
    for known in try TransformFile.load().cosine {
      let values = (0..<known.length).map { Double($0 * 7919 % 2039) / 128 - 3 }
      let found = CosineTransform(length: known.length).coefficients(of: values)
      for (place, expected) in zip(known.places, known.coefficients) {
        #expect(abs(found[place] - expected) <= 2e-15 * length(values), "\(known.length)")
      }
    }
  }

  /// All lengths, those with large prime factors among them.
  @Test func agreesWithTheSumItself() {
    for count in 1...130 {
      let values = (0..<count).map { Double($0 * 31 % 17) - 8.5 }
      let found = CosineTransform(length: count).coefficients(of: values)
      for k in 0..<count {
        var sum = 0.0
        for (n, value) in values.enumerated() {
          sum += value * cos(Double.pi * Double(k * (2 * n + 1)) / Double(2 * count))
        }
        let expected = sum * ((k == 0 ? 1 : 2) / Double(count)).squareRoot()
        #expect(abs(found[k] - expected) <= 1e-13 * length(values), "\(count)")
      }
    }
  }

  @Test(arguments: [1, 2, 6, 13, 37, 100, 7850, 8191, 9973, 104_729])
  func keepsTheLength(count: Int) {
    let values = (0..<count).map { Double($0 * 7919 % 2039) - 1000 }
    let found = CosineTransform(length: count).coefficients(of: values)
    #expect(agree(length(found), length(values), within: 1e-14))
  }

  @Test func degenerateLengths() {
    #expect(CosineTransform(length: 0).coefficients(of: []).isEmpty)
    #expect(CosineTransform(length: 1).coefficients(of: [-2.5]) == [-2.5])
    for count in [2, 5, 8, 60, 67] {
      let transform = CosineTransform(length: count)
      #expect(transform.coefficients(of: .init(repeating: 0, count: count)).allSatisfy { $0 == 0 })
      let equal = transform.coefficients(of: .init(repeating: 3, count: count))
      #expect(agree(equal[0], 3 * Double(count).squareRoot(), within: 1e-15))
      #expect(equal.dropFirst().allSatisfy { abs($0) <= 1e-14 })
    }
  }

  /// Of this machine and of every other.
  @Test func bitsAreFixed() {
    let bits: [(Int, UInt64)] = [
      (60, 12_882_674_166_847_356_100), (1024, 9_501_279_435_199_660_578),
      (7850, 13_772_173_211_196_887_673), (8191, 4_315_033_354_959_667_457),
      (9261, 16_132_161_764_058_151_161),
    ]
    for (count, expected) in bits {
      let values = (0..<count).map { Double($0 * 7919 % 2039) - 1000 }
      let found = CosineTransform(length: count).coefficients(of: values)
      let mixed = found.reduce(UInt64(count)) { ($0 &* 31) ^ $1.bitPattern }
      #expect(mixed == expected, "\(count): \(mixed)")
    }
  }
}

@Suite struct PrincipalComponentsTests {
  @Test func agreesWithScikitLearn() throws {
    for known in try TransformFile.load().components {
      let found = PrincipalComponents(known.points, count: known.count)
      let size = (known.variances.first ?? 0).squareRoot()
      for (place, expected) in known.variances.enumerated() {
        #expect(abs(found.variances[place] - expected) <= 1e-12 * size * size, "\(known.name)")
      }
      #expect(found.coordinates.count == known.points.count)
      for (point, expected) in zip(found.coordinates, known.coordinates) {
        for (value, wanted) in zip(point, expected) {
          #expect(abs(value - wanted) <= 1e-10 * size, "\(known.name)")
        }
      }
    }
  }

  @Test func degeneratePoints() {
    #expect(PrincipalComponents([], count: 2).coordinates.isEmpty)
    #expect(PrincipalComponents([[3, 4]], count: 2).coordinates == [[0, 0]])
    let none = PrincipalComponents([[], []], count: 2)
    #expect(none.coordinates == [[0, 0], [0, 0]] && none.variances == [0, 0])
    #expect(PrincipalComponents([[1], [2]], count: 0).coordinates == [[], []])
    // Equal points keep equal coordinates, to the bit.
    let points = [[1, 2, 3.5], [-4, 0, 1], [1, 2, 3.5], [2, 7, 1]]
    let found = PrincipalComponents(points, count: 2).coordinates
    #expect(found[0] == found[2])
  }

  @Test func signFollowsThePointFarthestOut() {
    let points = [[1.0, 0], [2, 0], [-9, 1]]
    #expect(PrincipalComponents(points, count: 1).coordinates[2][0] > 0)
    let mirrored = points.map { $0.map { -$0 } }
    #expect(
      PrincipalComponents(mirrored, count: 1).coordinates
        == PrincipalComponents(points, count: 1).coordinates)
  }
}
