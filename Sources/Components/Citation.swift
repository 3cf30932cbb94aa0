/// A paper or project that defines a component, in fields that a bibliography can be made of.
public struct Citation: Sendable, Hashable {
  /// Family names, or full names where those are needed, in the order of the paper.
  public let authors: [String]
  public let title: String
  /// Conference, journal or `arXiv`, without the year.
  public let venue: String
  public let year: Int
  /// Such as `10.1109/TSP.2022.3153135`.
  public let doi: String?
  /// Such as `1807.00459`.
  public let arXiv: String?

  public init(
    _ authors: [String], _ title: String, _ venue: String, _ year: Int, doi: String? = nil,
    arXiv: String? = nil
  ) {
    self.authors = authors
    self.title = title
    self.venue = venue
    self.year = year
    self.doi = doi
    self.arXiv = arXiv
  }
}

extension Citation: CustomStringConvertible {
  /// One line: authors, title, venue and year, then where it can be found.
  public var description: String {
    let place = venue.isEmpty || venue == "arXiv" ? "" : "\(venue) "
    let found = [doi.map { "doi:\($0)" }, arXiv.map { "arXiv:\($0)" }].compactMap(\.self)
    let ending = found.isEmpty ? "" : " " + found.joined(separator: " ")
    return "\(authors.joined(separator: ", ")). \(title). \(place)\(year).\(ending)"
  }
}
