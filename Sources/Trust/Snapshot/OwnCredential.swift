package import Gateway

/// A certificate of our own with its key, in the form that TLS takes; never printed with its key.
package struct OwnCredential: Sendable, CustomStringConvertible, CustomReflectable {
    /// The file's name without its ending.
    package let name: String
    /// The certificate's file, below the set's folder.
    package let file: String
    /// The certificate first, then its authorities, PEM.
    package let chainPEM: [UInt8]
    /// Where the certificate is.
    package let certificatePath: String
    package let keySource: KeySource
    /// The certificate first, then its authorities.
    package let certificates: [Certificate]
    package let identity: CertificateIdentity
    /// Seconds since 1970 (UTC); at `notAfter` it has ended.
    package let notBefore: Int64
    package let notAfter: Int64
    let key: PrivateKey
    /// The key when it is in a token, for a TLS server; nil for one that ``keyPEM`` has.
    package var tokenKey: TokenKey? { self.key.token }

    /// Reads `file.crt` with `file.key` or `file.uri` and checks that they belong together and are for the purpose;
    /// whether they are valid now is asked of all of a kind together.
    init(
        file: String, in directory: TrustDirectory, purpose: CertificatePurpose, policy: TrustPolicy
    ) throws(TrustError) {
        let certificateFile = "\(file).crt"
        var problems = TrustProblems()
        let chain = problems.gather { () throws(TrustError) in
            try Self.chain(certificateFile, in: directory, purpose: purpose, policy: policy)
        }
        let key = problems.gather { () throws(TrustError) in try Self.key(file, in: directory) }
        if let chain, let key {
            do throws(TokenError) {
                if try !key.key.belongs(to: chain.certificate) { problems.add(key.file, .keyOfAnotherCertificate) }
            } catch {
                problems.add(key.file, .tokenUnavailable(error.description))
            }
        }
        try problems.throwIfAny()
        guard let chain, let key, let start = chain.certificate.notBefore, let end = chain.certificate.notAfter else {
            throw TrustError(certificateFile, .certificateNotUsable(.malformed))
        }
        self.name = file.split(separator: "/").last.map(String.init) ?? file
        self.file = certificateFile
        self.chainPEM = chain.pem
        self.certificatePath = "\(directory.path)/\(certificateFile)"
        self.keySource = key.source
        self.certificates = chain.all
        self.identity = chain.certificate.identity
        self.notBefore = start
        self.notAfter = end
        self.key = key.key
    }

    /// The key's text; empty for one in a token.
    package var keyPEM: [UInt8] {
        switch self.keySource {
        case .pem(let bytes, _): bytes
        case .token: []
        }
    }

    package var description: String { "<credential>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }

    static func certificates(_ pem: [UInt8], file: String) throws(TrustError) -> [Certificate] {
        do throws(LibCryptoError) {
            return try Certificate.list(pem: pem)
        } catch {
            throw TrustError(file, .unreadable(error.text))
        }
    }
}

extension OwnCredential {
    private typealias Chain = (pem: [UInt8], all: [Certificate], certificate: Certificate)
    private typealias Key = (file: String, source: KeySource, key: PrivateKey)

    private static func chain(
        _ file: String, in directory: TrustDirectory, purpose: CertificatePurpose, policy: TrustPolicy
    ) throws(TrustError) -> Chain {
        let pem = try directory.read(file)
        let all = try Self.certificates(pem, file: file)
        guard let certificate = all.first else { throw TrustError(file, .noCertificate) }
        if let reason = Self.objection(to: certificate, purpose: purpose, policy: policy) {
            throw TrustError(file, .certificateNotUsable(reason))
        }
        for (index, (issued, issuer)) in zip(all, all.dropFirst()).enumerated() where !issued.isIssued(by: issuer) {
            throw TrustError(file, .brokenChain(position: index + 1))
        }
        return (pem, all, certificate)
    }

    private static func key(_ file: String, in directory: TrustDirectory) throws(TrustError) -> Key {
        let keyFile = "\(file).key"
        let tokenFile = "\(file).uri"
        guard directory.has(tokenFile) else {
            let pem = try directory.readKey(keyFile)
            let source = KeySource.pem(pem, path: "\(directory.path)/\(keyFile)")
            do throws(LibCryptoError) {
                return (keyFile, source, try PrivateKey(pem: pem))
            } catch {
                throw TrustError(keyFile, .unreadable(error.text))
            }
        }
        if directory.has(keyFile) { throw TrustError(tokenFile, .severalKeys) }
        // A URI may hold a PIN (RFC 7512 §2.4), which is refused, but so it is guarded like a key.
        let uri = try Self.tokenURI(try directory.readKey(tokenFile), file: tokenFile)
        do throws(TokenError) {
            return (tokenFile, .token(uri: uri), try PrivateKey(uri: uri))
        } catch {
            throw TrustError(tokenFile, .tokenUnavailable(error.description))
        }
    }

    /// One line `pkcs11:…`.
    private static func tokenURI(_ bytes: [UInt8], file: String) throws(TrustError) -> String {
        let line = bytes.last == 0x0A ? bytes.dropLast() : bytes[...]
        guard line.starts(with: "pkcs11:".utf8), line.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw TrustError(file, .malformedTokenURI)
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// What our peers would refuse as well.
    private static func objection(
        to certificate: Certificate, purpose: CertificatePurpose, policy: TrustPolicy
    ) -> RefusalReason? {
        if certificate.notBefore == nil || certificate.notAfter == nil { return .malformed }
        if !policy.algorithms.accepts(keyOf: certificate) { return .weakAlgorithm }
        return UsageCheck(purpose: purpose).objection(to: certificate) == nil ? nil : .wrongUsage
    }
}
