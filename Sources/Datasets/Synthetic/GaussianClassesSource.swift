import Components
public import Determinism
public import Tensors

/// Synthetic classes: standard normal features, shifted at the index that belongs to the label.
///
/// An example draws its label uniformly from `0 ..< classCount`, then its features from the
/// standard normal distribution, and adds `shift` to the feature at `label % features`. Training
/// examples come from `seed.child("train")`, test examples from `seed.child("test")`. Examples are
/// drawn one after the other, so the first k do not depend on how many are drawn in all.
///
/// - Note: The data of Unbitrium tutorial 028 (32 features, 10 classes, shift 2), where it is drawn
///   with NumPy's generator.
public struct GaussianClassesSource: DataSource {
  public static let entry = DatasetEntry(
    manifest: ComponentManifest(
      id: "gaussian-classes",
      summary: "Standard normal features, raised at the index of the label; drawn per seed.",
      formula: "y ~ U{0, …, classes − 1}; x ~ N(0, I) + shift · e_(y mod features)",
      origin: "The data of Unbitrium tutorial 028.",
      parameters: [
        ParameterSpec(
          "features", .integer(1...10_000_000), default: .integer(32),
          help: "number of features of an example"),
        ParameterSpec("classes", .integer(2...100_000), default: .integer(10), help: "classes"),
        ParameterSpec(
          "shift", .real(-1e6...1e6), default: .real(2),
          help: "what the label's feature is raised by"),
        ParameterSpec(
          "train", .integer(1...100_000_000, orWords: ["none"]), default: .text("none"),
          help: "training examples of all clients; none: as many as the partition's sizes"),
        ParameterSpec(
          "test", .integer(1...100_000_000), default: .integer(2_000), help: "test examples"),
      ])
  ) { (arguments, _) throws(DatasetError) in
    GaussianClassesSource(
      features: arguments.integer("features"), classCount: arguments.integer("classes"),
      shift: arguments.real("shift"), testCount: arguments.integer("test"),
      trainingCount: arguments.wholeNumber("train"))
  }

  public let shape: InputShape
  public let classCount: Int
  public let shift: Double
  public let testCount: Int
  public let trainingCount: Int?

  /// Creates a source; without a `trainingCount` it draws as many as the partition asks for.
  ///
  /// - Precondition: every count is positive and `shift` is finite.
  public init(
    features: Int = 32, classCount: Int = 10, shift: Double = 2, testCount: Int = 2_000,
    trainingCount: Int? = nil
  ) {
    precondition(
      features > 0 && classCount > 0 && testCount > 0 && trainingCount.map { $0 > 0 } ?? true
        && shift.isFinite,
      """
      gaussian classes: \(features) features, \(classCount) classes, shift \(shift), \(testCount) \
      test and \(trainingCount.map(String.init) ?? "any number of") training examples
      """)
    shape = .vector(features)
    self.classCount = classCount
    self.shift = shift
    self.testCount = testCount
    self.trainingCount = trainingCount
  }

  public func byteCount(trainingCount: Int) -> Double {
    4 * (Double(trainingCount) + Double(testCount)) * Double(shape.count)
  }

  /// Draws the examples of one run; a fixed ``trainingCount`` takes precedence over the argument.
  public func load(trainingCount: Int, seed: SeedPath) throws(DatasetError) -> SplitData {
    var training = seed.child("train").stream()
    var test = seed.child("test").stream()
    return SplitData(
      training: draw(self.trainingCount ?? trainingCount, from: &training),
      test: draw(testCount, from: &test))
  }

  private func draw(_ count: Int, from random: inout RandomStream) -> Shard {
    let features = shape.count
    var values: [Float] = []
    values.reserveCapacity(count * features)
    var labels: [Int] = []
    labels.reserveCapacity(count)
    for row in 0..<count {
      let label = random.index(below: classCount)
      labels.append(label)
      for _ in 0..<features { values.append(Float(random.normal())) }
      values[row * features + label % features] += Float(shift)
    }
    return Shard(
      inputs: Matrix(rowCount: count, columnCount: features, values: values), labels: labels,
      classCount: classCount, shape: shape)
  }
}
