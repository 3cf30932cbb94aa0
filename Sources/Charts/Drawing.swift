/// A finished drawing: the content of an SVG image, with what it shows in words.
///
/// Colors come from classes that ``styleSheet`` defines, for light and dark, so that a page with a
/// content security policy needs one hashed style for all drawings, and no element has a `style`.
public struct Drawing: Hashable, Sendable {
  /// In user units, which are CSS pixels where the drawing is not scaled.
  public var width: Double
  public var height: Double
  /// What a screen reader says first.
  public var title: String
  /// What the drawing shows, in a sentence or two.
  public var summary: String
  /// SVG elements.
  public var content: String

  public init(
    width: Double, height: Double, title: String, summary: String, content: String
  ) {
    self.width = width
    self.height = height
    self.title = title
    self.summary = summary
    self.content = content
  }
}
