import Attacks
import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

/// Attacks that act in local training, on a real model.
@Suite struct LocalTrainingTests {
  private let task = LocalTask()
  private var global: [Float] { task.global }

  /// Trains one client with an attack and returns X − G.
  private func trained(_ attack: some Attack, epochs: Int = 1) -> [Float] {
    task.difference(AttackPipeline(attack), epochs: epochs)
  }

  private func norm(_ x: [Float]) -> Double { Float.squaredNorm(x.span).squareRoot() }

  @Test func ascentGoesTheOtherWay() throws {
    let honest = trained(try make(NoAttack.self))
    let hostile = trained(try make(GradientAscent.self, ["scale": .real(2)]))
    #expect(norm(honest) > 0.01)
    #expect(agree(hostile, honest.map { -2 * Double($0) }, 1e-6))
  }

  @Test func ascentIsNotASignFlipOverSeveralSteps() throws {
    let honest = trained(try make(NoAttack.self), epochs: 5)
    let hostile = trained(try make(GradientAscent.self), epochs: 5)
    #expect(!agree(hostile, honest.map { -Double($0) }, 1e-3))
  }

  @Test func ownScheduleIsUsed() throws {
    let honest = trained(try make(NoAttack.self))
    let fast = trained(try make(BackdoorAttack.self, ["lr": .real(0.5)]))
    #expect(agree(fast, honest.map { 2 * Double($0) }, 1e-6))
    let long = trained(try make(BackdoorAttack.self, ["epochs": .integer(4)]))
    #expect(long == trained(try make(NoAttack.self), epochs: 4))
    let batches = trained(try make(BackdoorAttack.self, ["batch": .integer(3)]))
    #expect(batches != honest)
  }

  @Test func replacementTrainsHonestlyWithoutConstraint() throws {
    #expect(trained(try make(ModelReplacement.self)) == trained(try make(NoAttack.self)))
  }

  @Test func l2TermKeepsTheModelNear() throws {
    let free = trained(try make(ModelReplacement.self), epochs: 20)
    let held = trained(
      try make(ModelReplacement.self, ["alpha": .real(0.5), "anomaly": .text("l2")]), epochs: 20)
    #expect(norm(held) > 0)
    #expect(norm(held) < 0.5 * norm(free))
  }

  @Test func cosineTermKeepsTheDirection() throws {
    func cosine(_ difference: [Float]) -> Double {
      let local = zip(global, difference).map { $0 + $1 }
      return Float.dot(local.span, global.span) / norm(local) / norm(global)
    }
    let free = trained(try make(ModelReplacement.self), epochs: 20)
    let held = trained(try make(ModelReplacement.self, ["alpha": .real(0.1)]), epochs: 20)
    #expect(cosine(held) > cosine(free))
    #expect(cosine(held) > 0.99)
  }
}
