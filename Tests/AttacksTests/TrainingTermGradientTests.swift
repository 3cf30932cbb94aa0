import Components
import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

@testable import Attacks

/// Each term of a training loss against central differences of the loss, which is written down here once
/// more in double precision.
///
/// A difference over 2 · 2⁻¹⁷ is right to about 10⁻⁹; a term rounds each coordinate to single precision
/// once or twice (6 · 10⁻⁸ each), a pass through a network a few hundred times. Tolerances are shares of
/// the largest coordinate. Reference scripts check the same terms against formulas of their gradients.
@Suite struct TrainingTermGradientTests {
  /// What is added to the loss, its weight in it included, and the share of the loss itself.
  struct Term: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var lossShare = 1.0
    let hook: any LocalTrainingHook
    let loss: @Sendable (_ parameters: [Double]) -> Double
  }

  private static let count = 14

  /// Normal numbers that are exact in single precision.
  private static func normal(_ name: String, count: Int = count) -> [Double] {
    var random = SeedPath(root: 41).child(name).stream()
    return (0..<count).map { _ in Double(Float(random.normal())) }
  }

  private static let anchor: [Double] = normal("anchor")
  private static let center: [Double] = normal("center")
  private static let others: [[Double]] = [normal("other"), normal("another")]

  private static func floats(_ values: [Double]) -> [Float] { values.map { Float($0) } }
  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for (x, y) in zip(a, b) { sum += x * y }
    return sum
  }
  private static func difference(_ a: [Double], _ b: [Double]) -> [Double] {
    zip(a, b).map { $0 - $1 }
  }
  private static func square(_ a: [Double]) -> Double { dot(a, a) }
  private static func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
  private static func cosine(_ a: [Double], _ b: [Double]) -> Double {
    dot(a, b) / (norm(a) * norm(b))
  }

  private static func collusion(_ name: String, alpha: Double, beta: Double) -> Term {
    Term(
      testDescription: "cerberus, \(name)",
      hook: CollusionTerm(
        benign: alpha == 0 ? [] : floats(center), others: others.map(floats), alpha: alpha,
        beta: beta)
    ) { x in
      var loss = alpha * norm(difference(x, center))
      for other in others { loss += beta * cosine(difference(x, anchor), other) }
      return loss
    }
  }

  static let terms: [Term] = [
    Term(
      testDescription: "anomaly, l2", lossShare: 0.75, hook: AnomalyTerm(kind: .l2, alpha: 0.75)
    ) { x in
      0.25 * square(difference(x, anchor))
    },
    Term(
      testDescription: "anomaly, cosine", lossShare: 0.25,
      hook: AnomalyTerm(kind: .cosine, alpha: 0.25)
    ) { x in
      0.75 * (1 - cosine(x, anchor))
    },
    Term(
      testDescription: "anomaly alone", lossShare: 0, hook: AnomalyTerm(kind: .cosine, alpha: 0)
    ) { x in
      1 - cosine(x, anchor)
    },
    Term(
      testDescription: "alternating minimization",
      hook: DistanceTerm(.norm, weight: 0.5, center: floats(center))
    ) { x in
      0.5 * norm(difference(x, center))
    },
    Term(
      testDescription: "alie-backdoor", lossShare: 0.375,
      hook: DistanceTerm(.square, lossShare: 0.375, weight: 0.625, center: floats(center))
    ) { x in
      0.625 * square(difference(x, center))
    },
    collusion("distance", alpha: 0.5, beta: 0), collusion("cosines", alpha: 0, beta: 2),
    collusion("both", alpha: 0.5, beta: 2),
    Term(
      testDescription: "a pair of terms", lossShare: 0.75,
      hook: HookPair(
        DistanceTerm(.norm, weight: 2, center: floats(center)), AnomalyTerm(kind: .l2, alpha: 0.75))
    ) { x in
      let distance = norm(difference(x, center))
      return 1.5 * distance + 0.25 * square(difference(x, anchor))
    },
  ]

  /// Central differences of a function.
  private func differences(
    at point: [Double], of function: (_ parameters: [Double]) -> Double
  ) -> [Double] {
    let step = 0x1p-17
    return point.indices.map { index in
      var (above, below) = (point, point)
      above[index] += step
      below[index] -= step
      return (function(above) - function(below)) / (2 * step)
    }
  }

  @Test(arguments: terms) func termsEqualFiniteDifferences(term: Term) {
    for place in 0..<8 {
      let offset = Self.normal("offset \(place)")
      // Near the anchor, as in training, and far from it.
      let scale = place.isMultiple(of: 2) ? 0.125 : 2
      let point: [Double] = zip(Self.anchor, offset).map { Double(Float($0 + scale * $1)) }
      let loss = Self.normal("loss \(place)")
      var gradient = Self.floats(loss)
      var hook = HookList([term.hook])
      var span = gradient.mutableSpan
      let (parameters, anchor) = (Self.floats(point), Self.floats(Self.anchor))
      hook.adjustGradient(
        &span, at: parameters.span, anchor: anchor.span,
        step: LocalStep(index: 0, learningRate: 0.1))
      let slopes = differences(at: point, of: term.loss)
      let expected: [Double] = zip(loss, slopes).map { term.lossShare * $0 + $1 }
      #expect(agree(gradient.map { Double($0) }, expected, ofLargest: 3e-7), "\(place)")
      // The term itself has a gradient, which peers' do not have.
      #expect(slopes.contains { abs($0) > 1e-3 })
      let own: [Double] = zip(gradient, loss).map { Double($0) - term.lossShare * $1 }
      #expect(own.contains { abs($0) > 1e-3 })
    }
  }

  // MARK: - Through the model

  /// A network with examples, in both precisions.
  private struct Task {
    let model: Sequential
    let parameters: [Double]
    let inputs: [[Double]]
    let labels: [Int]

    init(hidden: [Int], examples: Int = 9) {
      model = Sequential.perceptron(inputs: 5, hidden: hidden, classes: 4, initialization: .pytorch)
      var random = SeedPath(root: 42).child(hidden.count).stream()
      parameters = model.initialParameters(using: &random).map { 1.5 * Double($0) }
        .map { Double(Float($0)) }
      inputs = (0..<examples).map { _ in (0..<5).map { _ in Double(Float(random.normal())) } }
      labels = (0..<examples).map { $0 % 3 }
    }

    /// The last hidden layer and the scores of an input, in double precision.
    func pass(_ input: [Double], at parameters: [Double]) -> (features: [Double], scores: [Double])
    {
      var (features, values) = (input, input)
      let segments = model.layout.segments
      for layer in stride(from: 0, to: segments.count, by: 2) {
        let (weight, bias) = (segments[layer].range, segments[layer + 1].range)
        features = values
        values = bias.map { output in
          var sum = parameters[output]
          for (row, value) in features.enumerated() {
            let place = weight.lowerBound + row * bias.count + output - bias.lowerBound
            sum += value * parameters[place]
          }
          return sum
        }
        if layer + 2 < segments.count { values = values.map { max(0, $0) } }
      }
      return (features, values)
    }

    /// The mean cross-entropy.
    func loss(_ inputs: [[Double]], _ labels: [Int], at parameters: [Double]) -> Double {
      var sum = 0.0
      for (input, label) in zip(inputs, labels) {
        let scores = pass(input, at: parameters).scores
        let largest = scores.max() ?? 0
        var total = 0.0
        for score in scores { total += ElementaryFunctions.exp(score - largest) }
        sum += ElementaryFunctions.log(total) + largest - scores[label]
      }
      return sum / Double(labels.count)
    }

    var flat: [Float] { inputs.joined().map { Float($0) } }
  }

  static let networks: [[Int]] = [[6], [7, 5], [8, 8, 8]]

  /// The supervised contrastive loss of chameleon, as the paper has it.
  private func contrast(
    _ features: [[Double]], _ labels: [Int], temperature: Double, target: Int, weight: Double
  ) -> Double {
    let units: [[Double]] = features.map { row in
      let length = Self.norm(row)
      return row.map { $0 / length }
    }
    var loss = 0.0
    for i in labels.indices {
      let others = labels.indices.filter { $0 != i }
      let positives = others.filter { labels[$0] == labels[i] }
      guard !positives.isEmpty else { continue }
      var total = 0.0
      for a in others {
        total += ElementaryFunctions.exp(Self.dot(units[i], units[a]) / temperature)
      }
      var logs = 0.0
      for p in positives {
        logs += Self.dot(units[i], units[p]) / temperature - ElementaryFunctions.log(total)
      }
      loss -= (labels[i] == target ? weight : 1) * logs / Double(positives.count)
    }
    return loss / Double(labels.count)
  }

  @Test(arguments: networks) func contrastEqualsFiniteDifferences(hidden: [Int]) {
    let task = Task(hidden: hidden)
    var term = SupervisedContrast(temperature: 0.5, target: 1, weight: 2)
    var gradient = [Float](repeating: .nan, count: task.parameters.count)
    var workspace = task.model.makeWorkspace(batchSize: task.labels.count)
    let (inputs, parameters) = (task.flat, Self.floats(task.parameters))
    var span = gradient.mutableSpan
    term.differentiate(
      inputs: inputs.span, labels: task.labels.span, at: parameters.span, model: task.model,
      into: &span, workspace: &workspace)
    // Without an example whose features are all 0, where there is no direction.
    #expect(
      task.inputs.allSatisfy { Self.norm(task.pass($0, at: task.parameters).features) > 1e-3 })
    let expected = differences(at: task.parameters) { parameters in
      contrast(
        task.inputs.map { task.pass($0, at: parameters).features }, task.labels,
        temperature: 0.5, target: 1, weight: 2)
    }
    #expect(agree(gradient.map { Double($0) }, expected, ofLargest: 3e-6))
  }

  @Test(arguments: networks + [[]]) func gradientsOfFeaturesEqualFiniteDifferences(hidden: [Int]) {
    let task = Task(hidden: hidden)
    let width = task.model.featureCount
    // A loss that is linear in the features.
    let slopes = Self.normal("slopes", count: task.labels.count * width)
    var gradient = [Float](repeating: .nan, count: task.parameters.count)
    var workspace = task.model.makeWorkspace(batchSize: task.labels.count)
    let (inputs, parameters) = (task.flat, Self.floats(task.parameters))
    let featureGradient = Self.floats(slopes)
    var span = gradient.mutableSpan
    task.model.gradient(
      ofFeatures: featureGradient.span, inputs: inputs.span, count: task.labels.count,
      parameters: parameters.span, into: &span, workspace: &workspace)
    let expected = differences(at: task.parameters) { parameters in
      Self.dot(slopes, task.inputs.flatMap { task.pass($0, at: parameters).features })
    }
    #expect(agree(gradient.map { Double($0) }, expected, ofLargest: 2e-6))
  }

  /// dpot, a3fl and cerberus go down these: the loss of marked examples by the values of the trigger.
  @Test(arguments: networks + [[]]) func gradientsOfTriggersEqualFiniteDifferences(
    hidden: [Int]
  ) throws {
    let task = Task(hidden: hidden)
    let network = TinyNetwork(
      [5] + hidden + [4], parameters: task.parameters, inputs: task.inputs, labels: task.labels)
    for places in [[], [0], [1, 4], [0, 1, 2, 3, 4]] {
      let marks = Self.normal("marks", count: places.count)
      let trigger = Trigger(positions: places, values: Self.floats(marks))
      var problems: [ConfigurationError.Problem] = []
      var optimization = try #require(
        TriggerOptimization(
          try Arguments([:], for: A3FL.manifest, plan: plan), setup: network.setup(),
          backdoor: Backdoor(trigger: trigger, target: 2), component: "a3fl",
          problems: &problems))
      let examples = task.labels.indices.filter { task.labels[$0] != 2 }
      let gradient = optimization.gradient(at: network.parameters, with: trigger)
      #expect(optimization.gradientCount == examples.count)
      // The same shift of one feature of all marked examples.
      let expected = differences(at: .init(repeating: 0, count: 5)) { shift in
        let marked = examples.map { index in
          var input = task.inputs[index]
          for (place, value) in zip(places, marks) { input[place] = value }
          return zip(input, shift).map { $0 + $1 }
        }
        return task.loss(marked, marked.map { _ in 2 }, at: task.parameters)
      }
      #expect(agree(gradient, expected, ofLargest: 2e-6), "\(places)")
    }
  }

  /// a3fl's other model goes down the loss of marked examples with their true labels.
  @Test(arguments: networks) func unlearningGoesDownTheLossOfTrueLabels(hidden: [Int]) throws {
    let task = Task(hidden: hidden)
    let network = TinyNetwork(
      [5] + hidden + [4], parameters: task.parameters, inputs: task.inputs, labels: task.labels)
    let trigger = Trigger(positions: [3], values: [1.5])
    var problems: [ConfigurationError.Problem] = []
    var optimization = try #require(
      TriggerOptimization(
        try Arguments([:], for: A3FL.manifest, plan: plan), setup: network.setup(),
        backdoor: Backdoor(trigger: trigger, target: 2), component: "a3fl", problems: &problems))
    let rate = 0.25
    let after = optimization.unlearned(
      from: network.parameters, with: trigger, steps: 1, rate: rate)
    let examples = task.labels.indices.filter { task.labels[$0] != 2 }
    let marked = examples.map { index in
      var input = task.inputs[index]
      input[3] = 1.5
      return input
    }
    let slopes = differences(at: task.parameters) {
      task.loss(marked, examples.map { task.labels[$0] }, at: $0)
    }
    let expected = zip(task.parameters, slopes).map { $0 - rate * $1 }
    #expect(agree(after.map { Double($0) }, expected, ofLargest: 1e-6))
    #expect(slopes.contains { abs($0) > 1e-2 })
  }
}
