import ArgumentParser

/// A time on the command line: `3h50m`, `45m`, `90s`, `1d12h` or plain seconds.
struct TimeSpan: ExpressibleByArgument {
  let duration: Duration

  /// Units from days to seconds, each at most once and in that order, with whole numbers; a time
  /// of zero or of more than ten years is none.
  init?(argument: String) {
    let text = argument.allSatisfy(\.isNumber) ? argument + "s" : argument
    guard let match = try? Self.pattern.wholeMatch(in: text) else { return nil }
    let parts: [(Substring?, Int)] = [
      (match.1, 86_400), (match.2, 3600), (match.3, 60), (match.4, 1),
    ]
    var seconds = 0
    for (digits, unit) in parts {
      guard let digits else { continue }
      guard let number = Int(digits), number <= Self.limit / unit else { return nil }
      seconds += number * unit
    }
    guard seconds > 0, seconds <= Self.limit else { return nil }
    duration = .seconds(seconds)
  }

  private static let limit = 10 * 366 * 86_400
  private static var pattern: Regex<(Substring, Substring?, Substring?, Substring?, Substring?)> {
    /(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?/.asciiOnlyDigits()
  }
}
