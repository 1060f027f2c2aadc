internal import COpenSSL

/// Where a certificate says that its revocation can be asked for.
package struct RevocationPointers: Sendable, Equatable {
    /// A place of revocation lists (RFC 5280 §4.2.1.13).
    package struct ListPoint: Sendable, Hashable {
        /// `http` addresses only, in the order of the certificate.
        package let addresses: [String]
        /// Subjects in DER of who signs the list; empty when that is the certificate's own issuer.
        package let signers: [[UInt8]]
    }

    /// Base and delta lists alike.
    package var lists: [ListPoint] = []
    /// OCSP responders (RFC 5280 §4.2.2.1), `http` only.
    package var responders: [String] = []
}

extension Certificate {
    /// How many places are read of one certificate: no honest one has more.
    private static let maximumPointers = 16

    /// Distribution points of base and delta lists, and OCSP responders; other schemes than `http` are skipped.
    package var revocationPointers: RevocationPointers {
        withCleanErrorQueue {
            RevocationPointers(
                lists: self.listPoints(NID_crl_distribution_points) + self.listPoints(NID_freshest_crl),
                responders: self.responders)
        }
    }

    private func listPoints(_ identifier: Int32) -> [RevocationPointers.ListPoint] {
        guard let value = unsafe X509_get_ext_d2i(self.pointer, identifier, nil, nil) else { return [] }
        let points = OpaquePointer(value)
        defer { unsafe CRL_DIST_POINTS_free(points) }
        let count = unsafe min(Int(COpenSSL_sk_DIST_POINT_num(points)), Self.maximumPointers)
        return (0..<max(0, count)).compactMap { index in
            guard let point = unsafe COpenSSL_sk_DIST_POINT_value(points, Int32(index)) else { return nil }
            let addresses = unsafe Self.names(COpenSSL_DIST_POINT_full_names(point)) { name in
                unsafe COpenSSL_GENERAL_NAME_uri(name).map { unsafe Self.text($0) }
            }
            let signers = unsafe Self.names(COpenSSL_DIST_POINT_issuers(point)) { name in
                unsafe COpenSSL_GENERAL_NAME_directory(name).map { unsafe nameBytes($0) }
            }
            let fetchable = addresses.filter(Self.isFetchable)
            return fetchable.isEmpty ? nil : .init(addresses: fetchable, signers: signers)
        }
    }

    private var responders: [String] {
        guard let stack = unsafe X509_get1_ocsp(self.pointer) else { return [] }
        defer { unsafe X509_email_free(stack) }
        let count = unsafe min(Int(COpenSSL_sk_OPENSSL_STRING_num(stack)), Self.maximumPointers)
        return (0..<max(0, count)).compactMap { index in
            unsafe COpenSSL_sk_OPENSSL_STRING_value(stack, Int32(index)).map { unsafe String(cString: $0) }
        }.filter(Self.isFetchable)
    }

    private static func isFetchable(_ address: String) -> Bool {
        address.utf8.count <= 2_048 && address.lowercased().hasPrefix("http://")
    }

    private static func names<Value>(
        _ stack: OpaquePointer?, _ read: (UnsafePointer<GENERAL_NAME>) -> Value?
    ) -> [Value] {
        guard let stack = unsafe stack else { return [] }
        let count = unsafe min(Int(COpenSSL_sk_GENERAL_NAME_num(stack)), Self.maximumPointers)
        return (0..<max(0, count)).compactMap { index in
            unsafe COpenSSL_sk_GENERAL_NAME_value(stack, Int32(index)).flatMap { unsafe read($0) }
        }
    }

    private static func text(_ string: UnsafePointer<ASN1_STRING>) -> String {
        let bytes = unsafe UnsafeBufferPointer(
            start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string)))
        return unsafe String(decoding: bytes, as: UTF8.self)
    }
}
