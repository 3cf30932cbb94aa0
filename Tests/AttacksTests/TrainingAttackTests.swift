import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

@testable import Attacks

@Suite struct TrainingAttackTests {
  @Test func ascentNegatesAndScalesTheGradient() {
    var hook = GradientScaling(factor: -2)
    var gradient: [Float] = [1, -0.5, 0]
    var span = gradient.mutableSpan
    let parameters: [Float] = [7, 7, 7]
    hook.adjustGradient(
      &span, at: parameters.span, anchor: parameters.span,
      step: LocalStep(index: 0, learningRate: 0.1))
    #expect(gradient == [-2, 1, 0])
  }

  @Test func ascentNegatesTheRowUnderFedSGDAlone() throws {
    let rows = matrix([[1, -2]])
    let local = try make(GradientAscent.self, ["scale": .real(3)])
    #expect(local.crafted(rows, view: makeView(1)).rows == rows)
    #expect(local.threatModel.surface == .training)
    let single = try make(
      GradientAscent.self, ["scale": .real(3)], setup: makeSetup(isFedSGD: true))
    #expect(single.crafted(rows, view: makeView(1)).rows.values == [-3, 6])
    #expect(single.threatModel.surface == .update)
  }

  @Test func ownScheduleReplacesWhatIsGiven() throws {
    let honest = LocalSchedule(
      length: .steps(9), batchSize: 8, learningRate: 0.1, momentum: 0.5, weightDecay: 0.01)
    func schedule(_ given: [String: ArgumentValue]) throws -> LocalSchedule {
      var problems: [ConfigurationError.Problem] = []
      let arguments = try Arguments(given, for: BackdoorAttack.manifest, plan: plan)
      let own = OwnSchedule(
        arguments, setup: makeSetup(), component: "backdoor", problems: &problems)
      #expect(problems.isEmpty)
      return own.applied(to: honest)
    }
    #expect(try schedule([:]) == honest)
    var expected = honest
    expected.learningRate = 0.5
    #expect(try schedule(["lr": .real(0.5)]) == expected)
    expected.length = .epochs(6)
    expected.batchSize = 3
    #expect(
      try schedule(["lr": .real(0.5), "epochs": .integer(6), "batch": .integer(3)]) == expected)
  }
}
