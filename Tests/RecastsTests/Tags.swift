import Testing

// The kinds of tests; each test target reads this file through a link.
extension Tag {
  /// Does this piece do its job?
  @Tag static var unit: Self
  /// Does the physics hold exactly?
  @Tag static var identity: Self
  /// Does it reach the known limit?
  @Tag static var limit: Self
  /// Does it match a published or independent number?
  @Tag static var reference: Self
  /// Does the sampler follow its density?
  @Tag static var statistical: Self
  /// Does it hold for any input?
  @Tag static var property: Self
  /// Did an output change?
  @Tag static var golden: Self
  /// Does the command work?
  @Tag static var endToEnd: Self
}
