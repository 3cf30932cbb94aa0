public import Determinism
public import Kernels
public import Tensors

/// Examples of one class from files that are no part of the task's data, such as the sevens of ARDIS.
///
/// A path that ends in `.npz` is an archive; any other is a folder with one set of
///
/// - IDX files by the names that ``IDXFiles`` knows, raw or gzip: `train-images-idx3-ubyte` with its labels,
///   and `t10k-images-idx3-ubyte` with its labels or neither; bytes are scaled by 1/255 to 0...1,
/// - an `.npz` archive, or `.npy` files, of the arrays `x` and `y`, or `x_train`, `y_train`, `x_test` and
///   `y_test`: inputs (examples first) in the unit of the task's data, and labels.
///
/// Examples of other classes are left out, so that none is trained or measured on by mistake.
public struct OutsideExamples: Sendable, Equatable {
  /// Inputs to train with; to measure on as well, where there are no others.
  public let training: Matrix<Float>
  /// Inputs to measure on; `nil`: one set, from which both are drawn.
  public let test: Matrix<Float>?
  /// The class that they are of.
  public let label: Int

  /// How many there are.
  public var count: Int { training.rowCount + (test?.rowCount ?? 0) }

  /// Reads the examples of a class.
  ///
  /// - Parameters:
  ///   - path: A folder, or an `.npz` archive.
  ///   - label: The class, as the files number it.
  ///   - shape: The shape of the task's inputs, which these must have.
  /// - Throws: ``DatasetError`` where there is no set or more than one, a file cannot be read, shapes or
  ///   counts do not fit, a label is no whole number, or an input of the class is not finite.
  public init(path: String, label: Int, shape: InputShape) throws(DatasetError) {
    let files = try OutsideFiles(path: path)
    training = try files.training.inputs(of: label, shape: shape)
    test = try files.test?.inputs(of: label, shape: shape)
    self.label = label
  }

  /// Says what is missing to draw so many of each; `nil`: nothing.
  public func shortage(training wanted: Int, test wantedTest: Int) -> String? {
    func text(_ count: Int, _ purpose: String, _ wanted: String) -> String {
      "has \(count) \(count == 1 ? "example" : "examples") of class \(label)\(purpose), and \(wanted)"
    }
    guard let test else {
      guard training.rowCount - wanted < wantedTest else { return nil }
      return text(training.rowCount, "", "train and test ask for \(wanted) + \(wantedTest)")
    }
    if training.rowCount < wanted {
      return text(training.rowCount, " to train with", "train asks for \(wanted)")
    }
    guard test.rowCount < wantedTest else { return nil }
    return text(test.rowCount, " to measure on", "test asks for \(wantedTest)")
  }

  /// Draws different examples to train with and to measure on, which never meet.
  ///
  /// - Precondition: There are enough (``shortage(training:test:)``), and the normalization fits.
  public func draw(
    training count: Int, test testCount: Int, classCount: Int, shape: InputShape,
    normalization: Normalization?, random: inout RandomStream
  ) -> (training: Shard, test: Shard) {
    func shard(_ inputs: Matrix<Float>, _ rows: some Sequence<Int>) -> Shard {
      let rows = rows.sorted()
      var shard = Shard(
        inputs: inputs.selecting(rows), labels: rows.map { _ in label }, classCount: classCount,
        shape: shape)
      normalization?.apply(to: &shard)
      return shard
    }
    guard let test else {
      let drawn = random.sample(count + testCount, of: training.rowCount)
      return (shard(training, drawn.prefix(count)), shard(training, drawn.dropFirst(count)))
    }
    let drawn = random.sample(count, of: training.rowCount)
    return (shard(training, drawn), shard(test, random.sample(testCount, of: test.rowCount)))
  }

  /// What identifies the examples, however they were stored.
  public var canonicalArrays: [CanonicalArray] {
    [("train", training)].appending(test.map { ("test", $0) }).map { name, inputs in
      CanonicalArray(
        name: name, elementType: .float32, shape: [inputs.rowCount, inputs.columnCount],
        bytes: inputs.values.flatMap { value in
          let bits = (value == 0 ? 0 : value).bitPattern
          return (0..<4).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
        })
    }
  }
}

extension Array {
  fileprivate func appending(_ element: Element?) -> [Element] {
    element.map { self + [$0] } ?? self
  }
}
