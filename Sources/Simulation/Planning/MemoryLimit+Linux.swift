/// What the files of Linux say; they exist nowhere else.
extension MemoryLimit {
  /// The least of all limits; `nil` where no file tells any.
  ///
  /// - Parameter contents: The text of a file; `nil` where there is none.
  /// - Returns: What is left below the limit that leaves the least.
  static func measured(_ contents: (String) -> String?) -> MemoryLimit? {
    var limits: [MemoryLimit] = []
    if let free = kibibytes("MemAvailable:", in: contents("/proc/meminfo")) {
      limits.append(MemoryLimit(byteCount: free, origin: "free on this machine"))
    }
    limits += groups(contents) + processLimits(contents)
    return limits.min { $0.byteCount < $1.byteCount }
  }

  /// What the control groups of the process leave, from its own to the root.
  private static func groups(_ contents: (String) -> String?) -> [MemoryLimit] {
    var limits: [MemoryLimit] = []
    for line in (contents("/proc/self/cgroup") ?? "").split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let version: GroupFiles
      if parts[0] == "0" && parts[1].isEmpty {
        version = .second
      } else if parts[1].split(separator: ",").contains("memory") {
        version = .first
      } else {
        continue
      }
      // A container sees its own group as the root, whatever the path says.
      var path = parts[2][...]
      while true {
        if let left = version.left(in: version.root + path, contents) {
          limits.append(
            MemoryLimit(byteCount: left, origin: "left of the limit of the control group"))
        }
        guard let slash = path.lastIndex(of: "/") else { break }
        path = path[..<slash]
      }
    }
    return limits
  }

  /// The names that a version of control groups gives its files.
  private struct GroupFiles {
    let root: String
    let limit: String
    let usage: String
    let cache: String

    static let first = GroupFiles(
      root: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes",
      usage: "memory.usage_in_bytes", cache: "total_inactive_file ")
    static let second = GroupFiles(
      root: "/sys/fs/cgroup", limit: "memory.max", usage: "memory.current",
      cache: "inactive_file ")

    /// What the group in a folder may still take: pages of files that nobody uses are given back
    /// first.
    func left(in folder: some StringProtocol, _ contents: (String) -> String?) -> Double? {
      // "max" is no number; so large a one is none in version 1.
      guard let limit = number(contents("\(folder)/\(limit)")), limit < 0x1p60,
        let usage = number(contents("\(folder)/\(usage)"))
      else { return nil }
      let cached = contents("\(folder)/memory.stat")?.split(separator: "\n")
        .first { $0.hasPrefix(cache) }.flatMap { Double($0.dropFirst(cache.count)) }
      return max(0, limit - usage + min(cached ?? 0, usage))
    }

    private func number(_ text: String?) -> Double? {
      text?.split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) }
    }
  }

  /// What `ulimit -v` and `ulimit -d` leave.
  private static func processLimits(_ contents: (String) -> String?) -> [MemoryLimit] {
    guard let text = contents("/proc/self/limits") else { return [] }
    let status = contents("/proc/self/status")
    return [
      ("Max address space", "VmSize:", "left of the limit of addresses, ulimit -v"),
      ("Max data size", "VmData:", "left of the limit of data, ulimit -d"),
    ].compactMap { name, usage, origin in
      guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
        let limit = line.dropFirst(name.count).split(separator: " ").first.flatMap({ Double($0) })
      else { return nil }
      return MemoryLimit(
        byteCount: max(0, limit - (kibibytes(usage, in: status) ?? 0)), origin: origin)
    }
  }

  /// The value of a line such as `VmSize:   3892 kB`, in bytes.
  private static func kibibytes(_ name: String, in text: String?) -> Double? {
    text?.split(separator: "\n").first { $0.hasPrefix(name) }?
      .dropFirst(name.count).split(whereSeparator: \.isWhitespace).first
      .flatMap { Double($0) }.map { 1024 * $0 }
  }
}
