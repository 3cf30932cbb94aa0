extension Drawing {
  /// Drawings side by side as one, such as two panels of a figure.
  ///
  /// Edge cases: none gives an empty drawing; heights may differ, and the tops line up.
  public static func row(_ drawings: [Drawing], title: String, gap: Double = 16) -> Drawing {
    var content = ""
    var x = 0.0
    for drawing in drawings {
      content += "<g transform=\"translate(\(Pixels.text(x)) 0)\">\n\(drawing.content)</g>\n"
      x += drawing.width + gap
    }
    return Drawing(
      width: max(0, x - gap), height: drawings.map(\.height).max() ?? 0, title: title,
      summary: drawings.map(\.summary).joined(separator: " "), content: content)
  }
}
