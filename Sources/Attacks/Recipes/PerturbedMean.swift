import Components
import Determinism
import Federation
import Kernels
import Tensors

/// The honest mean, moved along a direction as far as its distances to the honest updates may grow.
///
/// The squared distances along μ + γ p are quadratic in γ and convex, so the γ >= 0 within the budget
/// are an interval. Its end is bracketed by doubling and bisected to a relative 1e-9; the lower end is
/// taken, and shortened further where the rounding of the row to single precision would leave the
/// budget. What is sent therefore keeps it, unless γ is 0.
///
/// γ is 0, and μ is sent, where the updates are equal or there is one alone. Where the direction is
/// zero (the mean is, with `unit` and `sign`) it is that of `std` instead.
struct PerturbedMean: Sendable {
  /// Which way the mean is moved.
  enum Perturbation: String, CaseIterable {
    case unit
    case std
    case sign
  }

  /// How far a row may be from the updates.
  enum Budget {
    /// No farther from any than the two that are farthest apart.
    case largestDistance
    /// With squared distances that sum to no more than the largest such sum of an update.
    case largestSum
  }

  static let parameters = [
    ParameterSpec(
      "perturbation", .choice(Perturbation.allCases.map(\.rawValue)), default: .text("std"),
      help: "against the mean's direction (unit), the deviations (std) or the mean's signs (sign)"),
    AttackerKnowledge.parameter,
  ]

  private let perturbation: Perturbation
  private let budget: Budget
  let knowledge: AttackerKnowledge

  init(_ arguments: Arguments, budget: Budget) {
    perturbation = Perturbation(rawValue: arguments.word("perturbation") ?? "") ?? .std
    self.budget = budget
    knowledge = AttackerKnowledge(arguments)
  }

  /// Sets every row to μ + γ p; returns `gamma`, or nothing where no update is known.
  ///
  /// - Complexity: O(n² d).
  func craft(_ rows: inout Matrix<Float>, _ view: AttackerView) -> [String: Double] {
    guard rows.rowCount > 0, let known = knowledge.updates(rows, view),
      let moments = known.meanAndDeviation(pool: view.pool)
    else { return [:] }
    let line = DistanceLine(
      updates: known, from: moments.mean, along: direction(moments), budget: budget,
      pool: view.pool)
    let (gamma, row) = line.farthestRow()
    for index in 0..<rows.rowCount { rows.setRow(index, to: row.span) }
    return ["gamma": gamma]
  }

  private func direction(_ moments: (mean: [Double], deviation: [Double])) -> [Double] {
    var direction: [Double] = []
    switch perturbation {
    case .unit:
      let norm = Double.squaredNorm(moments.mean.span).squareRoot()
      if norm > 0 { direction = moments.mean.map { -$0 / norm } }
    case .sign:
      direction = moments.mean.map { $0 > 0 ? -1 : $0 < 0 ? 1 : 0 }
    case .std:
      break
    }
    return direction.contains { $0 != 0 } ? direction : moments.deviation.map { -$0 }
  }
}
