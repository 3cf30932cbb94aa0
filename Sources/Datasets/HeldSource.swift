import Determinism
import Tensors

/// A source whose examples were read when it was opened, and say themselves which are to test on.
///
/// A run shares them with the source until it changes them.
struct HeldSource: DataSource {
  let data: SplitData
  /// Whether the values are bytes, scaled by 1/255.
  let isBytes: Bool
  let userCount: Int?
  let alphabet: [UInt8]?

  init(data: SplitData, isBytes: Bool, alphabet: [UInt8]? = nil) {
    self.data = data
    self.isBytes = isBytes
    self.alphabet = alphabet
    userCount = data.trainingUsers.map { Set($0).count }
  }

  var shape: InputShape { data.training.shape }
  var classCount: Int { data.training.classCount }
  var trainingCount: Int? { data.training.count }
  var isFixed: Bool { true }

  func byteCount(trainingCount: Int) -> Double {
    (isBytes ? 1 : 4) * (Double(trainingCount) + Double(data.test.count)) * Double(shape.count)
  }

  /// Returns the examples; both arguments are ignored.
  func load(trainingCount _: Int, seed _: SeedPath) throws(DatasetError) -> SplitData { data }

  func canonicalArrays() throws(DatasetError) -> [CanonicalArray]? {
    CanonicalArray.arrays("train", of: data.training, isBytes: isBytes)
      + CanonicalArray.arrays("test", of: data.test, isBytes: isBytes)
      + (data.trainingUsers.map { [CanonicalArray.users($0)] } ?? [])
  }
}
