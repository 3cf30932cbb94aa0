public import Markup

extension HTML {
  /// A text of anybody, cut after so many characters, with control characters and those that change
  /// the writing direction spelled out.
  public static func foreign(_ text: String, limit: Int = 300) -> HTML {
    .text(Printable.excerpt(text, limit: limit))
  }
}
