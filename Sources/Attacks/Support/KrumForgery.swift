import Determinism
import Federation
import Kernels
import Tensors

/// Whether Krum would pick one of k equal rows −λ s among h others.
///
/// It is Krum for h + k rows of which k are Byzantine: h − 2 neighbors, at least one, with squared
/// distances. A forged row has to beat every other one; a tie is none.
struct KrumForgery {
  private let count: Int
  /// Squared distances of each row to the others, ascending.
  private let others: [[Double]]
  /// ‖Δ_i‖² and ⟨s, Δ_i⟩ of each row, and the number of coordinates in which s is not 0.
  private let squares: [Double]
  private let products: [Double]
  private let length: Double
  private let dimension: Double

  /// - Parameters:
  ///   - updates: The other rows.
  ///   - signs: s, −1, 0 or 1 for each coordinate.
  ///   - pool: The threads to use.
  init(updates: HonestUpdates, signs: [Float], pool: WorkPool) {
    let h = updates.rows.count
    count = h
    let table = updates.squaredDistances(pool: pool)
    others = (0..<h).map { i in
      (0..<h).filter { $0 != i }.map { table[i * h + $0] }.sorted()
    }
    squares = pool.map(h) { index in
      updates.all.withRow(updates.rows[index]) { Float.squaredNorm($0) }
    }
    let all = updates.all.products(with: signs, pool: pool)
    products = updates.rows.map { all[$0] }
    length = Float.squaredNorm(signs.span)
    dimension = Double(signs.count)
  }

  private var neighbors: Int { max(1, count - 2) }

  /// Beyond this λ a forged row cannot win; h − k − 1 is at least 1 here.
  ///
  /// √(min_i Σ D² / ((h − k − 1) d)) + max_i ‖Δ_i‖ / √d, where Σ D² is over the h − 2 rows nearest to i.
  func bound(copies k: Int) -> Double {
    let sums = others.map { $0.prefix(neighbors).reduce(0, +) }
    let nearest = sums.reduce(.infinity, min) / (Double(max(1, count - k - 1)) * dimension)
    let farthest = squares.reduce(0, max).squareRoot()
    return nearest.squareRoot() + farthest / dimension.squareRoot()
  }

  /// Halves λ, from the bound on, until a forged row is picked; `nil` once λ is below `least`.
  ///
  /// Each λ is a value of single precision, so that it is sent as it was tried.
  func strength(copies k: Int, least: Double) -> Double? {
    guard dimension > 0 else { return nil }
    var lambda = Double(Float(bound(copies: k)))
    while lambda >= least && lambda.isFinite {
      if isPicked(lambda, copies: k) { return lambda }
      lambda = Double(Float(lambda / 2))
    }
    return nil
  }

  private func isPicked(_ lambda: Double, copies k: Int) -> Bool {
    // ‖−λ s − Δ_i‖²
    let distances = (0..<count).map {
      max(0, squares[$0] + lambda * (2 * products[$0] + lambda * length))
    }
    let copies = min(k - 1, neighbors)
    let forged = distances.sorted().prefix(neighbors - copies).reduce(0, +)
    return (0..<count).allSatisfy { forged < score(of: $0, distances[$0], copies: k) }
  }

  /// The sum of the smallest distances of a row, `distance` among them k times.
  private func score(of row: Int, _ distance: Double, copies k: Int) -> Double {
    var sum = 0.0
    var (taken, next, left) = (0, 0, k)
    while taken < neighbors {
      let isForged = left > 0 && (next == others[row].count || distance < others[row][next])
      guard isForged || next < others[row].count else { break }
      sum += isForged ? distance : others[row][next]
      if isForged { left -= 1 } else { next += 1 }
      taken += 1
    }
    return sum
  }
}
