import Synchronization

/// A private key that stays in its token; the token's work is done on threads of its own, and within a time limit.
///
/// A token that goes away makes signing fail with a typed error, at once until the next look for it is due; when it is
/// back, signing works again. A PIN that was refused is not tried again: a token locks itself after a few.
package final class TokenKey: Sendable, CustomStringConvertible {
    package let uri: TokenURI
    /// What the token can do with the key, best first.
    package let schemes: [SignatureScheme]
    private let access: TokenAccess
    private let module: TokenModule
    private let threads: TokenThreads
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

    /// What became of one signature.
    private enum Outcome: Sendable {
        case made([UInt8], TokenSession)
        case failed(TokenError)
        /// The token is known to be gone, and was not looked for.
        case notTried(TokenError)
    }

    /// Finds the key; throws when the token is not there, refuses the PIN, has no such key, or takes too long.
    ///
    /// Waits for the token: not for the pool's threads.
    package init(uri: String, access: TokenAccess) throws(TokenError) {
        let parsed = try TokenURI(uri)
        self.uri = parsed
        self.access = access
        let module = try TokenModule.at(access.modulePath)
        self.module = module
        self.threads = TokenThreads(count: access.sessions, limit: access.timeout)
        let found: Result<TokenSession, TokenError> = try self.threads.wait(
            for: {
                Result { () throws(TokenError) in
                    try Self.freshly(module) { () throws(TokenError) in try module.open(parsed, access: access) }
                }
            },
            late: { if case .success(let session) = $0 { module.close(session) } })
        let session = try found.get()
        self.schemes = session.schemes
        self.state = Mutex(State(idle: [session]))
    }

    deinit {
        self.close(self.state.withLock { $0.idle })
    }

    package var description: String { self.uri.description }

    /// Tokens may be tried with PINs that they have refused: when a person says that the PIN has been set anew.
    package static func forgetRefusedPINs() { TokenModule.forgetRefusedPINs() }

    /// Why the key cannot be used now; nil when nothing is known against it.
    package var loss: TokenError? { self.state.withLock { $0.loss?.error } }

    /// A signature over `data`, which is hashed on the way; ECDSA in DER.
    ///
    /// Holds no thread while the token works.
    package func sign(_ data: [UInt8], scheme: SignatureScheme) async throws(TokenError) -> [UInt8] {
        try await withCheckedContinuation { continuation in
            self.start(data, scheme) { continuation.resume(returning: $0) }
        }.get()
    }

    /// The same for a thread that may wait, as at start.
    package func signature(over data: [UInt8], scheme: SignatureScheme) throws(TokenError) -> [UInt8] {
        let box = Box<[UInt8]>()
        self.start(data, scheme, done: box.put(_:))
        return try box.take().get()
    }

    /// Looks for the token when it is gone and a look is due: so it is found again also when nobody asks for signatures.
    package func lookIfLost() async {
        guard self.loss != nil, let scheme = self.schemes.last else { return }
        _ = try? await self.sign(Array("shs-gateway: is the token back?".utf8), scheme: scheme)
    }

    private func start(
        _ data: [UInt8], _ scheme: SignatureScheme, done: @escaping @Sendable (Result<[UInt8], TokenError>) -> Void
    ) {
        guard self.schemes.contains(scheme) else { return done(.failure(TokenError(.keyUnsupported))) }
        if let error = self.knownLoss { return done(.failure(error)) }
        self.threads.start(
            { self.outcome(data, scheme) },
            late: { outcome in
                if case .made(_, let session) = outcome { self.module.close(session) }
            },
            done: { result in
                switch result {
                case .success(.made(let signature, let session)):
                    self.found(session)
                    done(.success(signature))
                case .success(.notTried(let error)): done(.failure(error))
                case .success(.failed(let error)), .failure(let error):
                    self.lost(error)
                    done(.failure(error))
                }
            })
    }

    /// On a thread of ours: it takes as long as the token does.
    private func outcome(_ data: [UInt8], _ scheme: SignatureScheme) -> Outcome {
        do throws(TokenError) {
            if let session = try self.idleSession() {
                if let signature = try? self.module.signature(over: data, scheme: scheme, in: session) {
                    return .made(signature, session)
                }
                self.module.close(session)
            }
        } catch {
            return .notTried(error)
        }
        do throws(TokenError) {
            let (session, signature) = try Self.freshly(self.module) { () throws(TokenError) in
                try self.module.open(self.uri, access: self.access, signing: data, scheme: scheme)
            }
            return .made(signature, session)
        } catch {
            return .failed(error)
        }
    }

    /// The error of a token that is gone while no look for it is due.
    private var knownLoss: TokenError? {
        let now = self.access.now()
        return self.state.withLock { state in state.loss.flatMap { now < $0.nextLook ? $0.error : nil } }
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
            guard error.mayPassWithNewStart else { throw error }
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
        self.close(stale)
        if isNews { self.access.report(TokenEvent(kind: .lost(error), uri: self.uri)) }
    }

    /// Aside: a token may be slow with this as well.
    private func close(_ sessions: [TokenSession]) {
        guard !sessions.isEmpty else { return }
        self.threads.start(
            { [module] in for session in sessions { module.close(session) } }, late: { _ in }, done: { _ in })
    }
}
