import Testing

@testable import Gating

@Suite struct StudentTTests {
  struct Known: Decodable {
    struct Adjusted: Decodable {
      let values: [Double]
      let adjusted: [Double]
    }
    /// t, degrees of freedom, P(T > t).
    let tails: [[Double]]
    /// P(T > t), degrees of freedom, t.
    let quantiles: [[Double]]
    let holm: [Adjusted]
  }

  @Test func tailsAgreeWithTheReference() throws {
    for row in try Fixture.load("student", as: Known.self).tails {
      let tail = StudentT.upperTail(row[0], degrees: row[1])
      #expect(abs(tail - row[2]) <= 2e-12 * row[2], "t = \(row[0]), \(row[1]) degrees")
    }
  }

  @Test func quantilesAgreeWithTheReference() throws {
    for row in try Fixture.load("student", as: Known.self).quantiles {
      let t = StudentT.quantile(upperTail: row[0], degrees: row[1])
      #expect(abs(t - row[2]) <= 1e-10 * max(1e-2, row[2]), "\(row[0]), \(row[1]) degrees")
    }
  }

  @Test func holmAgreesWithTheReference() throws {
    for known in try Fixture.load("student", as: Known.self).holm {
      let adjusted = ModeratedTest.holm(known.values)
      #expect(adjusted.count == known.adjusted.count)
      for (found, expected) in zip(adjusted, known.adjusted) {
        #expect(abs(found - expected) <= 1e-12, "\(known.values)")
      }
    }
  }

  @Test func limitsAreExact() {
    #expect(StudentT.upperTail(.infinity, degrees: 3) == 0)
    #expect(StudentT.upperTail(-.infinity, degrees: 3) == 1)
    #expect(StudentT.upperTail(0, degrees: 7) == 0.5)
    #expect(StudentT.upperTail(1e200, degrees: 3) == 0)
    #expect(abs(StudentT.upperTail(1.959963984540054, degrees: .infinity) - 0.025) < 1e-15)
    #expect(StudentT.quantile(upperTail: 0.5, degrees: 4) < 1e-9)
  }

  @Test(arguments: [1.0, 2.5, 7, 60]) func bothTailsAddUpToOne(degrees: Double) {
    for t in stride(from: 0.0, through: 20, by: 0.37) {
      let sum =
        StudentT.upperTail(t, degrees: degrees) + StudentT.upperTail(-t, degrees: degrees)
      #expect(abs(sum - 1) < 1e-15)
    }
  }

  @Test func aQuantileIsAskedForOnce() {
    let known = TQuantiles()
    let value = StudentT.quantile(upperTail: 0.01, degrees: 6)
    #expect(known.upper(tail: 0.01, degrees: 6) == value)
    #expect(known.upper(tail: 0.01, degrees: 6) == value)
    #expect(known.upper(tail: 0.01, degrees: 7) != value)
  }
}
