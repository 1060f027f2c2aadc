/// All own certificates for one use, with overlapping validity.
package struct OwnCredentials: Sendable {
    /// In the order of their names.
    package let all: [OwnCredential]
    private let selection: CredentialSelection

    static let none = OwnCredentials([])

    private init(_ all: [OwnCredential]) {
        self.all = all
        self.selection = CredentialSelection(
            validities: all.map { .init(notBefore: $0.notBefore, notAfter: $0.notAfter) })
    }

    /// Reads every `NAME.crt` of a folder with its key.
    ///
    /// - Parameters:
    ///   - allowsFolders: Whether folders may stand beside the files.
    ///   - allowsTokens: Whether keys may be in tokens; where not, no token is looked for.
    ///   - isRequired: Whether a role cannot do without; what is there has to be usable in any case.
    init(
        in folder: String, of directory: TrustDirectory, purpose: CertificatePurpose, policy: TrustPolicy,
        isRequired: Bool, allowsFolders: Bool = false, allowsTokens: Bool = true, at instant: Int64
    ) throws(TrustError) {
        var problems = TrustProblems()
        var bases: [String] = []
        let names = directory.names(in: folder)
        for name in names {
            if name.hasSuffix("/") && allowsFolders { continue }
            let ending = name.suffix(4)
            let base = String(name.dropLast(4))
            switch ending {
            case ".uri" where !allowsTokens: problems.add("\(folder)/\(name)", .tokenNotAllowed)
            case _ where base.isEmpty || name.hasSuffix("/"), _ where ![".crt", ".key", ".uri"].contains(ending):
                problems.add("\(folder)/\(name)", .unexpected(allowed: "NAME.crt with NAME.key or NAME.uri"))
            case ".crt": bases.append(base)
            default:
                if !names.contains("\(base).crt") { problems.add("\(folder)/\(base).crt", .missing) }
            }
        }
        var credentials: [OwnCredential] = []
        for base in bases where allowsTokens || !names.contains("\(base).uri") {
            let credential = problems.gather { () throws(TrustError) in
                try OwnCredential(file: "\(folder)/\(base)", in: directory, purpose: purpose, policy: policy)
            }
            if let credential { credentials.append(credential) }
        }
        self.init(credentials)
        if problems.found.isEmpty && self.selection.index(at: instant) == nil && (isRequired || !credentials.isEmpty) {
            problems.add(folder, credentials.isEmpty ? .missing : .noneValidNow)
        }
        try problems.throwIfAny()
    }

    /// The one to use; nil when none is valid.
    func current(at instant: Int64) -> OwnCredential? { self.selection.index(at: instant).map { self.all[$0] } }

    func nextChange(after instant: Int64) -> Int64? { self.selection.nextChange(after: instant) }
}
