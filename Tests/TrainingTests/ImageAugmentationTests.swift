import Determinism
import Tensors
import Testing
import Training

@Suite struct ImageAugmentationTests {
  /// Keeps the inputs of every step.
  private struct Recorder: LocalTrainingHook {
    var batches: [[Float]] = []

    mutating func adjustBatch(
      _ inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int>,
      random: inout RandomStream, step: LocalStep
    ) {
      batches.append(inputs.indices.map { inputs[$0] })
    }
  }

  private func applied(
    _ augmentation: ImageAugmentation, _ images: [Float], count: Int, _ random: RandomStream
  ) -> [Float] {
    var (images, random, scratch) = (images, random, [Float]())
    var span = images.mutableSpan
    augmentation.apply(to: &span, count: count, scratch: &scratch, random: &random)
    return images
  }

  @Test func `a part of the padded image is taken`() {
    let padded: [[Float]] = [
      [9, 9, 9, 9, 9], [9, 1, 2, 3, 9], [9, 4, 5, 6, 9], [9, 9, 9, 9, 9],
    ]
    let augmentation = ImageAugmentation(
      height: 2, width: 3, channelCount: 1, padding: 1, flips: false, fill: [9])
    var draws = SeedPath(root: 3).stream()
    let images = applied(
      augmentation, [Float](repeating: 0, count: 100).flatMap { _ in [1, 2, 3, 4, 5, 6] },
      count: 100, draws)
    var seen: Set<[Int]> = []
    for index in 0..<100 {
      let row = draws.index(below: 3)
      let column = draws.index(below: 3)
      seen.insert([row, column])
      let expected = padded[row..<row + 2].flatMap { $0[column..<column + 3] }
      #expect(Array(images[6 * index..<6 * index + 6]) == expected)
    }
    #expect(seen.count == 9)
  }

  @Test func `left and right are exchanged half of the time`() {
    let augmentation = ImageAugmentation(
      height: 1, width: 3, channelCount: 2, padding: 0, flips: true, fill: [0, 0])
    let image: [Float] = [1, 2, 3, 4, 5, 6]
    var draws = SeedPath(root: 4).stream()
    let images = applied(
      augmentation, (0..<1_000).flatMap { _ in image }, count: 1_000, draws)
    var flips = 0
    for index in 0..<1_000 {
      let isFlipped = draws.word() & 1 == 1
      if isFlipped { flips += 1 }
      #expect(
        Array(images[6 * index..<6 * index + 6]) == (isFlipped ? [5, 6, 3, 4, 1, 2] : image))
    }
    #expect((430...570).contains(flips))
  }

  @Test func `first the part, then its mirror image, channels with what fills them`() {
    // Two rows of two pixels of two channels.
    let image: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
    let augmentation = ImageAugmentation(
      height: 2, width: 2, channelCount: 2, padding: 1, flips: true, fill: [-1, -2])
    // A stream whose draws are row 0, column 0, and a mirror image.
    for root in 0..<200 as Range<UInt64> {
      var draws = SeedPath(root: root).stream()
      guard draws.index(below: 3) == 0, draws.index(below: 3) == 0, draws.word() & 1 == 1 else {
        continue
      }
      let changed = applied(augmentation, image, count: 1, SeedPath(root: root).stream())
      // The part has the old first pixel at its lower right; the mirror image at its lower left.
      #expect(changed == [-1, -2, -1, -2, 1, 2, -1, -2])
      return
    }
    Issue.record("no such stream")
  }

  @Test func `only so many images of a batch are changed`() {
    let augmentation = ImageAugmentation(
      height: 1, width: 2, channelCount: 1, padding: 1, flips: true, fill: [0])
    let images = applied(
      augmentation, [1, 2, 3, 4], count: 1, SeedPath(root: 1).stream())
    #expect(images[2...] == [3, 4])
  }

  @Test func `training sees them, drawn anew in each pass and the same for the same seed`() {
    let model = Sequential.perceptron(inputs: 6, hidden: [], classes: 2, initialization: .he)
    var start = SeedPath(root: 9).stream()
    let anchor = model.initialParameters(using: &start)
    let inputs = Matrix<Float>(
      rowCount: 5, columnCount: 6, values: (0..<30).map { Float($0) / 30 })
    let augmentation = ImageAugmentation(
      height: 2, width: 3, channelCount: 1, padding: 1, flips: true, fill: [0.5])
    func trained(
      _ seed: UInt64, _ augmentation: ImageAugmentation?
    ) -> (parameters: [Float], batches: [[Float]]) {
      var trainer = LocalTrainer(model: model, batchSize: 3)
      var schedule = LocalSchedule(length: .epochs(2), batchSize: 3, learningRate: 0.1)
      schedule.augmentation = augmentation
      var hook = Recorder()
      var random = SeedPath(root: seed).stream()
      var unused = random
      trainer.train(
        from: anchor, inputs: inputs, labels: [0, 1, 0, 1, 1], schedule: schedule, hook: &hook,
        random: &random, hookRandom: &unused)
      return (trainer.parameters, hook.batches)
    }
    let (parameters, batches) = trained(5, augmentation)
    // One draw seeds what is drawn of images; the orders of the passes come after it.
    var random = SeedPath(root: 5).stream()
    var draws = SeedPath(root: random.next()).stream()
    var scratch: [Float] = []
    var expected: [[Float]] = []
    for _ in 0..<2 {
      let order = random.permutation(5)
      for range in [0..<3, 3..<5] {
        var batch = order[range].flatMap { row in (0..<6).map { inputs.values[6 * row + $0] } }
        var span = batch.mutableSpan
        augmentation.apply(to: &span, count: range.count, scratch: &scratch, random: &draws)
        expected.append(batch)
      }
    }
    #expect(batches == expected)
    #expect(trained(5, augmentation).parameters == parameters)
    #expect(trained(6, augmentation).parameters != parameters)
    #expect(trained(5, nil).parameters != parameters)
  }

  @Test func `the gradient of one batch has them, too`() {
    let model = Sequential.perceptron(inputs: 4, hidden: [], classes: 2, initialization: .he)
    let anchor = [Float](repeating: 0.25, count: model.layout.count)
    let inputs = Matrix<Float>(rowCount: 1, columnCount: 4, values: [1, 2, 3, 4])
    func gradient(_ inputs: Matrix<Float>, _ augmentation: ImageAugmentation?) -> [Float] {
      var trainer = LocalTrainer(model: model, batchSize: 1)
      var schedule = LocalSchedule(length: .steps(1), batchSize: 1, learningRate: 1)
      schedule.augmentation = augmentation
      var random = SeedPath(root: 8).stream()
      trainer.computeGradient(
        at: anchor, inputs: inputs, labels: [1], schedule: schedule, random: &random)
      return trainer.lastGradient
    }
    let augmentation = ImageAugmentation(
      height: 2, width: 2, channelCount: 1, padding: 1, flips: true, fill: [0])
    var random = SeedPath(root: 8).stream()
    let changed = applied(
      augmentation, [1, 2, 3, 4], count: 1, SeedPath(root: random.next()).stream())
    let expected = gradient(Matrix(rowCount: 1, columnCount: 4, values: changed), nil)
    #expect(gradient(inputs, augmentation) == expected)
  }
}
