/// Words for a shell.
enum ShellWord {
  /// A text as one word of `sh`, whatever is in it: `it's` becomes `'it'\''s'`.
  static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: #"'\''"#) + "'"
  }
}
