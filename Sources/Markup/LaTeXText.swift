import Foundation

/// Texts of others inside LaTeX, for every engine and every encoding of fonts.
///
/// The result is ASCII: letters with accents become commands, a few symbols that tables use become
/// math, and whatever else a font may lack is spelled out as `\u{4e2d}`.
public enum LaTeXText {
  /// The text as text, with everything that TeX could take for markup as a command.
  ///
  /// Braces balance, and no character survives that means something at the start of a field of a
  /// table. Characters that change the direction of writing, and those that control a terminal, are
  /// spelled out as ``Printable`` does.
  ///
  /// - Complexity: O(length)
  public static func plain(_ text: String) -> String {
    var result = ""
    var last: Unicode.Scalar?
    for scalar in Printable.escaped(text).unicodeScalars {
      if scalar == "-", last == "-" { result += "{}" }
      result += command(scalar)
      last = scalar
    }
    return result
  }

  /// The text as ``plain(_:)`` has it, cut after 200 characters.
  public static func name(_ text: String) -> String { plain(cut(text, mostScalars)) }

  /// The first characters of a text, with an ellipsis where something is missing.
  static func cut(_ text: String, _ limit: Int) -> String {
    // Scalars: combining marks can make a single character as long as a book.
    let start = text.unicodeScalars.prefix(limit)
    return start.endIndex == text.endIndex ? text : String(start) + "…"
  }

  /// A label such as `tab:worst-case`: small letters, digits and hyphens.
  public static func label(_ kind: String, _ text: String) -> String {
    var words = [""]
    for scalar in text.unicodeScalars.prefix(mostScalars) {
      switch scalar {
      case "a"..."z", "0"..."9": words[words.count - 1].unicodeScalars.append(scalar)
      case "A"..."Z": words[words.count - 1] += String(scalar).lowercased()
      default: words.append("")
      }
    }
    return kind + ":" + words.filter { !$0.isEmpty }.joined(separator: "-")
  }

  private static func command(_ scalar: Unicode.Scalar) -> String {
    if let known = commands[scalar] { return known }
    if scalar.isASCII { return String(scalar) }
    if let accented = accented(scalar) { return accented }
    return plain("\\u{" + String(scalar.value, radix: 16) + "}")
  }

  /// A letter with one accent; `nil` for anything else.
  private static func accented(_ scalar: Unicode.Scalar) -> String? {
    let parts = Array(String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars)
    guard parts.count == 2, parts[0].isASCII, parts[0].properties.isAlphabetic,
      let accent = accents[parts[1]]
    else { return nil }
    // Accents stand over a letter without its dot.
    let isDotted = parts[0] == "i" && !"cbd".contains(accent)
    return "{\\\(accent){\(isDotted ? "\\i" : String(parts[0]))}}"
  }

  private static let accents: [Unicode.Scalar: String] = [
    "\u{300}": "`", "\u{301}": "'", "\u{302}": "^", "\u{303}": "~", "\u{304}": "=",
    "\u{306}": "u", "\u{307}": ".", "\u{308}": "\"", "\u{30A}": "r", "\u{30B}": "H",
    "\u{30C}": "v", "\u{323}": "d", "\u{327}": "c", "\u{331}": "b",
  ]

  private static let commands: [Unicode.Scalar: String] = {
    var commands: [Unicode.Scalar: String] = [
      "\\": "\\textbackslash{}", "{": "\\textbraceleft{}", "}": "\\textbraceright{}",
      "$": "\\$", "&": "\\&", "%": "\\%", "#": "\\#", "_": "\\_",
      "^": "\\textasciicircum{}", "~": "\\textasciitilde{}", "<": "\\textless{}",
      ">": "\\textgreater{}", "|": "\\textbar{}", "\"": "''", "`": "\\`{}",
      // After the end of a row these would be an argument of it.
      "[": "{[}", "]": "{]}", "*": "{*}",
      "–": "--", "—": "---", "…": "\\ldots{}", "‘": "\\`{}", "’": "'", "“": "''", "”": "''",
      "\u{A0}": " ", "ß": "{\\ss}", "æ": "{\\ae}", "Æ": "{\\AE}", "œ": "{\\oe}", "Œ": "{\\OE}",
      "ø": "{\\o}", "Ø": "{\\O}", "ł": "{\\l}", "Ł": "{\\L}", "ı": "{\\i}", "§": "\\S{}",
      "©": "\\copyright{}",
    ]
    let math: [(Unicode.Scalar, String)] = [
      ("≥", "\\geq"), ("≤", "\\leq"), ("±", "\\pm"), ("∞", "\\infty"), ("×", "\\times"),
      ("−", "-"), ("·", "\\cdot"), ("≈", "\\approx"), ("≠", "\\neq"), ("→", "\\rightarrow"),
      ("←", "\\leftarrow"), ("∈", "\\in"), ("∑", "\\sum"), ("√", "\\surd"), ("‖", "\\|"),
      ("°", "^{\\circ}"), ("²", "^{2}"), ("³", "^{3}"), ("½", "\\frac{1}{2}"), ("α", "\\alpha"),
      ("β", "\\beta"), ("γ", "\\gamma"), ("δ", "\\delta"), ("ε", "\\varepsilon"), ("ζ", "\\zeta"),
      ("η", "\\eta"), ("θ", "\\theta"), ("κ", "\\kappa"), ("λ", "\\lambda"), ("μ", "\\mu"),
      ("µ", "\\mu"), ("ν", "\\nu"), ("ξ", "\\xi"), ("π", "\\pi"), ("ρ", "\\rho"),
      ("σ", "\\sigma"), ("τ", "\\tau"), ("φ", "\\varphi"), ("χ", "\\chi"), ("ψ", "\\psi"),
      ("ω", "\\omega"), ("Γ", "\\Gamma"), ("Δ", "\\Delta"), ("Θ", "\\Theta"), ("Λ", "\\Lambda"),
      ("Σ", "\\Sigma"), ("Φ", "\\Phi"), ("Ω", "\\Omega"),
    ]
    for (scalar, command) in math { commands[scalar] = "$\(command)$" }
    return commands
  }()

  private static let mostScalars = 200
}
