extension Drawing {
  /// The CSS of all drawings; its classes start with `c-`.
  ///
  /// Colors are variables of the root. They follow the reader's setting, unless the root has
  /// `data-theme="light"` or `"dark"`; print is light. Each color stands before its variable once
  /// more, for programs that know no variables. There is no `<`, `&` or `</` in it.
  public static let styleSheet: String = {
    let fonts = "Arial,Helvetica,\"Liberation Sans\",sans-serif"
    let light = Palette.light
    var rules = [
      ":root{\(variables(light))}",
      "@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){\(variables(.dark))}}",
      "@media screen{:root[data-theme=dark]{\(variables(.dark))}}",
      "@media print{.chart{print-color-adjust:exact}}",
      "body .chart{max-width:100%;height:auto}",
      // Inherited, so that the classes of a group hold for what is in it.
      ".chart{font:11px \(fonts);fill:none;stroke-linejoin:round;stroke-linecap:round}",
      ".chart text{\(fill("ink", light.ink))}",
      ".chart .c-paper{\(fill("paper", light.paper))}",
      ".chart .c-title{font-size:13px;font-weight:bold}",
      ".chart .c-strong{font-weight:bold}",
      ".chart .c-mid{text-anchor:middle}",
      ".chart .c-end{text-anchor:end}",
      ".chart .c-soft,.chart .c-ticks text{\(fill("muted", light.muted))}",
      ".chart .c-grid{\(stroke("grid", light.grid))}",
      ".chart .c-axis{\(stroke("muted", light.muted))}",
      ".chart .c-lead{\(stroke("muted", light.muted));stroke-width:.8}",
      ".chart .c-bar{\(stroke("ink", light.ink));stroke-width:4.5;stroke-linecap:butt}",
      ".chart .c-diagonal{\(stroke("muted", light.muted));stroke-dasharray:2 4}",
      ".chart .c-shade{\(fill("muted", light.muted));fill-opacity:.1;stroke:none}",
      ".chart .c-band{fill-opacity:.2;stroke:none}",
      ".chart .c-line{stroke-width:1.8}",
      ".chart .c-dash{stroke-dasharray:7 4}",
      ".chart .c-dot{stroke-dasharray:1 4}",
      ".chart .c-dash-dot{stroke-dasharray:8 4 1 4}",
      ".chart .c-mark{\(stroke("paper", light.paper));stroke-width:.7}",
      ".chart .c-see{fill-opacity:.8}",
      ".chart .c-names{text-anchor:start}",
      ".chart .c-cell{\(stroke("paper", light.paper));stroke-width:1}",
      ".chart .c-bare{\(stroke("grid", light.grid));stroke-width:1}",
      ".chart .c-note{font-size:9px}",
    ]
    for (index, color) in light.series.enumerated() {
      rules.append(".chart .c-s\(index){\(stroke("s\(index)", color))}")
      rules.append(".chart .c-f\(index){\(fill("s\(index)", color))}")
    }
    for (index, color) in light.heat.enumerated() {
      rules.append(".chart .c-h\(index){\(fill("h\(index)", color))}")
      rules.append(".chart .c-n\(index) text{\(fill("n\(index)", light.heatInk[index]))}")
    }
    return rules.joined(separator: "\n") + "\n"
  }()

  private static func variables(_ palette: Palette) -> String {
    let named = [
      ("paper", palette.paper), ("ink", palette.ink), ("muted", palette.muted),
      ("grid", palette.grid),
    ]
    return
      (named + numbered("s", palette.series) + numbered("h", palette.heat)
      + numbered("n", palette.heatInk)).map { "--c-\($0.0):\(short($0.1))" }.joined(separator: ";")
  }

  private static func numbered(_ prefix: String, _ colors: [String]) -> [(String, String)] {
    colors.enumerated().map { ("\(prefix)\($0.offset)", $0.element) }
  }

  private static func fill(_ name: String, _ color: String) -> String {
    property("fill", name, color)
  }

  private static func stroke(_ name: String, _ color: String) -> String {
    property("stroke", name, color)
  }

  private static func property(_ property: String, _ name: String, _ color: String) -> String {
    "\(property):\(short(color));\(property):var(--c-\(name))"
  }

  /// `#fff` for `#ffffff`.
  private static func short(_ color: String) -> String {
    let digits = Array(color.dropFirst())
    let isDoubled = stride(from: 0, to: digits.count, by: 2).allSatisfy {
      digits[$0] == digits[$0 + 1]
    }
    return isDoubled
      ? "#" + String(stride(from: 0, to: digits.count, by: 2).map { digits[$0] }) : color
  }
}
