import Components
import Federation

/// Bounds that papers prove for rules of other papers.
enum KnownBounds {
  private static let source = Citation(
    ["Allouah", "Farhadkhani", "Guerraoui", "Gupta", "Pinot", "Stephan"],
    "Fixing by mixing: a recipe for optimal Byzantine ML under heterogeneity", "AISTATS", 2023,
    arXiv: "2302.01772")

  static let trimmedMean = RobustnessBound(
    "κ <= 6f / (n − 2f) · (1 + f / (n − 2f))", source: source
  ) { n, f in 6 * f / (n - 2 * f) * (1 + f / (n - 2 * f)) }

  /// With the paper's neighbors and squared distances.
  static let krum = RobustnessBound(
    "κ <= 6 (1 + f / (n − 2f)), with the paper's neighbours and power", source: source
  ) { n, f in
    6 * (1 + f / (n - 2 * f))
  }

  /// Of the coordinate-wise and of the geometric median.
  static let medians = RobustnessBound("κ <= 4 (1 + f / (n − 2f))²", source: source) { n, f in
    4 * (1 + f / (n - 2 * f)) * (1 + f / (n - 2 * f))
  }

  static let mixing = RobustnessBound(
    "κ <= 8f / (n − f) · (κ of the rule behind it + 1)", source: source
  ) { n, f, kappa in 8 * f / (n - f) * (kappa + 1) }

  /// For the largest eigenvalue of the honest rows' covariance, hence for its trace too.
  static let leastSpread = RobustnessBound(
    "κ <= 4f / (n − f) · (1 + f / (n − 2f))²",
    source: Citation(
      ["Allouah", "Guerraoui", "Gupta", "Pinot", "Stephan"],
      "On the privacy-robustness-utility trilemma in distributed learning", "ICML", 2023,
      arXiv: "2302.04787")
  ) { n, f in 4 * f / (n - f) * (1 + f / (n - 2 * f)) * (1 + f / (n - 2 * f)) }
}
