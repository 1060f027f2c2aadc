/// The lists below `crls` that a role needs, with the files that they came from.
///
/// Each file has to be readable and each list signed by an authority of the set; lists of authorities that only other
/// roles deal with are passed over.
struct SetLists {
    struct Origin {
        let file: String
        let list: RevocationList
    }

    let origins: [Origin]

    static let none = SetLists(origins: [])

    private init(origins: [Origin]) { self.origins = origins }

    init(in directory: TrustDirectory, for kinds: [Authorities.Kind], authorities: Authorities) throws(TrustError) {
        var problems = TrustProblems()
        var origins: [Origin] = []
        let needed = authorities.certificates(of: kinds)
        for file in directory.names(in: "crls").map({ "crls/\($0)" }) {
            let found = problems.gather { () throws(TrustError) in try Self.read(file, in: directory) }
            for list in found ?? [] {
                if needed.contains(where: list.isSigned(by:)) {
                    origins.append(Origin(file: file, list: list))
                } else if !authorities.all.contains(where: list.isSigned(by:)) {
                    problems.add(file, .revocationListOfUnknownIssuer(issuer: list.issuer))
                }
            }
        }
        try problems.throwIfAny()
        self.origins = origins
    }

    private static func read(_ file: String, in directory: TrustDirectory) throws(TrustError) -> [RevocationList] {
        guard file.hasSuffix(".pem") else { throw TrustError(file, .unexpected(allowed: "NAME.pem")) }
        let bytes = try directory.read(file)
        do throws(LibCryptoError) {
            let found = try RevocationList.list(pem: bytes)
            if !found.isEmpty { return found }
        } catch {
            throw TrustError(file, .unreadable(error.text))
        }
        throw TrustError(file, .noRevocationList)
    }
}

/// The revocation lists that a role decides with at some moment: those of the set, and those that were fetched.
///
/// A list of the set has to be strong, not from the future, and in date unless a newer one is there. A fetched list that
/// is not all of that is passed over: what others serve never stops a set.
struct RevocationLists {
    let lists: [RevocationList]
    let inventory: [InventoryEntry]
    /// What would stop the set from being taken over.
    let problems: [TrustProblem]
    let warnings: [TrustWarning]
    /// What is in force, one for each issuer and scope.
    let entries: [RevocationListEntry]
    let fetched: FetchedLists

    static let none = RevocationLists(
        lists: [], inventory: [], problems: [], warnings: [], entries: [], fetched: .none)

    private init(
        lists: [RevocationList], inventory: [InventoryEntry], problems: [TrustProblem], warnings: [TrustWarning],
        entries: [RevocationListEntry], fetched: FetchedLists
    ) {
        self.lists = lists
        self.inventory = inventory
        self.problems = problems
        self.warnings = warnings
        self.entries = entries
        self.fetched = fetched
    }

    /// - Parameter needed: The authorities whose lists the role asks for.
    init(
        _ own: SetLists, fetched: FetchedLists, needed: [Certificate], policy: TrustPolicy, at instant: Int64
    ) {
        var problems: [TrustProblem] = []
        var warnings = fetched.warnings
        // One that has run out goes along: what it revoked stays revoked, and everybody sees how old it is.
        let usable = fetched.lists.filter { list in
            Self.objection(to: list, policy: policy, at: instant)?.isEnd ?? true
                && needed.contains(where: list.isSigned(by:))
        }
        let lists = own.origins.map(\.list)
        let current = (lists + usable).filter { Self.objection(to: $0, policy: policy, at: instant) == nil }
        for origin in own.origins {
            let (file, list) = (origin.file, origin.list)
            if let reason = Self.objection(to: list, policy: policy, at: instant) {
                let isReplaced = current.contains { list.isReplaced(by: $0) }
                if reason.isEnd && (isReplaced || policy.disposition(of: .revocation) != .fail) {
                    warnings.append(.revocationListNotUsed(file: file, reason: reason))
                } else {
                    problems.append(TrustProblem(file: file, reason: reason))
                }
            } else if Self.stage(of: list, policy: policy, at: instant) == .grace {
                warnings.append(.revocationListInGrace(file: file, issuer: list.issuer))
            }
        }
        self.init(
            lists: lists + usable, inventory: own.origins.map { InventoryEntry($0.list, file: $0.file) },
            problems: problems, warnings: warnings,
            entries: RevocationListEntry.newest(
                own.origins.map { RevocationListEntry($0.list, file: $0.file) }
                    + usable.map { RevocationListEntry($0, file: nil) }),
            fetched: fetched)
    }

    private static func stage(of list: RevocationList, policy: TrustPolicy, at instant: Int64) -> RevocationStage {
        .stage(
            nextUpdate: list.nextUpdate, at: instant - policy.clockSkewAllowance, grace: policy.revocationGrace)
    }

    private static func objection(
        to list: RevocationList, policy: TrustPolicy, at instant: Int64
    ) -> TrustProblem.Reason? {
        let issuer = list.issuer
        guard list.meets(policy.algorithms) else { return .revocationListBelowFloor(issuer: issuer) }
        guard let start = list.thisUpdate, start - policy.startAllowance <= instant else {
            return .revocationListNotYetValid(issuer: issuer)
        }
        guard list.nextUpdate != nil else { return .revocationListWithoutEnd(issuer: issuer) }
        return Self.stage(of: list, policy: policy, at: instant) == .stale
            ? .revocationListExpired(issuer: issuer) : nil
    }
}

extension RevocationList {
    /// Whether another list of the same issuer says the same things later.
    fileprivate func isReplaced(by other: RevocationList) -> Bool {
        guard self.issuerBytes == other.issuerBytes, self.scope == other.scope else { return false }
        guard let own = self.thisUpdate, let later = other.thisUpdate else { return false }
        return own < later
    }
}

extension TrustProblem.Reason {
    /// Whether it is only that a list's time is over.
    fileprivate var isEnd: Bool {
        if case .revocationListExpired = self { true } else { false }
    }
}
