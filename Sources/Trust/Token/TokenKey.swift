import Dispatch
import Synchronization

/// A private key that stays in its token; signing takes as long as the token does, so never on an event loop.
///
/// A token that goes away makes signing fail with a typed error, at once until the next look for it is due; when it is
/// back, signing works again. A PIN that was refused is not tried again: a token locks itself after a few.
package final class TokenKey: Sendable, CustomStringConvertible {
    package let uri: TokenURI
    /// What the token can do with the key, best first.
    package let schemes: [SignatureScheme]
    private let access: TokenAccess
    private let module: TokenModule
    /// One for each session.
    private let turns: DispatchSemaphore
    private let state: Mutex<State>

    private struct State {
        /// Sessions that nobody uses now.
        var idle: [TokenSession]
        var loss: Loss?
    }

    private struct Loss {
        var error: TokenError
        var pause: Duration
        var nextLook: ContinuousClock.Instant
    }

    /// Finds the key; throws when the token is not there, refuses the PIN, or has no such key.
    package init(uri: String, access: TokenAccess) throws(TokenError) {
        self.uri = try TokenURI(uri)
        self.access = access
        self.module = try TokenModule.at(access.modulePath)
        let session = try Self.freshly(self.module) { [module, uri = self.uri] () throws(TokenError) in
            try module.open(uri, access: access)
        }
        self.schemes = session.schemes
        self.turns = DispatchSemaphore(value: access.sessions)
        self.state = Mutex(State(idle: [session]))
    }

    deinit {
        for session in self.state.withLock({ $0.idle }) { self.module.close(session) }
    }

    package var description: String { self.uri.description }

    /// Tokens may be tried with PINs that they have refused: when a person says that the PIN has been set anew.
    package static func forgetRefusedPINs() { TokenModule.forgetRefusedPINs() }

    /// A signature over `data`, which is hashed here; ECDSA in DER.
    package func signature(over data: [UInt8], scheme: SignatureScheme) throws(TokenError) -> [UInt8] {
        guard self.schemes.contains(scheme) else { throw TokenError(.keyUnsupported) }
        guard self.turns.wait(timeout: .now() + .seconds(10)) == .success else { throw TokenError(.busy) }
        defer { self.turns.signal() }
        if let session = try self.idleSession() {
            if let signature = try? self.module.signature(over: data, scheme: scheme, in: session) {
                self.state.withLock { $0.idle.append(session) }
                return signature
            }
            self.module.close(session)
        }
        do throws(TokenError) {
            let (session, signature) = try Self.freshly(self.module) { () throws(TokenError) in
                try self.module.open(self.uri, access: self.access, signing: data, scheme: scheme)
            }
            self.found(session)
            return signature
        } catch {
            self.lost(error)
            throw error
        }
    }

    /// nil when a new one is to be opened; throws while the token is gone and no look for it is due.
    private func idleSession() throws(TokenError) -> TokenSession? {
        try self.state.withLock { state throws(TokenError) in
            guard let loss = state.loss else { return state.idle.popLast() }
            let now = self.access.now()
            guard now >= loss.nextLook else { throw loss.error }
            // Nobody else looks meanwhile.
            state.loss?.nextLook = now + loss.pause
            return nil
        }
    }

    /// Tries it with the module as it is, and then with the module started anew, which is how some modules notice that a
    /// token has come back.
    private static func freshly<Value>(
        _ module: TokenModule, _ body: () throws(TokenError) -> Value
    ) throws(TokenError) -> Value {
        let epoch = module.currentEpoch
        do throws(TokenError) {
            return try body()
        } catch {
            guard error.mayPass, error.reason != .busy else { throw error }
        }
        try module.restart(after: epoch)
        return try body()
    }

    private func found(_ session: TokenSession) {
        let wasLost = self.state.withLock { state in
            defer { state.loss = nil }
            state.idle.append(session)
            return state.loss != nil
        }
        if wasLost { self.access.report(TokenEvent(kind: .back, uri: self.uri)) }
    }

    private func lost(_ error: TokenError) {
        let (stale, isNews) = self.state.withLock { state in
            let longest = self.access.longestPause
            let pause = state.loss.map { min($0.pause * 2, longest) } ?? longest / 50
            let isNews = state.loss?.error.reason != error.reason
            state.loss = Loss(error: error, pause: pause, nextLook: self.access.now() + pause)
            defer { state.idle = [] }
            return (state.idle, isNews)
        }
        for session in stale { self.module.close(session) }
        if isNews { self.access.report(TokenEvent(kind: .lost(error), uri: self.uri)) }
    }
}
