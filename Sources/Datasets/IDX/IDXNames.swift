/// The names that the four files of a data set go by.
///
/// A name is `train-images-idx3-ubyte` or one of its three siblings, with a dot before `idx` as
/// 7-Zip unpacks the published archives, with `idx2` or `idx4` for images that are rows or have
/// channels, with `test` for `t10k` and `emnist-SPLIT-` in front as in
/// EMNIST, and with `.gz` at its end where it is compressed.
enum IDXNames {
  /// One of the four files.
  enum Part: String, CaseIterable, Sendable {
    case trainingImages = "train-images"
    case trainingLabels = "train-labels"
    case testImages = "t10k-images"
    case testLabels = "t10k-labels"

    var ending: String { endings[0] }
    /// The number in a name is that of dimensions; images are mostly gray.
    var endings: [String] {
      rawValue.hasSuffix("images") ? ["idx3-ubyte", "idx4-ubyte", "idx2-ubyte"] : ["idx1-ubyte"]
    }
    var spellings: [String] {
      rawValue.hasPrefix("t10k") ? [rawValue, "test" + rawValue.dropFirst(4)] : [rawValue]
    }
  }

  /// What a name says.
  struct Name: Equatable {
    /// The split of EMNIST; `nil` for names without one.
    let split: String?
    let part: Part
    let isCompressed: Bool
    /// The name itself, without `.gz`.
    let stem: String
  }

  /// Returns what a name says, or `nil` if it is none of these.
  static func parsed(_ name: String) -> Name? {
    let isCompressed = name.hasSuffix(".gz")
    let stem = isCompressed ? String(name.dropLast(3)) : name
    for part in Part.allCases {
      for spelling in part.spellings {
        let ends = part.endings.flatMap { ending in ["-", "."].map { spelling + $0 + ending } }
        for end in ends where stem.hasSuffix(end) {
          let front = stem.dropLast(end.count)
          if front.isEmpty {
            return Name(split: nil, part: part, isCompressed: isCompressed, stem: stem)
          }
          guard front.hasPrefix("emnist-"), front.hasSuffix("-"), front.count > 8 else { continue }
          let split = String(front.dropFirst(7).dropLast())
          return Name(split: split, part: part, isCompressed: isCompressed, stem: stem)
        }
      }
    }
    return nil
  }

  /// The names that one file may have, `.gz` left out.
  static func expected(_ part: Part, split: String?) -> [String] {
    let front = split.map { "emnist-\($0)-" } ?? ""
    return part.spellings.flatMap { spelling in
      ["-", "."].map { front + spelling + $0 + part.ending }
    }
  }
}
