import PoiseNumerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reading and writing whole files: regular files only, sizes checked first, typed errors.
///
/// Files are read, not mapped: a mapped file that somebody shortens ends the process.
enum FileAccess {
  /// The whole content of a regular file.
  static func read(
    path: String, limit: Int = FileLimits.fileBytes
  ) throws(PoiseError) -> FileBytes {
    try check(path: path, code: .unreadable)
    // Without O_NONBLOCK, opening a FIFO waits for a writer for ever.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      let suggestion = errno == ENOENT ? "check the spelling and the folder" : ""
      throw fault(.unreadable, path, systemMessage(), "a file that can be read", suggestion)
    }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0 else {
      throw fault(.unreadable, path, systemMessage(), "a file that can be read")
    }
    guard info.st_mode & S_IFMT == S_IFREG else {
      throw fault(.unreadable, path, kind(info.st_mode), "a regular file")
    }
    let size = Int(info.st_size)
    guard size <= limit else {
      throw fault(
        .unreadable, path, "a file of \(size) bytes", "at most \(limit) bytes",
        "store fewer rows, or one array per file")
    }
    return FileBytes(bytes: try content(descriptor, size: size, path: path), name: path)
  }

  private static func content(
    _ descriptor: Int32, size: Int, path: String
  ) throws(PoiseError) -> [UInt8] {
    var failure: String?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
      while initialized < size {
        let step = min(size - initialized, 1 << 28)
        let got = systemRead(descriptor, buffer.baseAddress! + initialized, step)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = systemMessage() }
        if got <= 0 { break }
        initialized += got
      }
    }
    if let failure { throw fault(.unreadable, path, failure, "a file that can be read") }
    return bytes
  }

  /// Whether a regular file stands at the path.
  static func isRegularFile(_ path: String) -> Bool {
    var info = stat()
    return !path.utf8.contains(0) && stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
  }

  /// Whether anything at all stands at the path.
  static func exists(_ path: String) -> Bool {
    var info = stat()
    return !path.utf8.contains(0) && stat(path, &info) == 0
  }

  /// Writes beside the destination and renames, so that no reader ever sees half a file.
  static func write(_ bytes: [UInt8], path: String) throws(PoiseError) {
    try check(path: path, code: .unwritable)
    var info = stat()
    if stat(path, &info) == 0, info.st_mode & S_IFMT != S_IFREG {
      throw fault(.unwritable, path, kind(info.st_mode), "a new name or a regular file")
    }
    let temporary = path + ".\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw fault(
        .unwritable, path, systemMessage(), "a folder that exists and may be written",
        "make the folder first")
    }
    var failure = put(bytes, descriptor)
    if failure == nil && fsync(descriptor) != 0 { failure = systemMessage() }
    if close(descriptor) != 0 && failure == nil { failure = systemMessage() }
    if failure == nil && rename(temporary, path) != 0 { failure = systemMessage() }
    if let failure {
      unlink(temporary)
      throw fault(.unwritable, path, failure, "room on the disk and the right to write")
    }
  }

  private static func put(_ bytes: [UInt8], _ descriptor: Int32) -> String? {
    bytes.withUnsafeBytes { buffer -> String? in
      var done = 0
      while done < buffer.count {
        let step = min(buffer.count - done, 1 << 28)
        let put = systemWrite(descriptor, buffer.baseAddress! + done, step)
        if put < 0 && errno == EINTR { continue }
        if put <= 0 { return systemMessage() }
        done += put
      }
      return nil
    }
  }

  private static func check(path: String, code: PoiseError.Code) throws(PoiseError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw fault(code, "path", path.isEmpty ? "empty" : "holds a zero byte", "the path of a file")
    }
  }

  private static func kind(_ mode: mode_t) -> String {
    switch mode & S_IFMT {
    case S_IFDIR: "a folder"
    case S_IFIFO: "a pipe"
    case S_IFSOCK: "a socket"
    case S_IFCHR, S_IFBLK: "a device"
    default: "a special file"
    }
  }

  private static func fault(
    _ code: PoiseError.Code, _ path: String, _ found: String, _ expected: String,
    _ suggestion: String = ""
  ) -> PoiseError {
    PoiseError(code, quantity: path, value: found, allowed: expected, suggestion: suggestion)
  }
}

private func systemMessage() -> String { String(cString: strerror(errno)) }

private func systemRead(_ file: Int32, _ buffer: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
  read(file, buffer, count)
}

private func systemWrite(_ file: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
  write(file, buffer, count)
}
