import Diagnostics
import Foundation

extension WorkerCommand {
  /// What is not there, found before anything is started: the key that names it, and why.
  ///
  /// The program is looked for as a shell does; of an interpreter the script as well, which is the
  /// first argument that is no option, if it looks like a file.
  public var missing: [(key: String, reason: String)] {
    var problems: [(key: String, reason: String)] = []
    if let reason = missingProgram ?? missingScript { problems.append(("exec", reason)) }
    if sandbox == .bwrap,
      !searched.contains(where: { Self.isProgram(UserPath.joined($0, "bwrap")) })
    {
      problems.append(
        (
          "sandbox",
          "it needs bubblewrap (bwrap), which is not on the PATH; install it, or say none"
        ))
    }
    for file in files where !AbsolutePath.isFile(AbsolutePath.of(file, in: folder)) {
      problems.append(("files", noFile(file)))
    }
    return problems
  }

  // MARK: - The program

  private var missingProgram: String? {
    let program = words[0]
    let name = excerpt(program)
    guard program.utf8.contains(UInt8(ascii: "/")) else {
      let places = searched
      if places.contains(where: { Self.isProgram(UserPath.joined($0, program)) }) { return nil }
      let near = nearest(to: program, among: Self.programs(in: places, like: program))
      return "there is no program '\(name)' on the PATH" + (asList ?? Self.hint(near))
    }
    let path = AbsolutePath.of(program, in: folder)
    if Self.isProgram(path) { return nil }
    guard AbsolutePath.exists(path) else { return noFile(program) }
    return AbsolutePath.isFile(path)
      ? "'\(name)' cannot be executed; allow it with chmod +x, or write its interpreter before it"
      : "'\(name)' is no file that could be executed"
  }

  /// Where a shell looks for programs.
  private var searched: [String] {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return path.split(separator: ":", omittingEmptySubsequences: false).map {
      AbsolutePath.of($0.isEmpty ? "." : String($0), in: folder)
    }
  }

  /// That arguments are entries of their own, where they stand in one.
  private var asList: String? {
    let parts = words[0].split(separator: " ")
    guard parts.count > 1, words.count == 1 else { return nil }
    return "; write each argument by itself: [" + excerpt(parts.joined(separator: ", ")) + "]"
  }

  private static func isProgram(_ path: String) -> Bool {
    AbsolutePath.isFile(path) && FileManager.default.isExecutableFile(atPath: path)
  }

  /// Names of programs that begin as one does.
  private static func programs(in places: [String], like program: String) -> [String] {
    var names: Set<String> = []
    for place in places {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
      where name.first == program.first && abs(name.utf8.count - program.utf8.count) <= 3 {
        names.insert(name)
      }
    }
    return names.sorted()
  }

  // MARK: - The script

  private static let interpreters: Set<String> = [
    "Rscript", "bash", "dash", "guile", "julia", "ksh", "lua", "luajit", "node", "nodejs", "octave",
    "perl", "php", "pypy", "python", "ruby", "sh", "tclsh", "zsh",
  ]

  private var missingScript: String? {
    let name = UserPath.name(of: words[0]).prefix { !$0.isNumber }
    guard Self.interpreters.contains(String(name)) else { return nil }
    for word in words.dropFirst() {
      guard word.hasPrefix("-") else {
        guard Self.looksLikeFile(word), !AbsolutePath.exists(AbsolutePath.of(word, in: folder))
        else { return nil }
        return noFile(word)
      }
      // After others comes a value, a module, or a text that is the program.
      guard Self.plainOptions.contains(word) else { return nil }
    }
    return nil
  }

  /// Options of interpreters after which their script comes.
  private static let plainOptions: Set<String> = [
    "-B", "-E", "-I", "-O", "-OO", "-P", "-S", "-q", "-s", "-u", "-v", "--vanilla",
  ]

  private static func looksLikeFile(_ word: String) -> Bool {
    let name = UserPath.name(of: word)
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else {
      return word.contains("/")
    }
    let ending = name[name.index(after: dot)...]
    return ending.first?.isLetter == true && ending.allSatisfy { $0.isLetter || $0.isNumber }
  }

  // MARK: - Words

  private func noFile(_ path: String) -> String {
    let place = UserPath.folder(of: path)
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: AbsolutePath.of(place, in: folder))
    let near = nearest(to: UserPath.name(of: path), among: (names ?? []).sorted()).map {
      path.utf8.contains(UInt8(ascii: "/")) ? UserPath.joined(place, $0) : $0
    }
    let origin = folder == "." || UserPath.isAbsolute(path) ? "" : " in '\(excerpt(folder))'"
    return "there is no file '\(excerpt(path))'" + origin + Self.hint(near)
  }

  private static func hint(_ near: String?) -> String {
    near.map { "; did you mean '\(excerpt($0))'?" } ?? ""
  }
}
