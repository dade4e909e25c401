import Testing

// The kinds of tests; each test target reads this file through a link.
extension Tag {
  /// Does this piece do its job?
  @Tag static var unit: Self
  /// Does it hold for any input?
  @Tag static var property: Self
  /// Does the command work?
  @Tag static var endToEnd: Self
}
