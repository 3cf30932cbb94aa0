import Foundation
import Simulation
import Testing

@testable import Metrics

/// `Fixtures/metrics.json`, made by `Tests/Reference/metrics.py`.
struct Fixture: Decodable {
  struct Window: Decodable {
    struct Round: Decodable {
      struct Measures: Decodable {
        let row: Int
        let normRatio, cosine, distancePercentile, krumRank, outlierShare, signBalance, ks: Double?
      }
      let rows: [[Double]]
      let malicious: [Bool]
      let measures: [Measures]
      let scores: [String: [Double]]
      let auroc: [String: Double?]
    }
    struct Expected: Decodable {
      struct Pooled: Decodable { let median: Double? }
      let normRatio, cosine, distancePercentile, krumRank, outlierShare, signBalance, ks: Pooled
      let twoSided: [String: Double?]
      let detectability: Double?
      let roundCount: Int
    }
    let name: String
    let rounds: [Round]
    let expected: Expected
  }
  struct Sampled: Decodable {
    let name: String
    let limit: Int
    let rows: [[Double]]
    let malicious: [Bool]
    let sample: [Int]
    let measures: [Window.Round.Measures]
    let scores: [String: [Double]]
    let auroc: [String: Double?]
  }
  struct Area: Decodable {
    let scores: [Double]
    let malicious: [Bool]
    let expected: Double?
  }
  struct Samples: Decodable {
    let first: [Double]
    let second: [Double]
    let expected: Double
  }
  struct Score: Decodable {
    let detectability: Double
    let null: Double
    let expected: Double
  }
  struct Outcome: Decodable {
    let value: Double?
    let censored: Bool
    let reason: String?
  }
  struct Persistence: Decodable {
    struct Expected: Decodable { let lifespan, auc, retention, halfLife: Outcome }
    let name: String
    let start: Int
    let stop: Int
    let asr: [Double]
    let twin: [Double]
    let expected: Expected
  }
  struct Recovery: Decodable {
    struct Expected: Decodable {
      let recovery: Outcome
      let drop: Double
      let dropPeak: Double
    }
    let name: String
    let start: Int
    let stop: Int
    let accuracy: [Double]
    let twin: [Double]
    let expected: Expected
  }
  struct Prediction: Decodable {
    struct Expected: Decodable {
      let accuracy: Double
      let recall: [Double?]
      let asr, robustAccuracy, asrSource: Double?
    }
    let name: String
    let classes, target, source: Int
    let labels, clean, triggered: [Int]
    let expected: Expected
  }
  struct Detection: Decodable {
    struct Round: Decodable {
      let malicious, flagged: [Bool]
      let suspicion, weights: [Double]
    }
    struct Rates: Decodable { let tpr, fpr, precision, f1: Double? }
    struct WeightShare: Decodable {
      let perRound: [Double?]
      let mean: Double?
    }
    struct Expected: Decodable {
      let flagged, excluded: Rates
      let aucPerRound: [Double?]
      let auc: Double?
      let weightShare: WeightShare
    }
    let name: String
    let rounds: [Round]
    let expected: Expected
  }
  struct Influence: Decodable {
    struct Round: Decodable {
      let rows: [[Double]]
      let malicious: [Bool]
      let aggregate: [Double]
    }
    struct Expected: Decodable {
      let perRound: [Double?]
      let median: Double?
      let kappas: [Double?]
      let kappa: Double?
    }
    let name: String
    let rounds: [Round]
    let expected: Expected
  }

  let stealth: [Window]
  let sampled: [Sampled]
  let auroc: [Area]
  let ks: [Samples]
  let stealthScore: [Score]
  let persistence: [Persistence]
  let recovery: [Recovery]
  let predictions: [Prediction]
  let detection: [Detection]
  let influence: [Influence]

  static let shared: Fixture? = {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/metrics.json")
    return (try? Data(contentsOf: path)).flatMap {
      try? JSONDecoder().decode(Fixture.self, from: $0)
    }
  }()

  static func load() throws -> Fixture { try #require(shared, "the fixture cannot be read") }
}

/// Whether two figures agree: both absent, or within a tolerance.
func agree(_ a: Double?, _ b: Double?, within tolerance: Double = 1e-9) -> Bool {
  guard let a, let b else { return a == nil && b == nil }
  return abs(a - b) <= tolerance * max(1, abs(b))
}

/// Whether an outcome is what the fixture says.
func agree(_ outcome: MetricOutcome?, _ expected: Fixture.Outcome) -> Bool {
  switch outcome {
  case .value(let value): !expected.censored && agree(value, expected.value)
  case .censored(let value): expected.censored && agree(value, expected.value)
  case .absent(let reason):
    switch expected.reason {
    case "no-rounds-after": reason.contains("no rounds after")
    case "never-took": reason.contains("never took")
    case "never-left": reason.contains("never left")
    default: false
    }
  case nil: false
  }
}
