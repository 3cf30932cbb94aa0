import Results
import Testing

@testable import Gating

@Suite struct SelfTestTests {
  private static let policy = Policy(metrics: [
    "accuracy": .init(better: .higher, abs: 0.01),
    "asr": .init(better: .lower, abs: 0.01, rel: 0.1),
  ])

  @Test(arguments: 1...3, [false, true])
  func everyPlantIsFound(number: UInt64, isExact: Bool) throws {
    let records = Sample.noisy(number)
    let baseline = try Sample.baseline(records, policy: Self.policy)
    let test = SelfTest(Gate(isExact: isExact), Sample.results(records), against: baseline)
    #expect(test.plants.count == 6)
    #expect(Set(test.plants.map(\.metric)) == ["accuracy", "asr"])
    #expect(test.plants.allSatisfy { $0.verdict == .regression && $0.isRed && $0.size > 0 })
    #expect(test.isPassed)
  }

  @Test(arguments: 1...6) func plantsAmongNoiseAreFound(number: UInt64) throws {
    let baseline = try Sample.baseline(Sample.noisy(number), policy: Self.policy)
    let test = SelfTest(
      Gate(), Sample.results(Sample.noisy(number + 30)), against: baseline, perMetric: 6)
    #expect(!test.plants.isEmpty)
    for plant in test.plants { #expect(plant.isFound, "\(plant)") }
  }

  @Test func aGateThatDecidesNothingDoesNotPass() throws {
    var policy = Self.policy
    for id in policy.metrics.keys { policy.metrics[id]?.gate = false }
    let records = Sample.noisy(1)
    let baseline = try Sample.baseline(records, policy: policy)
    let test = SelfTest(Gate(), Sample.results(records), against: baseline)
    #expect(test.plants.isEmpty)
    #expect(!test.isPassed)
  }

  @Test func tooFewSeedsDoNotPass() throws {
    let records = Sample.trials("a/d", ["accuracy": [0.5, 0.75]])
    let baseline = try Sample.baseline(records, policy: Self.policy)
    #expect(!SelfTest(Gate(), Sample.results(records), against: baseline).isPassed)
  }

  @Test func nothingToCompareDoesNotPass() throws {
    let baseline = try Sample.baseline(Sample.noisy(1), policy: Self.policy)
    #expect(!SelfTest(Gate(), Sample.results([]), against: baseline).isPassed)
    var other = Sample.results(Sample.noisy(1))
    other.engine = 2
    #expect(!SelfTest(Gate(), other, against: baseline).isPassed)
  }

  @Test func numbersThatCannotGrowAreFoundOut() throws {
    // Seven digits above the planted change, an addition changes nothing and the gate stays green.
    let records = Sample.trials("a/d", ["accuracy": [1e18, 1e18, 1e18]])
    let baseline = try Sample.baseline(records, policy: Self.policy)
    let test = SelfTest(Gate(), Sample.results(records), against: baseline)
    #expect(test.plants.map(\.verdict) == [.identical])
    #expect(!test.isPassed)
  }

  @Test func aPlantIsFoundOnlyIfTheGateIsRed() throws {
    let records = Sample.noisy(2)
    let baseline = try Sample.baseline(records, policy: Self.policy)
    let plants = SelfTest(Gate(), Sample.results(records), against: baseline).plants
    for plant in plants {
      #expect(plant.isFound == (plant.verdict == .regression && plant.isRed))
    }
  }
}
