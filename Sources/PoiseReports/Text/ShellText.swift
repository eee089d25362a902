/// Words of a command line as a shell takes them.
public enum ShellText {
  /// The word, quoted where a sign in it means something to a shell.
  public static func word(_ word: String) -> String {
    guard word.isEmpty || word.contains(where: { " #&;|<>()$*?'\"\\".contains($0) }) else { return word }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
