/// A simple detector that the detectability of an attack is measured with.
enum ReferenceDetector: String, CaseIterable, Sendable {
  case norm
  case cosine
  case medianDistance = "median-distance"
  case krum
  case principal
  case sign

  /// The id of its series.
  var id: String { "detector." + rawValue }

  /// Whether scores follow from pairs of rows, so that they are those of a ``RowSample``.
  var comparesPairs: Bool { self == .krum || self == .principal }

  /// The score of a row.
  var definition: String {
    switch self {
    case .norm: "update norm"
    case .cosine: "cosine to the mean of the other rows"
    case .medianDistance: "distance to the coordinate-wise median"
    case .krum: "Krum score" + Self.sampling
    case .principal: "absolute projection on the first principal component" + Self.sampling
    case .sign: "distance of the sign balance from that of the other rows"
    }
  }

  private static let sampling = " among at most \(RowSample.limit) rows of a round"
}
