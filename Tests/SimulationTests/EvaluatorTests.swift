import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Testing
import Training

@testable import Simulation

@Suite struct EvaluatorTests {
  /// Scores are the two features themselves.
  private let model = Sequential.perceptron(inputs: 2, hidden: [], classes: 2, initialization: .he)
  private let identity: [Float] = [1, 0, 0, 1, 0, 0]

  private func shard(_ rows: [[Float]], _ labels: [Int]) -> Shard {
    Shard(inputs: Matrix(rows: rows), labels: labels, classCount: 2, shape: .vector(2))
  }

  private func evaluator(_ test: Shard, _ backdoors: [Backdoor] = []) -> Evaluator {
    Evaluator(model: model, test: test, backdoors: backdoors, seed: SeedPath(root: 1))
  }

  private func workers(_ width: Int) -> [Worker] {
    (0..<width).map { _ in Worker(model: model, batchSize: 1) }
  }

  private func evaluate(_ evaluator: Evaluator, _ parameters: [Float], width: Int = 1)
    -> Evaluation
  {
    evaluator.evaluate(
      parameters, smoothing: nil, seed: SeedPath(root: 1), pool: WorkPool(width: width),
      workers: workers(width))
  }

  private func backdoor(
    value: Float, target: Int, source: Int? = nil
  ) -> Backdoor {
    Backdoor(
      trigger: Trigger(positions: [0], values: [value]), target: target, source: source)
  }

  @Test func `examples and hits are counted per class`() {
    let test = shard([[2, 1], [1, 2], [0, 3], [5, 4], [4, 5]], [0, 0, 1, 1, 1])
    let evaluation = evaluate(evaluator(test), identity)
    #expect(evaluation.examples == [2, 3])
    #expect(evaluation.correct == [1, 2])
    #expect(evaluation.accuracy == 0.6)
    #expect(evaluation.triggered.isEmpty)
  }

  @Test func `the confidence in the target is the mean softmax probability on chosen inputs`() {
    // Differences of scores: ln 3, −ln 3 and 0.
    let log3: Float = 1.098_612_3
    let inputs = shard([[0, log3], [log3, 0], [5, 5]], [0, 0, 0])
    func confidence(_ shard: Shard, areChosen: Bool = true) -> Double? {
      let backdoor = Backdoor(
        examples: NamedExamples(name: "given", shard: shard, areChosen: areChosen), target: 1)
      return evaluate(evaluator(inputs, [backdoor]), identity).triggered[backdoor]?.confidence
    }
    let mean = confidence(inputs) ?? 0
    #expect(abs(mean - (0.75 + 0.25 + 0.5) / 3) < 1e-7)
    #expect(confidence(inputs, areChosen: false) == nil)
    #expect(confidence(inputs.selecting([])) == nil)
    #expect(confidence(shard([[.nan, 1]], [0])) == nil)
    #expect(confidence(shard([[3e38, 1]], [0])) == 0)
  }

