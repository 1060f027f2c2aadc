/// The revocation lists of a set that a role needs: readable, in date, strong, signed by an authority of the set.
///
/// Lists of authorities that only other roles deal with are passed over.
struct RevocationLists {
    let lists: [RevocationList]

    init(
        in directory: TrustDirectory, for kinds: [Authorities.Kind], authorities: Authorities, policy: TrustPolicy,
        at instant: Int64
    ) throws(TrustError) {
        var lists: [RevocationList] = []
        let needed = authorities.certificates(of: kinds)
        for file in directory.files(in: "crls") {
            let bytes = try directory.read(file)
            let found: [RevocationList]
            do throws(LibCryptoError) {
                found = try RevocationList.list(pem: bytes)
            } catch {
                throw TrustError(file, .unreadable(error.text))
            }
            guard !found.isEmpty else { throw TrustError(file, .noRevocationList) }
            for list in found {
                if needed.contains(where: list.isSigned(by:)) {
                    if let reason = Self.objection(to: list, policy: policy, at: instant) {
                        throw TrustError(file, reason)
                    }
                    lists.append(list)
                } else if !authorities.all.contains(where: list.isSigned(by:)) {
                    throw TrustError(file, .revocationListOfUnknownIssuer(issuer: list.issuer))
                }
            }
        }
        self.lists = lists
    }

    private static func objection(
        to list: RevocationList, policy: TrustPolicy, at instant: Int64
    ) -> TrustError.Reason? {
        let issuer = list.issuer
        guard list.meets(policy.algorithms) else { return .revocationListBelowFloor(issuer: issuer) }
        let skew = policy.clockSkewAllowance
        if let start = list.thisUpdate, instant < start - skew { return .revocationListNotYetValid(issuer: issuer) }
        if let end = list.nextUpdate, end + skew <= instant { return .revocationListExpired(issuer: issuer) }
        return nil
    }
}
