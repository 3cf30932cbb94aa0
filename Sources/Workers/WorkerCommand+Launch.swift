extension WorkerCommand {
  /// Sets the folder and the limit, then becomes the program: `posix_spawn` can do neither.
  ///
  /// A limit that cannot be set is above one that holds already.
  private static let prologue = """
    cd "$1" || exit 126; [ "$2" = 0 ] || ulimit -v "$2" 2>/dev/null; shift 2; exec "$@"
    """

  /// What is started: a shell that becomes the program, within the sandbox.
  ///
  /// `matrices` is the folder of the shared matrices, the only one that a sandbox can write to.
  func launchWords(matrices: String?) -> [String] {
    let folder = folder.hasPrefix("/") ? folder : "./" + folder
    let kibibytes = memory.map { max(1, $0 >> 10) } ?? 0
    return ["/bin/sh", "-c", Self.prologue, "sh", folder, "\(kibibytes)"]
      + sandboxWords(matrices) + words
  }

  private func sandboxWords(_ matrices: String?) -> [String] {
    guard sandbox == .bwrap else { return [] }
    let here = AbsolutePath.of(folder)
    var words = [
      "bwrap", "--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
      "--tmpfs", "/tmp", "--ro-bind", here, here,
    ]
    // What lies in the folder that has just become empty.
    for path in (self.words + files).map({ AbsolutePath.of($0, in: here) })
    where path.hasPrefix("/tmp/") && AbsolutePath.exists(path) {
      words += ["--ro-bind", path, path]
    }
    if let matrices { words += ["--bind", matrices, matrices] }
    return words + ["--chdir", here, "--"]
  }

  /// The variables of the process: that it is a worker, so that nothing that it prints while it is
  /// loaded gets in the way, and what numeric libraries read when they are loaded.
  ///
  /// Results may depend on the number of threads of such libraries, which is part of what identifies
  /// them; so the environment of the caller decides nothing here.
  func environment(_ inherited: [String: String]) -> [String: String] {
    var own = inherited
    own["GAUNTLET_WORKER"] = "1"
    guard let threads else { return own }
    for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"] {
      own[name] = "\(threads)"
    }
    return own
  }
}
