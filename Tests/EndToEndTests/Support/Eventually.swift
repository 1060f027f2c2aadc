/// Waits until something is so; throws with what it was when the time is out.
func eventually(
    _ what: String, within limit: Duration = .seconds(60), _ isSo: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !isSo() {
        if ContinuousClock.now > deadline { throw Failure(description: "not within \(limit): \(what)") }
        try await Task.sleep(for: .milliseconds(100))
    }
}
