import Foundation
import Synchronization

/// How tokens are reached: configuration, the same for every token key of a process.
package struct TokenAccess: Sendable {
    /// The PKCS#11 module, a shared library; nil when keys in tokens are not wanted.
    package var modulePath: String?
    /// The PIN from the secrets folder, asked for whenever a token is logged in to; nil when there is none.
    ///
    /// A URI's own `pin-source` goes first.
    package var pin: @Sendable () -> [UInt8]?
    /// Signatures that one key may make at the same time, each in a session of its own.
    package var sessions: Int
    /// How long a signature may take, its wait for a session included; then it counts as failed.
    package var timeout: Duration
    /// The longest pause between two looks for a token that is gone; the first is a fiftieth of it.
    package var longestPause: Duration
    /// What happens to a key's token, each once; called from any thread.
    package var report: @Sendable (TokenEvent) -> Void
    package var now: @Sendable () -> ContinuousClock.Instant

    package init(
        modulePath: String?, pin: @escaping @Sendable () -> [UInt8]? = { nil }, sessions: Int = 4,
        timeout: Duration = .seconds(3), longestPause: Duration = .seconds(5),
        report: @escaping @Sendable (TokenEvent) -> Void = { _ in },
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.modulePath = modulePath
        self.pin = pin
        self.sessions = max(1, sessions)
        self.timeout = timeout
        self.longestPause = longestPause
        self.report = report
        self.now = now
    }

    private static let configured = Mutex(TokenAccess(modulePath: nil))

    /// What this process was configured with: set once at start, before a set is loaded.
    ///
    /// Keys found before keep theirs.
    package static var ofProcess: TokenAccess {
        get { Self.configured.withLock { $0 } }
        set { Self.configured.withLock { $0 = newValue } }
    }

    /// The PIN for a URI, without the line end that editors put after it.
    func pin(for uri: TokenURI) throws(TokenError) -> [UInt8] {
        let bytes = if let file = uri.pinFile { try Self.read(file) } else { self.pin() }
        var pin = bytes ?? []
        while pin.last == UInt8(ascii: "\n") || pin.last == UInt8(ascii: "\r") { pin.removeLast() }
        guard !pin.isEmpty else { throw TokenError(.pinMissing) }
        return pin
    }

    private static func read(_ file: String) throws(TokenError) -> [UInt8]? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: file),
            let mode = attributes[.posixPermissions] as? NSNumber
        else { return nil }
        guard mode.intValue & 0o007 == 0 else { throw TokenError(.pinExposed) }
        return FileManager.default.contents(atPath: file).map { [UInt8]($0) }
    }
}

/// What happened to the token of a key.
package struct TokenEvent: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// Signing stopped. A new reason is a new event, the same one is not.
        case lost(TokenError)
        /// Signing works again.
        case back
    }

    package let kind: Kind
    /// The key, without where its PIN comes from.
    package let uri: TokenURI

    package var description: String {
        switch self.kind {
        case .lost(let error): "\(self.uri): \(error)"
        case .back: "\(self.uri): the token is back"
        }
    }
}