  @Test func `ties go to the lowest class`() {
    let evaluation = evaluate(evaluator(shard([[1, 1], [1, 1]], [0, 1])), identity)
    #expect(evaluation.correct == [1, 0])
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `non-finite scores count as wrong`(value: Float) {
    let test = shard([[2, 1], [1, 2]], [0, 1])
    let evaluator = evaluator(test, [backdoor(value: 9, target: 0)])
    let evaluation = evaluate(evaluator, [1, 0, 0, 1, value, 0])
    #expect(evaluation.correct == [0, 0])
    #expect(evaluation.triggered.values.map(\.hits) == [0])
    #expect(evaluation.accuracy == 0)
  }

  @Test func `triggered examples leave the target class out`() {
    // The trigger sets the first feature, so that everything looks like class 0.
    let all = backdoor(value: 9, target: 0)
    let some = backdoor(value: 0, target: 0)
    let test = shard([[1, 0], [0, 1], [0, 2], [0, -1]], [0, 1, 1, 1])
    let evaluation = evaluate(evaluator(test, [all, some]), identity)
    #expect(evaluation.triggered[all].map { [$0.examples, $0.hits, $0.robust] } == [3, 3, 0])
    #expect(evaluation.triggered[some].map { [$0.examples, $0.hits, $0.robust] } == [3, 1, 2])
    // Clean counts do not see the trigger.
    #expect(evaluation.correct == [1, 2])
  }

  @Test func `examples that are right without the trigger are counted apart`() {
    // Class 1 but for the first; the trigger takes the second feature's lead unless it is large.
    let test = shard([[1, 0], [0, 1], [0, 6], [3, 1], [0, 9]], [0, 1, 1, 1, 1])
    let some = backdoor(value: 5, target: 0)
    let evaluation = evaluate(evaluator(test, [some]), identity)
    // Of the four, [3, 1] is wrong without the trigger; of the other three [0, 1] is a hit.
    let counts = evaluation.triggered[some]
    #expect(counts.map { [$0.examples, $0.hits, $0.robust] } == [4, 2, 2])
    #expect(counts?.correct == 3)
    #expect(counts?.correctHits == 1)
  }

  @Test func `votes decide which examples are right without the trigger`() {
    let test = shard([[0, 1], [3, 1]], [1, 1])
    let trigger = backdoor(value: 5, target: 0)
    let evaluation = evaluator(test, [trigger]).evaluate(
      identity, smoothing: ParameterSmoothing(votes: 3, deviation: 0.001),
      seed: SeedPath(root: 1), pool: WorkPool(width: 1), workers: workers(1))
    #expect(evaluation.triggered[trigger]?.correct == 1)
    #expect(evaluation.triggered[trigger]?.correctHits == 1)
  }

  @Test func `given examples have no version without a trigger`() {
    let given = Backdoor(
      examples: NamedExamples(name: "given", shard: shard([[3, 1]], [1])), target: 0)
    let evaluation = evaluate(evaluator(shard([[0, 1]], [1]), [given]), identity)
    #expect(evaluation.triggered[given]?.hits == 1)
    #expect(evaluation.triggered[given]?.correct == .some(nil))
  }

  @Test func `with a source only that class carries the trigger`() {
    let model = Sequential.perceptron(inputs: 3, hidden: [], classes: 3, initialization: .he)
    let test = Shard(
      inputs: Matrix(rows: [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 2, 1]]), labels: [0, 1, 2, 1],
      classCount: 3, shape: .vector(3))
    let backdoor = Backdoor(
      trigger: Trigger(positions: [0], values: [9]), target: 0, source: 1)
    let evaluator = Evaluator(
      model: model, test: test, backdoors: [backdoor], seed: SeedPath(root: 1))
    let evaluation = evaluator.evaluate(
      [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], smoothing: nil, seed: SeedPath(root: 1),
      pool: WorkPool(width: 1),
      workers: [Worker(model: model, batchSize: 1)])
    #expect(evaluation.triggered[backdoor]?.examples == 2)
    #expect(evaluation.triggered[backdoor]?.hits == 2)
  }

  @Test func `a test set without triggered examples has none`() {
    let backdoor = backdoor(value: 1, target: 1)
    let evaluation = evaluate(evaluator(shard([[0, 1]], [1]), [backdoor]), identity)
    #expect(evaluation.triggered[backdoor]?.examples == 0)
  }

  @Test func `any width and several blocks give the same counts`() {
    var random = SeedPath(root: 4).stream()
    let rows = (0..<1_000).map { _ in [Float(random.normal()), Float(random.normal())] }
    let labels = (0..<1_000).map { _ in random.index(below: 2) }
    let evaluator = evaluator(shard(rows, labels))
    let expected = zip(rows, labels).count { row, label in (row[1] > row[0] ? 1 : 0) == label }
    for width in [1, 2, 5] {
      #expect(evaluate(evaluator, identity, width: width).correct.reduce(0, +) == expected)
    }
  }

  @Test func `accuracy may look at the first examples alone`() {
    let evaluator = evaluator(shard([[2, 1], [2, 1], [2, 1], [2, 1]], [0, 0, 1, 1]))
    let pool = WorkPool(width: 1)
    #expect(evaluator.accuracy(identity, limit: 2, pool: pool, workers: workers(1)) == 1)
    #expect(evaluator.accuracy(identity, limit: 3, pool: pool, workers: workers(1)) == 2.0 / 3)
    #expect(evaluator.accuracy(identity, limit: 99, pool: pool, workers: workers(1)) == 0.5)
  }
}
