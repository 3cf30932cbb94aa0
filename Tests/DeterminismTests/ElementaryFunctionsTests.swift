import Determinism
import Foundation
import Testing

private typealias Own = ElementaryFunctions

/// One function, its counterpart in the C library, its arguments and the digest of its bits.
private struct Subject: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let own: @Sendable (Double) -> Double
  let library: @Sendable (Double) -> Double
  let low: Double
  let high: Double
  let digest: UInt64

  /// 20,001 evenly spaced arguments, then each 2⁻⁵⁰ times as large.
  var arguments: [Double] {
    let even = (0...20_000).map { low + (high - low) * Double($0) / 20_000 }
    return even + even.map { $0 * 0x1p-50 }
  }
}

private let subjects: [Subject] = [
  Subject(
    testDescription: "exp", own: { Own.exp($0) }, library: { Foundation.exp($0) },
    low: -750, high: 720, digest: 8_613_842_710_200_432_802),
  Subject(
    testDescription: "log", own: { Own.log($0) }, library: { Foundation.log($0) },
    low: 0, high: 9, digest: 6_079_175_661_878_046_046),
  Subject(
    testDescription: "sin", own: { Own.sin($0) }, library: { Foundation.sin($0) },
    low: -1000, high: 1_048_576, digest: 2_972_073_670_575_696_697),
  Subject(
    testDescription: "cos", own: { Own.cos($0) }, library: { Foundation.cos($0) },
    low: -1000, high: 1_048_576, digest: 9_554_260_463_321_182_367),
  Subject(
    testDescription: "tanh", own: { Own.tanh($0) }, library: { Foundation.tanh($0) },
    low: -25, high: 25, digest: 12_327_967_544_521_945_957),
]

/// The distance of two values in units of the second one's last place.
private func ulps(_ value: Double, _ truth: Double) -> Double {
  value == truth ? 0 : abs(value - truth) / max(truth.ulp, .leastNonzeroMagnitude)
}

@Suite struct ElementaryFunctionsTests {
  @Test(arguments: subjects) private func `agrees with the C library`(subject: Subject) {
    for x in subject.arguments {
      let own = subject.own(x)
      let library = subject.library(x)
      #expect(ulps(own, library) <= 2, "\(subject.testDescription)(\(x)): \(own), not \(library)")
    }
  }

  /// The same digests in debug, release and portable builds are the point of these functions.
  @Test(arguments: subjects) private func `gives the recorded bits`(subject: Subject) {
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    for x in subject.arguments {
      digest = (digest ^ subject.own(x).bitPattern) &* 0x0000_0100_0000_01b3
    }
    #expect(digest == subject.digest, "recorded \(subject.digest), now \(digest)")
  }

  @Test func `special arguments of the exponential`() {
    #expect(Own.exp(0.0 as Double) == 1)
    #expect(Own.exp(Double.infinity) == .infinity)
    #expect(Own.exp(-Double.infinity) == 0)
    #expect(Own.exp(709.782 as Double) < .infinity)
    #expect(Own.exp(709.783 as Double) == .infinity)
    #expect(Own.exp(-745.13 as Double) == Double.leastNonzeroMagnitude)
    #expect(Own.exp(-745.14 as Double) == 0)
    #expect(Own.exp(Double.nan).isNaN)
  }

  @Test func `special arguments of the logarithm`() {
    #expect(Own.log(1.0 as Double).bitPattern == (0.0).bitPattern)
    #expect(Own.log(0.0 as Double) == -Double.infinity)
    #expect(Own.log(-0.0 as Double) == -Double.infinity)
    #expect(Own.log(-1 as Double).isNaN)
    #expect(Own.log(-Double.infinity).isNaN)
    #expect(Own.log(Double.infinity) == .infinity)
    #expect(Own.log(Double.nan).isNaN)
    let smallest = Double.leastNonzeroMagnitude
    #expect(ulps(Own.log(smallest), Foundation.log(smallest)) <= 1)
    #expect(ulps(Own.log(Double.greatestFiniteMagnitude), 709.782712893384) <= 1)
  }

  @Test func `special angles`() {
    #expect(Own.sin(-0.0).bitPattern == (-0.0).bitPattern)
    #expect(Own.cos(-0.0) == 1)
    for x in [Double.infinity, -.infinity, .nan, 0x1.000001p20] {
      #expect(Own.sin(x).isNaN)
      #expect(Own.cos(x).isNaN)
    }
    for x in [Double.pi / 2, .pi, 3 * .pi / 2, 2 * .pi, 1000 * .pi] {
      #expect(ulps(Own.sin(x), Foundation.sin(x)) <= 2)
      #expect(ulps(Own.cos(x), Foundation.cos(x)) <= 2)
    }
  }

  @Test func `special arguments of the hyperbolic tangent`() {
    #expect(Own.tanh(-0.0).bitPattern == (-0.0).bitPattern)
    #expect(Own.tanh(.infinity) == 1)
    #expect(Own.tanh(-.infinity) == -1)
    #expect(Own.tanh(Double.nan).isNaN)
  }

  @Test func `functions on Float`() {
    for step in -110_000...95_000 {
      let x = Float(step) / 1000
      let truth = Foundation.exp(Double(x))
      let own = Own.exp(x)
      let unit = Double(max(Float(truth).ulp, .leastNonzeroMagnitude))
      #expect(own == Float(truth) || abs(Double(own) - truth) <= 1.07 * unit, "expf(\(x)) = \(own)")
    }
    #expect(Own.exp(0 as Float) == 1)
    #expect(Own.exp(Float.infinity) == .infinity)
    #expect(Own.exp(-Float.infinity) == 0)
    #expect(Own.exp(Float(88.7)) < .infinity)
    #expect(Own.exp(Float(88.8)) == .infinity)
    #expect(Own.exp(Float.nan).isNaN)
    #expect(Own.log(Float(0)) == -Float.infinity)
    #expect(Own.log(Float(-1)).isNaN)
    #expect(Own.log(Float.leastNonzeroMagnitude) == Float(-103.278929903432))
  }
}
