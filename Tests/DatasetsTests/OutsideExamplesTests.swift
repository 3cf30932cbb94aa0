import Determinism
import Kernels
import Tensors
import Testing

@testable import Datasets

@Suite struct OutsideExamplesTests {
  private static let shape = InputShape.image(height: 2, width: 3, channels: 1)

  /// Thirty images, each of its own, three of each digit.
  private static let labels = (0..<30).map { UInt8($0 % 10) }
  private static let pixels = (0..<180).map { UInt8($0) }

  private func write(_ scratch: Scratch, images: [UInt8] = pixels, labels: [UInt8] = labels) throws
  {
    for (name, bytes) in [
      ("train-images-idx3-ubyte", IDXFolder.header(3, [UInt32(labels.count), 2, 3]) + images),
      ("train-labels-idx1-ubyte", IDXFolder.header(1, [UInt32(labels.count)]) + labels),
    ] { try scratch.write(bytes, to: name) }
  }

  private func read(_ path: String, label: Int = 7, shape: InputShape = shape) throws
    -> OutsideExamples
  {
    try OutsideExamples(path: path, label: label, shape: shape)
  }

  private func image(_ index: Int) -> [Float] {
    Self.pixels[index * 6..<(index + 1) * 6].map { Float($0) / 255 }
  }

  private func rows(_ inputs: Matrix<Float>) -> [[Float]] {
    (0..<inputs.rowCount).map { inputs.row($0) }
  }

