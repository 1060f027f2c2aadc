import Testing

/// The built program as separate processes on a real broker, seen from outside with `curl`, `openssl` and `xmllint`.
///
/// Serialized: the tests share one system, which some of them break on purpose.
@Suite(.serialized, .timeLimit(.minutes(10))) struct EndToEndTests {}
