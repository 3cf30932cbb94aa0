import Foundation

/// The known answers of `Tests/Reference/attacks_training.py`.
struct TrainingAttackFixtures: Decodable {
  struct Mask: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      var kept: Int
      var masked: [Double]
    }
    var name: String
    var direction: [Double]?
    var keep: Double
    var gradient: [Double]
    var expected: Expected
  }

  struct Ball: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      var distance: Double
      var factor: Double
      var parameters: [Double]
    }
    var name: String
    var parameters: [Double]
    var center: [Double]
    var radius: Double
    var expected: Expected
  }

  struct Steps: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      var steps: [[Double]]
    }
    var center: [Double]
    var rate: Double
    var radius: Double
    var gradients: [[Double]]
    var expected: Expected
  }

  struct Parts: Decodable, Sendable {
    struct Expected: Decodable, Sendable {
      var groups: [[Int]]
      var assigned: [[Int]]
      var union: [Int]
    }
    var name: String
    var height: Int?
    var width: Int?
    var features: Int?
    var corner: String?
    var size: Int
    var parts: Int
    var controlled: [Int]
    var expected: Expected
  }

  struct Refused: Decodable, Sendable {
    var positions: Int
    var parts: Int
  }

  var gradientMask: [Mask]
  var normBall: [Ball]
  var projectedSteps: [Steps]
  var dba: [Parts]
  var dbaRefused: [Refused]

  static func load(file: String = #filePath) throws -> Self {
    try decode("training-attacks.json", beside: file)
  }
}
