internal import COpenSSL

/// Anchors, known intermediates and revocation lists in the form that libcrypto works on: made once, shared, never
/// changed.
@safe final class TrustStore: @unchecked Sendable {
    // @unchecked: only read after `init`. libcrypto copies the store's parameters into each context and guards
    // look-ups.
    let pointer: OpaquePointer
    /// Passed to every context as a whole, since libcrypto looks for lists of indirect issuers only there.
    let revocationStack: OpaquePointer
    let anchors: [Certificate]
    let intermediates: [Certificate]
    private let revocationLists: [RevocationList]

    /// - Parameters:
    ///   - anchors: Where trust starts: the self-signed ones. Others in the same file only help to complete paths.
    ///   - revocationLists: Lists below the algorithm floor are left out: what they say is not known.
    init(
        anchors: [Certificate], intermediates: [Certificate], revocationLists: [RevocationList], policy: TrustPolicy
    ) throws(LibCryptoError) {
        self.anchors = anchors.filter(\.isSelfSigned)
        self.intermediates = intermediates + anchors.filter { !$0.isSelfSigned }
        self.revocationLists = revocationLists.filter { $0.meets(policy.algorithms) }
        guard let store = unsafe X509_STORE_new() else { throw LibCryptoError(operation: "make a store") }
        unsafe self.pointer = store
        guard let stack = unsafe COpenSSL_sk_X509_CRL_new() else {
            unsafe X509_STORE_free(store)
            throw LibCryptoError(operation: "make a store")
        }
        unsafe self.revocationStack = stack
        for anchor in self.anchors {
            guard unsafe X509_STORE_add_cert(store, anchor.pointer) == 1 else {
                throw LibCryptoError(operation: "add an anchor")
            }
        }
        for list in self.revocationLists {
            guard unsafe COpenSSL_sk_X509_CRL_push(stack, list.pointer) > 0 else {
                throw LibCryptoError(operation: "add a revocation list")
            }
        }
        try self.setParameters(policy)
    }

    deinit {
        unsafe COpenSSL_sk_X509_CRL_free(self.revocationStack)
        unsafe X509_STORE_free(self.pointer)
    }

    /// Where the validity of a revocation list begins, and where it ends.
    var revocationStarts: [Int64] { self.revocationLists.compactMap(\.thisUpdate) }
    var revocationEnds: [Int64] { self.revocationLists.compactMap(\.nextUpdate) }

    private func setParameters(_ policy: TrustPolicy) throws(LibCryptoError) {
        var flags = X509_V_FLAG_X509_STRICT | X509_V_FLAG_POLICY_CHECK
        if policy.requiresRevocation {
            flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL | X509_V_FLAG_USE_DELTAS
            flags |= X509_V_FLAG_EXTENDED_CRL_SUPPORT
        }
        if policy.requiresExplicitPolicy { flags |= X509_V_FLAG_EXPLICIT_POLICY }
        if policy.inhibitsPolicyMapping { flags |= X509_V_FLAG_INHIBIT_MAP }
        if policy.inhibitsAnyPolicy { flags |= X509_V_FLAG_INHIBIT_ANY }
        let parameters = unsafe X509_STORE_get0_param(self.pointer)
        guard unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(flags)) == 1 else {
            throw LibCryptoError(operation: "set the path parameters")
        }
        unsafe X509_VERIFY_PARAM_set_depth(parameters, Int32(clamping: policy.maximumDepth))
        for identifier in policy.initialPolicies {
            // 1: dotted numbers only, so that no name of libcrypto's table is taken for a policy.
            guard let object = unsafe OBJ_txt2obj(identifier, 1) else {
                throw LibCryptoError(operation: "read the policy identifier \(identifier)")
            }
            guard unsafe X509_VERIFY_PARAM_add0_policy(parameters, object) == 1 else {
                unsafe ASN1_OBJECT_free(object)
                throw LibCryptoError(operation: "set the path parameters")
            }
        }
    }
}
