import Leaderboards
import Results
import Studies
import Testing

@Suite struct VerifyingTests {
  private let records = Sample.records

  @Test func aSampleDependsOnItsSeedAlone() {
    let one = TrialSample.drawn(from: records, share: 0.2, seed: 1)
    #expect(one.count == 6)
    let other = TrialSample.drawn(from: records.reversed(), share: 0.2, seed: 1)
    #expect(Set(one.map(\.key)) == Set(other.map(\.key)))
    #expect(
      Set(one.map(\.key)) != Set(TrialSample.drawn(from: records, share: 0.2, seed: 2).map(\.key)))
  }

  @Test func aLargerShareOnlyAddsTrials() {
    let small = Set(TrialSample.drawn(from: records, share: 0.1, seed: 7).map(\.key))
    let large = Set(TrialSample.drawn(from: records, share: 0.5, seed: 7).map(\.key))
    #expect(small.isSubset(of: large) && small.count == 3 && large.count == 15)
    #expect(TrialSample.drawn(from: records, share: 1, seed: 7) == records)
  }

  @Test func atLeastOneAndOnlyWhatFinished() {
    #expect(TrialSample.drawn(from: records, share: 1e-9, seed: 1).count == 1)
    var failed = records
    for index in failed.indices { failed[index].status = .error }
    #expect(TrialSample.drawn(from: failed, share: 1, seed: 1) == [])
    #expect(TrialSample.drawn(from: [], share: 1, seed: 1) == [])
  }

  @Test func equalTrialsAgreeWhateverTimeTheyTook() {
    var reruns = records
    for index in reruns.indices { reruns[index].metrics["cost.seconds"] = 99 }
    // What the entry does not carry is not compared.
    for index in reruns.indices { reruns[index].metrics["stealth.score"] = 0.1 }
    let sample = records.map(CompactTrial.of)
    let outcome = Verification(total: 40, sample: sample, reruns: reruns)
    #expect(outcome.differences == [] && outcome.agreed == 30 && outcome.sampled == 30)
  }

  @Test func theLastBitCounts() {
    var reruns = records
    let value = (reruns[4].metrics["accuracy.stop"] ?? nil) ?? 0
    reruns[4].metrics["accuracy.stop"] = value.nextUp
    reruns[7].parametersSHA256 = Sample.digest("other")
    reruns[7].metrics["accuracy.stop"] = 0.5
    reruns.remove(at: 9)
    let outcome = Verification(total: 30, sample: records, reruns: reruns)
    #expect(outcome.differences.map(\.name) == ["accuracy.stop", "parameters_sha256", "trial"])
    #expect(outcome.agreed == 27)
  }

  private func names(_ change: (inout TrialRecordV1) -> Void) -> [String] {
    var reruns = records
    change(&reruns[4])
    let both = Verification(total: 30, sample: records, reruns: reruns)
    // The other way round it is the entry that lacks or has more.
    let other = Verification(total: 30, sample: reruns, reruns: records)
    #expect(both.differences.map(\.name) == other.differences.map(\.name))
    return both.differences.map(\.name)
  }

  @Test func aFigureThatOneSideLacksIsADifference() {
    #expect(names { $0.metrics["asr.stop"] = nil } == ["asr.stop"])
    #expect(names { $0.metrics["asr.stop"] = .some(nil) } == ["asr.stop"])
    #expect(names { $0.metrics["persistence.half-life"] = 3 } == ["persistence.half-life"])
    #expect(names { $0.metrics["stealth.score"] = nil } == [])
  }

  @Test func flagsAndWhatTheRunWorkedOutAreCompared() {
    #expect(names { $0.flags.append("non-finite") } == ["flags"])
    #expect(names { $0.rounds = 9 } == ["rounds"])
    #expect(names { $0.resolved["f"] = 1 } == ["resolved.f"])
    #expect(names { $0.censored = ["persistence.half-life"] } == ["censored"])
    // Flags that follow from other trials are none of a trial's own.
    #expect(names { $0.flags.append("few-seeds") } == [])
  }

  private func worst(_ values: [Double]) -> WorstCase.Extreme {
    let cell = CellID(attack: "alie", defense: "krum", axes: [:])
    return WorstCase.Extreme(
      attack: "alie", cell: cell,
      summary: CellSummary(
        values.enumerated().map { index, value in
          Sample.trial("alie", "krum", seed: index, accuracy: value)
        }, metric: "accuracy.stop"))
  }

  @Test func otherSeedsHaveToKeepWhatIsToBeExpected() throws {
    // scipy.stats.t.ppf(0.975, 4) * np.std(x, ddof=1) * np.sqrt(1/5 + 1/3) = 0.0320596
    let own = [0.68, 0.69, 0.70, 0.71, 0.72]
    let within = try #require(OtherSeeds(worst(own), values: [0.67, 0.67, 0.67]))
    let expected = try #require(within.expected)
    #expect(
      abs(expected.lowerBound - 0.6679403) < 1e-6 && abs(expected.upperBound - 0.7320596) < 1e-6)
    #expect(!within.isBelow && abs(within.found - 0.67) < 1e-12)
    #expect(try #require(OtherSeeds(worst(own), values: [0.66, 0.66, 0.66])).isBelow)
    // More than that is nothing to be afraid of.
    #expect(try #require(OtherSeeds(worst(own), values: [0.9])).isBelow == false)
    #expect(try #require(OtherSeeds(worst([0.7]), values: [0.1])).expected == nil)
    #expect(OtherSeeds(worst(own), values: []) == nil)
  }
}
