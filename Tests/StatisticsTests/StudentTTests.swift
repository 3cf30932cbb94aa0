import Statistics
import Testing

@Suite struct StudentTTests {
  @Test func tailsAgreeWithTheReference() throws {
    for row in try Fixture.load().tails {
      let tail = StudentT.upperTail(row[0], degrees: row[1])
      #expect(abs(tail - row[2]) <= 2e-12 * row[2], "t = \(row[0]), \(row[1]) degrees")
    }
  }

  @Test func quantilesAgreeWithTheReference() throws {
    for row in try Fixture.load().quantiles {
      let t = StudentT.quantile(upperTail: row[0], degrees: row[1])
      #expect(abs(t - row[2]) <= 1e-10 * max(1e-2, row[2]), "\(row[0]), \(row[1]) degrees")
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

  @Test func quantilesOfIntervalsAreThoseOfTheSearch() {
    for degrees in 1...66 {
      let t = StudentT.quantile(upperTail: 0.025, degrees: Double(degrees))
      // The next tail is not looked up.
      let near = StudentT.quantile(upperTail: (0.025).nextUp, degrees: Double(degrees))
      #expect(abs(t - near) <= 1e-11 * t, "\(degrees) degrees")
    }
    #expect(abs(StudentT.quantile(upperTail: 0.025, degrees: 2.5) - 3.574655) < 1e-6)
  }
}
