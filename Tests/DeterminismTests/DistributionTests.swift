import Determinism
import Foundation
import Testing

@Suite struct DistributionTests {
  private struct Moments {
    var mean = 0.0
    var variance = 0.0
    var third = 0.0
    var fourth = 0.0

    /// Takes the moments about the mean, as they are: not divided by powers of the deviation.
    init(_ values: [Double]) {
      let n = Double(values.count)
      mean = values.reduce(0, +) / n
      for value in values {
        let d = value - mean
        variance += d * d / n
        third += d * d * d / n
        fourth += d * d * d * d / n
      }
    }
  }

  private func stream(_ index: Int) -> RandomStream { SeedPath(root: 5).child(index).stream() }

  @Test func `normal draws have the moments of the standard normal`() {
    var random = stream(0)
    let count = 200_000
    let moments = Moments((0..<count).map { _ in random.normal() })
    // Five standard errors of each moment.
    let error = 5 / Double(count).squareRoot()
    #expect(abs(moments.mean) < error)
    #expect(abs(moments.variance - 1) < error * 2.0.squareRoot())
    #expect(abs(moments.third) < error * 15.0.squareRoot())
    #expect(abs(moments.fourth - 3) < error * 96.0.squareRoot())
  }

  @Test func `normal draws follow the normal distribution function`() {
    var random = stream(1)
    let count = 50_000
    let sorted = (0..<count).map { _ in random.normal() }.sorted()
    let distance = sorted.enumerated().map { index, x in
      abs(0.5 * erfc(-x / 2.0.squareRoot()) - (Double(index) + 0.5) / Double(count))
    }.max()
    #expect((distance ?? 1) < 1.95 / Double(count).squareRoot())  // Kolmogorov–Smirnov, p = 0.001
  }

  @Test func `the two normals of a pair are independent`() {
    var random = stream(2)
    let count = 100_000
    var product = 0.0
    var squares = 0.0
    for _ in 0..<count {
      let (a, b) = (random.normal(), random.normal())
      product += a * b
      squares += (a * a - 1) * (b * b - 1)
    }
    #expect(abs(product) / Double(count).squareRoot() < 5)
    #expect(abs(squares) / Double(count).squareRoot() < 10)
  }

  @Test(arguments: [0.1, 0.5, 1, 1.5, 3, 20])
  func `gamma draws have mean and variance equal to the shape`(shape: Double) {
    var random = stream(3)
    let count = 100_000
    let draws = (0..<count).map { _ in exp(random.logGamma(shape: shape)) }
    #expect(draws.allSatisfy { $0 >= 0 && $0.isFinite })
    let moments = Moments(draws)
    let error = 6 / Double(count).squareRoot()
    #expect(abs(moments.mean - shape) < error * shape.squareRoot())
    // The variance of the squared deviation is 2k² + 6k.
    #expect(abs(moments.variance - shape) < error * (2 * shape * shape + 6 * shape).squareRoot())
  }

  @Test func `logarithms of tiny gamma draws stay finite`() {
    var random = stream(4)
    let logs = (0..<2_000).map { _ in random.logGamma(shape: 0.001) }
    #expect(logs.allSatisfy { $0.isFinite })
    // Their mean is the digamma function at the shape, −1/k − 0.5772 + ….
    let mean = logs.reduce(0, +) / 2_000
    #expect((-1_136 ... -866).contains(mean))  // Six standard errors of 1,000 / √2,000.
  }

  @Test(arguments: [0.05, 0.5, 1, 10], [1, 2, 10])
  func `Dirichlet shares sum to one and have their moments`(alpha: Double, count: Int) {
    var random = stream(5)
    let draws = 4_000
    var values: [Double] = []
    for _ in 0..<draws {
      let shares = random.dirichlet(concentration: alpha, count: count)
      #expect(shares.count == count)
      #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
      #expect(shares.allSatisfy { $0 >= 0 })
      values.append(shares[0])
    }
    let k = Double(count)
    let variance = (k - 1) / (k * k * (k * alpha + 1))
    let moments = Moments(values)
    #expect(abs(moments.mean - 1 / k) < 6 * (variance / Double(draws)).squareRoot() + 1e-12)
    // A share lies in 0...1, so its squared deviation varies by less than its mean.
    #expect(
      abs(moments.variance - variance) < 6 * (variance / Double(draws)).squareRoot() + 1e-12)
  }

  @Test func `illegal shapes trap`() async {
    await #expect(processExitsWith: .failure) {
      var random = SeedPath(root: 1).stream()
      _ = random.logGamma(shape: 0)
    }
    await #expect(processExitsWith: .failure) {
      var random = SeedPath(root: 1).stream()
      _ = random.dirichlet(concentration: 1, count: 0)
    }
  }
}
