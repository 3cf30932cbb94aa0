import Markup

extension Drawing {
  /// An `<svg>` element for a page that has ``styleSheet``.
  ///
  /// It has no style, no script and no reference to anything outside. The id has to be unique on
  /// the page; those of the title and the description start with it.
  public func inline(id: String) -> String {
    let id = XMLText.attribute(Printable.escaped(id))
    return """
      <svg class="chart" \(measures) role="img" aria-labelledby="\(id)-t \(id)-d">
      <title id="\(id)-t">\(Self.escaped(title))</title>
      <desc id="\(id)-d">\(Self.escaped(summary))</desc>
      \(content)</svg>
      """
  }

  /// An SVG file of its own, with its style and opaque paper.
  public func document() -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <svg xmlns="http://www.w3.org/2000/svg" class="chart" \(measures) role="img" \
    aria-labelledby="t d">
    <title id="t">\(Self.escaped(title))</title>
    <desc id="d">\(Self.escaped(summary))</desc>
    <style>
    \(Self.styleSheet)</style>
    <rect class="c-paper" width="\(Pixels.text(width))" height="\(Pixels.text(height))"/>
    \(content)</svg>

    """
  }

  private var measures: String {
    let (width, height) = (Pixels.text(width), Pixels.text(height))
    return "width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\""
  }

  private static func escaped(_ text: String) -> String {
    XMLText.content(Printable.escaped(text))
  }
}
