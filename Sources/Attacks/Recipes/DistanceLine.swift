import Determinism
import Federation
import Kernels
import Tensors

/// The distances of the points μ + γ p of a line to some updates, against a budget.
struct DistanceLine {
  private let updates: HonestUpdates
  private let mean: [Double]
  private let direction: [Double]
  private let budget: PerturbedMean.Budget
  private let pool: WorkPool
  /// The largest squared distance, or sum of them, that a row may have.
  private let limit: Double
  /// ‖μ − Δ_i‖² and ⟨p, μ − Δ_i⟩ for each update, and ‖p‖².
  private let offsets: [(squared: Double, product: Double)]
  private let length: Double

  init(
    updates: HonestUpdates, from mean: [Double], along direction: [Double],
    budget: PerturbedMean.Budget, pool: WorkPool
  ) {
    self.updates = updates
    self.mean = mean
    self.direction = direction
    self.budget = budget
    self.pool = pool
    let count = updates.rows.count
    let table = updates.squaredDistances(pool: pool)
    switch budget {
    case .largestDistance:
      limit = table.reduce(0, max)
    case .largestSum:
      limit = (0..<count).map { row in
        table[row * count..<(row + 1) * count].reduce(0, +)
      }.reduce(0, max)
    }
    length = Double.squaredNorm(direction.span)
    offsets = pool.map(count) { index in
      updates.all.withRow(updates.rows[index]) { values in
        var (squared, product) = (0.0, 0.0)
        for column in mean.indices {
          let offset = mean[column] - Double(values[column])
          squared = squared.addingProduct(offset, offset)
          product = product.addingProduct(offset, direction[column])
        }
        return (squared, product)
      }
    }
  }

  /// The row farthest along the line that keeps the budget, and its γ.
  func farthestRow() -> (gamma: Double, row: [Float]) {
    let farthest = farthest()
    var shortening = 0x1p-24
    var gamma = farthest
    while gamma > 0 {
      let row = self.row(at: gamma)
      let distances = pool.map(updates.rows.count) { index in
        updates.all.withRow(updates.rows[index]) { Float.squaredDistance($0, row.span) }
      }
      if isWithin(distances) { return (gamma, row) }
      gamma = farthest * max(0, 1 - shortening)
      shortening *= 2
    }
    return (0, row(at: 0))
  }

  private func row(at gamma: Double) -> [Float] {
    zip(mean, direction).map { Float($0.addingProduct(gamma, $1)) }
  }

  private func isWithin(_ squaredDistances: [Double]) -> Bool {
    switch budget {
    case .largestDistance: squaredDistances.allSatisfy { $0 <= limit }
    case .largestSum: squaredDistances.reduce(0, +) <= limit
    }
  }

  private func isWithin(gamma: Double) -> Bool {
    isWithin(offsets.map { $0.squared + gamma * (2 * $0.product + gamma * length) })
  }

  /// The largest γ, from below.
  private func farthest() -> Double {
    var low = 0.0
    var high = (limit / length).squareRoot()
    guard high > 0, high.isFinite, isWithin(gamma: 0) else { return 0 }
    while isWithin(gamma: high) {
      low = high
      high *= 2
    }
    // Where even the smallest step leaves the budget the end is 0.
    for _ in 0..<200 where high - low > 1e-9 * low {
      let middle = low + (high - low) / 2
      if isWithin(gamma: middle) { low = middle } else { high = middle }
    }
    return low
  }
}
