/// Texts that some format takes for its own.
enum HostileTexts {
  static let all = [
    "<script>alert(1)</script>", "a|b", "$&%_#{}~^\\", "=cmd()", "\u{1B}[31mred", "\u{202E}gnp",
    "\"quoted\", 'too'", "two\nlines", "", String(repeating: "x", count: 10_000),
    "\\end{tabular}\\input{/etc/passwd}", "\\\\[1em]", "[x]", "*", "--", "---", "`code`", "?`!`",
    "漢字 κ ≥ é ğ ß ı ½ 👍🏽", "a\r\nb", "\t", "%", "{", "}", "}{", "\\", "^^5c", "@misc{x,", "a --> b",
    "]]>", "<!--", "&amp;", "\u{0}\u{7F}\u{FFFE}", "e\u{301}\u{302}",
  ]

  /// Texts of these characters and of any others, the same in every run.
  static func random(_ count: Int) -> [String] {
    var state: UInt64 = 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    let special = Array("\\{}$&%#_^~<>|\"'`[]*-=@ \n\r\u{1B}\u{202E}é≥±∞–κab1.,!?".unicodeScalars)
    return (0..<count).map { _ in
      var text = String.UnicodeScalarView()
      for _ in 0..<next(40) {
        let scalar = next(4) == 0 ? Unicode.Scalar(UInt32(next(0x11_0000))) : nil
        text.append(scalar ?? special[next(special.count)])
      }
      return String(text)
    }
  }
}
