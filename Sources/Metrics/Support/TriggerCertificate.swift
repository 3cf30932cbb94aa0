import Determinism
import Federation
import Simulation
import Statistics

/// How far examples may be changed in one round without changing the vote of noisy copies of the
/// final model.
///
/// A round in which R attackers train on changed examples moves the global model by at most
/// Σ_i p_i γ_i η s_i L ‖δ‖, if steps of local training keep models as close as they were: p_i is the
/// weight of an attacker, γ_i the factor of what it sends, η the learning rate, s_i the sum over its
/// steps of the changed share of the batch, L how fast gradients change with an example, and ‖δ‖ the
/// largest distance between an example and the changed one, in features and one-hot label. Noise of
/// deviation σ on the model hides that in part, and clipping to a norm ρ with noise again in each of
/// the later rounds hides a part of the rest. A vote with probabilities p_A of the winner and p_B of
/// the next class then stays the same for all ‖δ‖ below
///
///     RAD = √( −ln(1 − (√p_A − √p_B)²) σ² / (2 R L² C P) ),
///     C = Σ_i (p_i γ_i η s_i)², P = (2Φ(ρ / σ) − 1)^(later rounds)
///
/// It compares with the model that the same clients had trained on the examples as they were and
/// scaled alike, with the same noise in distribution. p_A is the one-sided Clopper–Pearson bound at
/// `alpha` from the votes (the authors' code takes Hoeffding's), p_B = 1 − p_A; a winner without a
/// majority by that bound is certified for nothing.
///
/// L is our own bound for multinomial logistic regression: √((√2 + X W / 2)² + X²) with X² one more
/// than the largest squared norm of an example, because of the bias, and W the largest norm of the
/// parameters on the way, ‖w‖ + √2 η τ X for τ steps. Changed examples are not longer than X. The
/// authors take √(2 + 2ρ + ρ²), for examples of norm 1. Steps keep models as close as they were if
/// η (X² / 2 + λ) ≤ 2 with λ the weight decay.
///
/// - Note: Xie, Chen, Chen, Li, "CRFL", ICML 2021, the certified radius; convex steps as in Hardt,
///   Recht, Singer, ICML 2016.
struct TriggerCertificate {
  /// The chance that a bound of a probability is wrong.
  static let alpha = 0.001

  /// What the square root of −ln(1 − (√p_A − √p_B)²) is multiplied by.
  let unit: Double
  let copies: Int

  /// Why there is no certificate.
  struct Failure: Error, Equatable {
    let reason: String
  }

  init(_ outcome: SmoothedOutcome) throws(Failure) {
    let smoothing = outcome.smoothing
    guard let bound = smoothing.modelBound, smoothing.deviation > 0 else {
      throw Failure(reason: "the model is not clipped and perturbed in every round")
    }
    switch outcome.exposure {
    case .uncovered(let reason): throw Failure(reason: reason)
    case .poisoned(let round):
      guard round.isStable else {
        throw Failure(
          reason: "the learning rate is too high: steps of local training may drive models apart")
      }
      let deviation = smoothing.deviation
      let hidden = Self.remainder(bound: bound, deviation: deviation, rounds: round.laterRounds)
      let moved =
        2 * Double(round.attackers.count) * round.sensitivity * round.sensitivity
        * round.squaredInfluence * hidden
      unit = deviation / moved.squareRoot()
      guard unit.isFinite else {
        throw Failure(reason: "nothing of the attack is left: every trigger is certified")
      }
    }
    copies = smoothing.votes
  }

  /// P, the share of a difference that noise leaves over some rounds.
  static func remainder(bound: Double, deviation: Double, rounds: Int) -> Double {
    // 2Φ(x) − 1 = erf(x / √2)
    let each = ErrorFunction.erf(bound / deviation / 2.0.squareRoot())
    return each == 1 ? 1 : (0..<rounds).reduce(1.0) { product, _ in product * each }
  }

  /// The radius of an example whose winner has so many votes; 0 without a certified majority.
  func radius(votes: Int) -> Double {
    let most = ClopperPearson.lowerBound(
      successes: votes, trials: copies, alpha: Self.alpha)
    guard most > 0.5 else { return 0 }
    let gap = most.squareRoot() - (1 - most).squareRoot()
    return (-ElementaryFunctions.log(1 - gap * gap)).squareRoot() * unit
  }
}

extension PoisonedRound {
  /// X², one more than the largest squared norm of an example.
  private var squaredInput: Double { 1 + inputNorm * inputNorm }

  /// Whether a step of local training leaves two models no farther apart than they were.
  var isStable: Bool { learningRate * (squaredInput / 2 + weightDecay) <= 2 }

  /// L, by which the gradient of an example changes at most per unit of its change.
  var sensitivity: Double {
    let input = squaredInput.squareRoot()
    let steps = attackers.map(\.steps).max() ?? 0
    let parameters =
      parameterNorm + 2.0.squareRoot() * learningRate * Double(steps) * input
    let features = 2.0.squareRoot() + input * parameters / 2
    return (features * features + squaredInput).squareRoot()
  }

  /// C, the sum of the squares of what each attacker moves the model by.
  var squaredInfluence: Double {
    attackers.reduce(0) { sum, attacker in
      let influence = attacker.weight * attacker.scale * learningRate * attacker.poisonedSteps
      return sum + influence * influence
    }
  }
}
