/// The few rules of TeX that tell whether a text can do harm: which characters are special, what
/// commands take, and that braces balance.
struct TeXReader {
  /// What is wrong with a text, in the order of its characters; empty for one that only prints.
  static func problems(_ text: String, allowed: Set<String> = commands) -> [String] {
    var problems: [String] = []
    let scalars = Array(text.unicodeScalars)
    var (depth, index, isMath) = (0, 0, false)
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      switch scalar {
      case "\\":
        var name = ""
        while index < scalars.count, scalars[index].properties.isAlphabetic, scalars[index].isASCII
        {
          name.unicodeScalars.append(scalars[index])
          index += 1
        }
        if name.isEmpty, index < scalars.count {
          name = String(scalars[index])
          index += 1
        }
        if !allowed.contains(name) { problems.append("\\\(name)") }
      case "{": depth += 1
      case "}":
        depth -= 1
        if depth < 0 { problems.append("a brace too many") }
      case "$": isMath.toggle()
      case "^", "_": if !isMath { problems.append("\(scalar)") }
      case "&", "%", "#", "~": problems.append("\(scalar)")
      case "<", ">", "|", "\"", "`": if !isMath { problems.append("\(scalar)") }
      case "'": break
      default:
        if !scalar.isASCII || scalar.value < 0x20 || scalar.value == 0x7F {
          problems.append("U+\(String(scalar.value, radix: 16))")
        }
      }
    }
    if depth > 0 { problems.append("an open brace") }
    if isMath { problems.append("open math") }
    return problems
  }

  /// The commands that print something and nothing else.
  static let commands: Set<String> = [
    "textbackslash", "textbraceleft", "textbraceright", "$", "&", "%", "#", "_", "textasciicircum",
    "textasciitilde", "textless", "textgreater", "textbar", "`", "'", "^", "~", "=", "u", ".", "\"",
    "r", "H", "v", "d", "c", "b", "i", "ldots", "ss", "ae", "AE", "oe", "OE", "o", "O", "l", "L",
    "S",
    "copyright", "geq", "leq", "pm", "infty", "times", "cdot", "approx", "neq", "rightarrow",
    "leftarrow", "in", "sum", "surd", "|", "circ", "frac", "alpha", "beta", "gamma", "delta",
    "varepsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "sigma",
    "tau", "varphi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Sigma", "Phi",
    "Omega",
  ]
}
