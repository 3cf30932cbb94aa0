import ArgumentParser

/// `-q` of the commands that print progress, tables or what they did, but for the gate's own.
struct QuietOption: ParsableArguments {
  @Flag(
    name: .shortAndLong,
    help: "Print no progress and no tables; at most one line, and what went wrong.")
  var quiet = false
}