  // A peer's reader of ARDIS takes the labels for indices, so that image 7 comes 660 times, and measures
  // on all digits.
  @Test func `the examples are all different images of the class, and nothing else`() throws {
    let scratch = try Scratch()
    try write(scratch)
    let outside = try read(scratch.path)
    #expect(rows(outside.training) == [7, 17, 27].map(image))
    #expect(outside.test == nil)
    var random = SeedPath(root: 1).stream()
    let drawn = outside.draw(
      training: 2, test: 1, classCount: 10, shape: Self.shape, normalization: nil, random: &random)
    #expect(
      Set(rows(drawn.training.inputs.numbers) + rows(drawn.test.inputs.numbers))
        == Set([7, 17, 27].map(image)))
    #expect(drawn.training.labels == [7, 7] && drawn.test.labels == [7])
  }

  @Test func `a test set of its own is what is measured on`() throws {
    let scratch = try Scratch()
    try write(scratch)
    try scratch.write(
      Gzip.member(IDXFolder.header(3, [3, 2, 3]) + (0..<18).map { 200 + $0 }),
      to: "t10k-images-idx3-ubyte.gz")
    try scratch.write(IDXFolder.header(1, [3]) + [1, 7, 7], to: "t10k-labels-idx1-ubyte")
    let outside = try read(scratch.path)
    let test = try #require(outside.test)
    #expect(outside.training.rowCount == 3)
    #expect(test.row(0) == (206..<212).map { Float($0) / 255 } && test.rowCount == 2)
    #expect(outside.shortage(training: 3, test: 2) == nil)
    #expect(
      outside.shortage(training: 4, test: 2)
        == "has 3 examples of class 7 to train with, and train asks for 4")
    #expect(
      outside.shortage(training: 3, test: 3)
        == "has 2 examples of class 7 to measure on, and test asks for 3")
  }

  @Test func `one set in four formats is the same examples`() throws {
    let idx = try Scratch()
    try write(idx)
    let values = Self.pixels.map { Float($0) / 255 }
    let labels = Self.labels.map { Float($0) }
    let arrays = try Scratch()
    try NPYFile.write(
      Matrix(rowCount: 30, columnCount: 6, values: values), to: arrays.path + "/x.npy")
    try NPYFile.write(labels, to: arrays.path + "/y.npy")
    let images = try Scratch()
    try NPZFile.write(
      [
        ("x", NPZArray(shape: [30, 2, 3, 1], values: values)),
        ("y", NPZArray(shape: [30], values: labels)),
      ], to: images.path + "/set.npz")
    let expected = try read(idx.path)
    for path in [arrays.path, images.path, images.path + "/set.npz"] {
      let outside = try read(path)
      #expect(outside == expected && outside.canonicalArrays == expected.canonicalArrays)
    }
    // Other classes do not matter, a value of this one does.
    try write(idx, images: Self.pixels.dropLast() + [0])
    #expect(try read(idx.path).canonicalArrays == expected.canonicalArrays)
    try write(idx, images: Self.pixels.prefix(42) + [0] + Self.pixels.dropFirst(43))
    #expect(try read(idx.path).canonicalArrays != expected.canonicalArrays)
    #expect(try read(arrays.path, label: 8).canonicalArrays != expected.canonicalArrays)
  }

  @Test func `an archive may have a test set`() throws {
    let scratch = try Scratch()
    func array(_ first: Float, _ count: Int) -> NPZArray {
      NPZArray(shape: [count, 6], values: (0..<count * 6).map { first + Float($0) })
    }
    try NPZFile.write(
      [
        ("x_train", array(0, 2)), ("y_train", NPZArray(shape: [2], values: [1, 7])),
        ("x_test", array(100, 1)), ("y_test", NPZArray(shape: [1], values: [7])),
      ], to: scratch.path + "/set.npz")
    let outside = try read(scratch.path)
    #expect(rows(outside.training) == [[6, 7, 8, 9, 10, 11]])
    #expect(outside.test.map(rows) == [[100, 101, 102, 103, 104, 105]])
  }

  @Test func `drawn examples never meet, and are normalized as the task's data`() throws {
    let scratch = try Scratch()
    try write(scratch, labels: Self.labels.map { _ in 4 })
    let outside = try read(scratch.path, label: 4)
    func draw(_ seed: UInt64, _ normalization: Normalization? = nil) -> (Shard, Shard) {
      var random = SeedPath(root: seed).stream()
      return outside.draw(
        training: 12, test: 9, classCount: 10, shape: Self.shape, normalization: normalization,
        random: &random)
    }
    let (train, test) = draw(1)
    #expect(
      Set(rows(train.inputs.numbers)).count == 12 && Set(rows(test.inputs.numbers)).count == 9)
    #expect(Set(rows(train.inputs.numbers)).isDisjoint(with: rows(test.inputs.numbers)))
    let again = draw(1)
    #expect(again.0 == train && again.1 == test)
    #expect(draw(2).0 != train)
    let (shifted, _) = draw(1, Normalization(mean: [0.5], deviation: [0.25]))
    #expect(shifted.inputs.values == train.inputs.values.map { ($0 - 0.5) / 0.25 })
  }

  // MARK: - What is refused

  private func problem(_ scratch: Scratch, label: Int = 7, shape: InputShape = shape) -> String {
    let error = #expect(throws: DatasetError.self) {
      try self.read(scratch.path, label: label, shape: shape)
    }
    return (error?.description ?? "").replacing(scratch.path, with: "F")
  }

  @Test func `a folder without examples, or with too many, is refused`() throws {
    let scratch = try Scratch()
    #expect(problem(scratch).hasPrefix("F: holds no examples: one set of IDX files"))
    try write(scratch)
    try NPYFile.write([1], to: scratch.path + "/x.npy")
    #expect(problem(scratch).hasPrefix("F: holds several sets of examples"))
    let error = #expect(throws: DatasetError.self) { try self.read(scratch.path + "/no") }
    #expect(error == .fileNotFound(path: scratch.path + "/no"))
    let file = try scratch.write([1], to: "set.txt")
    let other = #expect(throws: DatasetError.self) { try self.read(file) }
    #expect(other?.description.hasSuffix("it is no folder and no .npz archive") == true)
  }

  @Test func `images without labels are refused, and a name spelt twice`() throws {
    let scratch = try Scratch()
    try scratch.write(IDXFolder.header(1, [1]) + [7], to: "train-labels-idx1-ubyte")
    #expect(problem(scratch) == "F/train-labels-idx1-ubyte: has no file train-images-idx3-ubyte")
    try write(scratch)
    try scratch.write(IDXFolder.header(1, [1]) + [7], to: "t10k-labels-idx1-ubyte")
    #expect(problem(scratch) == "F/t10k-labels-idx1-ubyte: has no file t10k-images-idx3-ubyte")
    try scratch.write([], to: "train-labels.idx1-ubyte")
    #expect(problem(scratch).contains("train-labels-idx1-ubyte and train-labels.idx1-ubyte, which"))
  }

  @Test func `another shape or number of labels is refused`() throws {
    let scratch = try Scratch()
    try write(scratch)
    #expect(
      problem(scratch, shape: .image(height: 3, width: 2, channels: 1))
        == "F/train-images-idx3-ubyte: has inputs of 2x3, the task 3x2")
    #expect(
      problem(scratch, shape: .vector(6))
        == "F/train-images-idx3-ubyte: has inputs of 2x3, the task 6")
    try scratch.write(IDXFolder.header(1, [2]) + [7, 7], to: "train-labels-idx1-ubyte")
    #expect(
      problem(scratch)
        == "F/train-labels-idx1-ubyte: 2 labels for the 30 examples of F/train-images-idx3-ubyte")
  }

  @Test func `arrays of other names, odd labels and infinite values are refused`() throws {
    let scratch = try Scratch()
    func write(_ x: NPZArray, _ y: NPZArray, name: String = "x") throws {
      try NPZFile.write([(name, x), ("y", y)], to: scratch.path + "/set.npz")
    }
    let two = NPZArray(shape: [2, 6], values: (0..<12).map { $0 == 9 ? .infinity : 0 })
    let labels = NPZArray(shape: [2], values: [1, 7])
    try write(two, labels, name: "images")
    #expect(
      problem(scratch).hasPrefix("F/set.npz: has the arrays images, y, not x and y, or x_train"))
    try write(two, labels)
    #expect(problem(scratch) == "F/set.npz, array 'x': example 1 has a value that is not finite")
    #expect(try read(scratch.path, label: 1).training.rowCount == 1)
    #expect(try read(scratch.path, label: 3).training.rowCount == 0)
    for value in [1.5, -1, Float.nan, .infinity] {
      try write(two, NPZArray(shape: [2], values: [1, value]))
      #expect(problem(scratch).hasPrefix("F/set.npz, array 'y': the label of example 1 is"))
    }
    try write(two, NPZArray(shape: [2, 1], values: [1, 7]))
    #expect(problem(scratch).contains("has 2 dimensions; labels are a vector"))
    try write(NPZArray(shape: [2], values: [0, 0]), labels)
    #expect(problem(scratch).contains("has no dimension of examples"))
  }

  @Test func `too few to draw from is a shortage`() throws {
    let scratch = try Scratch()
    try write(scratch)
    let outside = try read(scratch.path)
    #expect(outside.shortage(training: 2, test: 1) == nil)
    #expect(
      outside.shortage(training: 2, test: 2)
        == "has 3 examples of class 7, and train and test ask for 2 + 2")
    #expect(outside.shortage(training: .max, test: .max) != nil)
  }
}
