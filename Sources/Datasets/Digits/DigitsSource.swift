import Components
public import Determinism
public import Tensors

/// The bundled real data: 1,797 handwritten digits of 8 × 8 pixels.
///
/// Pixels are counts 0...16, scaled by 1/16 to 0...1. Each run draws its own test set from
/// `seed.child("split")`: 20 % of every class (half rounds up), 359 examples in all. Training and
/// test examples keep the order of the file.
///
/// - Note: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine
///   Learning Repository, 1998, licensed under CC BY 4.0; its 1,797 test rows, unchanged in content.
public struct DigitsSource: DataSource {
  public static let entry = DatasetEntry(
    manifest: ComponentManifest(
      id: "digits", summary: "1,797 handwritten digits of 8 x 8 pixels, 10 classes; bundled.",
      formula: "stratified 80/20 into training and test, drawn per seed; pixels in 0...1",
      citations: [
        Citation(
          ["Alpaydin", "Kaynak"], "Optical recognition of handwritten digits",
          "UCI Machine Learning Repository", 1998, doi: "10.24432/C50P49")
      ],
      origin: attribution)
  ) { (_, _) throws(DatasetError) in DigitsSource() }

  /// What the license asks to be said wherever the data goes.
  public static let attribution = """
    E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning \
    Repository, 1998, https://archive.ics.uci.edu/dataset/80, licensed under CC BY 4.0 \
    (https://creativecommons.org/licenses/by/4.0/). Bundled: the 1,797 rows of the test file.
    """

  public let shape = InputShape.image(height: 8, width: 8, channels: 1)
  public let classCount = 10

  public init() {}

  public var trainingCount: Int? {
    Digits.bundled.labels.count - rowsByClass.reduce(0) { $0 + Self.testCount(of: $1.count) }
  }

  /// Returns a stratified split; `trainingCount` is ignored, because all there is is dealt out.
  public func load(trainingCount _: Int, seed: SeedPath) throws(DatasetError) -> SplitData {
    var random = seed.child("split").stream()
    var isTest = [Bool](repeating: false, count: Digits.bundled.labels.count)
    for rows in rowsByClass {
      for draw in random.sample(Self.testCount(of: rows.count), of: rows.count) {
        isTest[rows[draw]] = true
      }
    }
    let all = Shard(
      inputs: Matrix(
        rowCount: isTest.count, columnCount: shape.count,
        values: Digits.bundled.pixels.map { Float($0) / 16 }),
      labels: Digits.bundled.labels.map(Int.init), classCount: classCount, shape: shape)
    return SplitData(
      training: all.selecting(isTest.indices.filter { !isTest[$0] }),
      test: all.selecting(isTest.indices.filter { isTest[$0] }))
  }

  public func canonicalArrays() throws(DatasetError) -> [CanonicalArray]? {
    let digits = Digits.bundled
    let count = digits.labels.count
    return [
      CanonicalArray(
        name: "images", elementType: .uint8, shape: [count, 8, 8], bytes: digits.pixels),
      CanonicalArray(name: "labels", elementType: .uint8, shape: [count], bytes: digits.labels),
    ]
  }

  private var rowsByClass: [[Int]] {
    var rows = [[Int]](repeating: [], count: classCount)
    for (row, label) in Digits.bundled.labels.enumerated() { rows[Int(label)].append(row) }
    return rows
  }

  /// 20 % of a class, half rounding up.
  private static func testCount(of count: Int) -> Int { (2 * count + 5) / 10 }
}
