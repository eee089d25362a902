/// Words of a command line as a shell takes them.
public enum ShellText {
  /// The word, quoted where a sign in it means something to a shell.
  public static func word(_ word: String) -> String {
    let isPlain = !word.contains { " #&;|<>()$*?'\"\\".contains($0) }
    guard word.isEmpty || !isPlain else { return word }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
