import Statistics
import Testing

@Suite struct NormalQuantileTests {
  @Test func errorFunctionsAgreeWithTheReference() throws {
    for row in try Fixture.load().errorFunctions {
      #expect(agree(ErrorFunction.erf(row[0]), row[1], within: 1.5e-15), "erf(\(row[0]))")
      #expect(agree(ErrorFunction.erfc(row[0]), row[2], within: 1.5e-15), "erfc(\(row[0]))")
    }
  }

  @Test func errorFunctionsHaveTheirLimits() {
    #expect(ErrorFunction.erf(.infinity) == 1 && ErrorFunction.erf(-.infinity) == -1)
    #expect(ErrorFunction.erfc(.infinity) == 0 && ErrorFunction.erfc(-.infinity) == 2)
    #expect(ErrorFunction.erf(0) == 0 && ErrorFunction.erfc(0) == 1)
    #expect(ErrorFunction.erf(.nan).isNaN && ErrorFunction.erfc(.nan).isNaN)
  }

  @Test func logGammasAgreeWithTheReference() throws {
    for row in try Fixture.load().logGammas {
      #expect(abs(LogGamma.of(row[0]) - row[1]) <= 2e-14 * max(1, abs(row[1])), "\(row[0])")
    }
  }

  @Test func quantilesAgreeWithTheReference() throws {
    for row in try Fixture.load().normalQuantiles {
      #expect(agree(NormalQuantile.of(row[0]), row[1], within: 1e-15), "\(row[0])")
    }
  }

  @Test func factorsOfALittleIsEnough() throws {
    // n, f and z to four digits.
    let table = [
      (10, 2, 0.0), (10, 3, 0.18), (10, 4, 0.4307), (20, 4, 0.1573), (25, 5, 0.2533),
      (25, 11, 1.0676), (50, 5, 0.0837), (50, 10, 0.2533), (50, 24, 1.4261), (51, 24, 1.4461),
      (60, 18, 0.4972), (100, 20, 0.2858),
    ]
    func factor(_ n: Int, _ f: Int) -> Double {
      let supporters = n / 2 + 1 - f
      return NormalQuantile.of(Double(n - f - supporters) / Double(n - f))
    }
    for (n, f, z) in table { #expect(abs(factor(n, f) - z) <= 5.1e-5, "\(n), \(f)") }
    for row in try Fixture.load().factors {
      #expect(abs(factor(Int(row[0]), Int(row[1])) - row[2]) <= 2e-15 * abs(row[2]))
    }
  }

  @Test func quantilesAreMonotoneAndOdd() {
    #expect(NormalQuantile.of(0) == -.infinity && NormalQuantile.of(1) == .infinity)
    #expect(NormalQuantile.of(0.5) == 0)
    var last = -Double.infinity
    for step in 1..<4096 {
      let p = Double(step) / 4096
      let z = NormalQuantile.of(p)
      #expect(z > last)
      #expect(NormalQuantile.of(1 - p) == -z)
      last = z
    }
  }
}
