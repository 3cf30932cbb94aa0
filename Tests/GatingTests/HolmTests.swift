import Testing

@testable import Gating

@Suite struct HolmTests {
  struct Adjusted: Decodable {
    let values: [Double]
    let adjusted: [Double]
  }

  @Test func holmAgreesWithTheReference() throws {
    for known in try Fixture.load("holm", as: [Adjusted].self) {
      let adjusted = ModeratedTest.holm(known.values)
      #expect(adjusted.count == known.adjusted.count)
      for (found, expected) in zip(adjusted, known.adjusted) {
        #expect(abs(found - expected) <= 1e-12, "\(known.values)")
      }
    }
  }

  @Test func aQuantileIsAskedForOnce() {
    let known = TQuantiles()
    let value = known.upper(tail: 0.01, degrees: 6)
    // scipy 1.17.1: stats.t.isf(0.01, 6)
    #expect(abs(value - 3.142668403291007) < 1e-11)
    #expect(known.upper(tail: 0.01, degrees: 6) == value)
    #expect(known.upper(tail: 0.01, degrees: 7) != value)
  }
}
