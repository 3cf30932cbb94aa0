import Diagnostics

extension WorkerCommand {
  /// Sets the folder and the limit, then becomes the program: `posix_spawn` can do neither.
  ///
  /// A limit that cannot be set is above one that holds already.
  private static let prologue = """
    cd "$1" || exit 126; [ "$2" = 0 ] || ulimit -v "$2" 2>/dev/null; shift 2;
    """

  /// What is started: a shell that becomes the program, or waits for the sandbox around it.
  ///
  /// `matrices` is the folder of the shared matrices, the only one that a sandbox can write to.
  func launchWords(matrices: String?) -> [String] {
    let folder = folder.hasPrefix("/") ? folder : "./" + folder
    let kibibytes = memory.map { max(1, $0 >> 10) } ?? 0
    // A sandbox ends with the thread that started it, which is that of the shell: one of ours may end
    // before the worker does.
    let epilogue = sandbox == .none ? "exec \"$@\"" : "\"$@\"; exit $?"
    return ["/bin/sh", "-c", "\(Self.prologue) \(epilogue)", "sh", folder, "\(kibibytes)"]
      + sandboxWords(matrices) + words
  }

  /// A sandbox as each begins, with all files to be read; words that follow run in it.
  public static let emptySandbox = [
    "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/", "/",
    "--dev", "/dev", "--proc", "/proc",
  ]

  /// Folders that are empty in a sandbox: files of others, and sockets of services, which a root that
  /// cannot be written to does not keep anybody from.
  private static let emptied = ["/tmp", "/run", "/var/run"]

  /// Programs of some systems lie below a folder that is emptied.
  private static let needed = ["/run/current-system", "/run/opengl-driver"]

  private func sandboxWords(_ matrices: String?) -> [String] {
    guard sandbox == .bwrap else { return [] }
    let here = AbsolutePath.of(folder)
    var words = Self.emptySandbox
    // Most systems have one of them as a link to another.
    let emptied = Self.emptied.filter(AbsolutePath.isFolder)
    for path in emptied { words += ["--tmpfs", path] }
    // What lies in a folder that has just become empty; everything else is there already, and a folder
    // that has one of them in it would bring back what is kept out.
    let named = (self.words + files).map { AbsolutePath.of($0, in: here) }
    // A script imports what lies beside it.
    let own = [here] + named.map(UserPath.folder(of:)) + named
    for path in Self.needed + own
    where emptied.contains(where: { path.hasPrefix($0 + "/") }) && AbsolutePath.exists(path) {
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
