internal import COpenSSL
import Foundation
import Synchronization

/// A loaded PKCS#11 module: one per file and process, as the standard demands (PKCS#11 2.40 §5.4), never unloaded.
///
/// Calls from several threads are allowed, each in a session of its own. Starting the module anew, which some need to
/// notice that a token has come back, ends all sessions: it waits for the calls that run, and begins a new epoch.
@safe final class TokenModule: @unchecked Sendable {
    // @unchecked: the table is constant, `epoch` is guarded by `lock`.
    let table: UnsafePointer<COpenSSL_ck_table>
    private let lock = ReadWriteLock()
    private var epoch = 1
    /// Held while logging in, so that a wrong PIN is tried once, whoever asks.
    private let login = Mutex(())
    /// Fingerprints of PINs that a token has refused, and how; held for no call.
    private let refusedPINs = Mutex<[TokenIdentity: [[UInt8]: TokenError]]>([:])
    private static let loaded = Mutex<[String: TokenModule]>([:])

    /// The module of this path.
    static func at(_ path: String?) throws(TokenError) -> TokenModule {
        guard let path else { throw TokenError(.moduleMissing) }
        return try Self.loaded.withLock { loaded throws(TokenError) in
            if let module = loaded[path] { return module }
            let module = try TokenModule(path)
            loaded[path] = module
            return module
        }
    }

    /// Loaded modules forget which PINs were refused: when a person says that the token's PIN has been set anew.
    static func forgetRefusedPINs() {
        for module in Self.loaded.withLock({ Array($0.values) }) { module.refusedPINs.withLock { $0.removeAll() } }
    }

    private init(_ path: String) throws(TokenError) {
        guard let table = unsafe COpenSSL_ck_load(path) else { throw TokenError(.moduleUnusable) }
        unsafe self.table = table
        try self.start()
    }

    private func start() throws(TokenError) {
        let code = unsafe COpenSSL_C_Initialize(self.table)
        guard code == 0 || code == CKR.alreadyInitialized else { throw TokenError(.moduleUnusable, code: code) }
    }

    /// Counts starts of the module.
    var currentEpoch: Int { self.lock.shared { self.epoch } }

    /// Starts the module anew, unless somebody has done so since `epoch`.
    func restart(after epoch: Int) throws(TokenError) {
        try self.lock.alone { () throws(TokenError) in
            guard self.epoch == epoch else { return }
            self.epoch += 1
            _ = unsafe COpenSSL_C_Finalize(self.table)
            try self.start()
        }
    }

    /// A session with the token's key in it, logged in.
    func open(_ uri: TokenURI, access: TokenAccess) throws(TokenError) -> TokenSession {
        try self.lock.shared { () throws(TokenError) in
            defer { ERR_clear_error() }
            return try self.opened(uri, access: access)
        }
    }

    /// The same with a first signature, between which the module is not started anew.
    func open(
        _ uri: TokenURI, access: TokenAccess, signing data: [UInt8], scheme: SignatureScheme
    ) throws(TokenError) -> (TokenSession, signature: [UInt8]) {
        try self.lock.shared { () throws(TokenError) in
            defer { ERR_clear_error() }
            let session = try self.opened(uri, access: access)
            do throws(TokenError) {
                return (session, try self.sign(data, scheme, in: session))
            } catch {
                _ = unsafe COpenSSL_C_CloseSession(self.table, session.handle)
                throw error
            }
        }
    }

    private func opened(_ uri: TokenURI, access: TokenAccess) throws(TokenError) -> TokenSession {
        let (slot, token) = try self.slot(of: uri)
        var handle: UInt = 0
        let code = unsafe COpenSSL_C_OpenSession(self.table, slot, &handle)
        if code == CKR.sessionCount { throw TokenError(.busy, code: code) }
        guard code == 0 else { throw TokenError(.tokenAbsent, code: code) }
        do throws(TokenError) {
            try self.logIn(handle, token, uri: uri, access: access)
            let key = try self.key(of: uri, in: handle)
            let schemes = try self.schemes(of: key, in: handle, slot: slot)
            return TokenSession(epoch: self.epoch, handle: handle, key: key, schemes: schemes)
        } catch {
            _ = unsafe COpenSSL_C_CloseSession(self.table, handle)
            throw error
        }
    }

    func close(_ session: TokenSession) {
        self.lock.shared {
            if session.epoch == self.epoch { _ = unsafe COpenSSL_C_CloseSession(self.table, session.handle) }
        }
    }

    /// A signature in the form that X.509, CMS and TLS share.
    func signature(
        over data: [UInt8], scheme: SignatureScheme, in session: TokenSession
    ) throws(TokenError) -> [UInt8] {
        try self.lock.shared { () throws(TokenError) in
            defer { ERR_clear_error() }
            // The handles of an older epoch may be somebody else's now.
            guard session.epoch == self.epoch else { throw TokenError(.signatureFailed) }
            return try self.sign(data, scheme, in: session)
        }
    }

    /// Logs in unless this process is already, and never twice with a PIN that the token has refused.
    private func logIn(
        _ session: UInt, _ token: TokenIdentity, uri: TokenURI, access: TokenAccess
    ) throws(TokenError) {
        guard token.needsLogin else { return }
        try self.login.withLock { _ throws(TokenError) in
            if unsafe COpenSSL_ck_is_logged_in(self.table, session) == 1 { return }
            let pin = try access.pin(for: uri)
            let fingerprint = Certificate.fingerprint(der: pin)
            if let refusal = self.refusedPINs.withLock({ $0[token]?[fingerprint] }) { throw refusal }
            if token.hasLockedPIN { throw TokenError(.pinLocked) }
            if token.hasOneTryLeft { throw TokenError(.pinLastTry) }
            let code = unsafe COpenSSL_C_Login(self.table, session, pin, UInt(pin.count))
            let refusal: TokenError
            switch code {
            case 0, CKR.alreadyLoggedIn: return
            case CKR.pinLocked: refusal = TokenError(.pinLocked, code: code)
            case CKR.pinIncorrect...CKR.pinExpired, CKR.pinNotInitialized: refusal = TokenError(.pinWrong, code: code)
            default: throw TokenError(.tokenAbsent, code: code)
            }
            self.refusedPINs.withLock { $0[token, default: [:]][fingerprint] = refusal }
            throw refusal
        }
    }
}

/// A session with one key; its handles mean something in one epoch only.
struct TokenSession: Sendable {
    let epoch: Int
    let handle: UInt
    let key: UInt
    let schemes: [SignatureScheme]
}

/// Return values that mean something to us (PKCS#11 2.40 §5.1).
enum CKR {
    static let pinIncorrect: UInt = 0xA0
    static let pinExpired: UInt = 0xA3
    static let pinLocked: UInt = 0xA4
    static let sessionCount: UInt = 0xB1
    static let alreadyLoggedIn: UInt = 0x100
    static let pinNotInitialized: UInt = 0x102
    static let alreadyInitialized: UInt = 0x191
}
