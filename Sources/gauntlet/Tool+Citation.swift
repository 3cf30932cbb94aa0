import Reporting

extension Tool {
  /// How this program is cited, as `CITATION.cff` says: by the versions that made some results, or by
  /// this one.
  static func software(versions: [String] = []) -> Bibliography.Software {
    let made = Set(versions).sorted()
    return Bibliography.Software(
      title: "Gauntlet", authors: "The Gauntlet authors",
      abstract: "An attack-versus-defense benchmark suite for federated learning with"
        + " bit-reproducible results.", versions: made.isEmpty ? [version] : made)
  }
}
