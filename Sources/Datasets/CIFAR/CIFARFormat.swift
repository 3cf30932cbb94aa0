/// How the records of CIFAR's binary files are laid out, and how the files are called.
///
/// A record is one byte per label, then the red, green and blue plane of 32 × 32 bytes each, rows
/// first.
///
/// - Note: A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009; the format
///   is described where the data are published.
enum CIFARFormat: Sendable, Equatable {
  case ten
  /// With the 20 superclasses as labels instead of the 100 classes.
  case hundred(isCoarse: Bool)

  static let side = 32
  static let channelCount = 3
  static let pixelCount = side * side * channelCount

  /// Labels before the pixels of a record.
  var labelCount: Int { self == .ten ? 1 : 2 }
  /// Which of them is the class.
  var labelPosition: Int { self == .hundred(isCoarse: false) ? 1 : 0 }
  var recordSize: Int { labelCount + Self.pixelCount }

  var classCount: Int {
    switch self {
    case .ten: 10
    case .hundred(let isCoarse): isCoarse ? 20 : 100
    }
  }

  var trainingNames: [String] {
    self == .ten ? (1...5).map { "data_batch_\($0).bin" } : ["train.bin"]
  }

  var testName: String { self == .ten ? "test_batch.bin" : "test.bin" }

  /// The folder that the published archive unpacks to.
  var archiveFolder: String { self == .ten ? "cifar-10-batches-bin" : "cifar-100-binary" }

  /// A file of the version for Python, whose pickled objects are never read.
  var pickledName: String { self == .ten ? "data_batch_1" : "train" }
}
