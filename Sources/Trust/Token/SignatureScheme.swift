/// A kind of signature, by TLS's number for it (RFC 8446 §4.2.3); those without PSS are CMS's as well.
package enum SignatureScheme: UInt16, Sendable, CaseIterable {
    case rsaPKCS1SHA256 = 0x0401
    case rsaPKCS1SHA384 = 0x0501
    case rsaPKCS1SHA512 = 0x0601
    case ecdsaP256SHA256 = 0x0403
    case ecdsaP384SHA384 = 0x0503
    case rsaPSSSHA256 = 0x0804
    case rsaPSSSHA384 = 0x0805
    case rsaPSSSHA512 = 0x0806

    enum Padding { case pkcs1, pss, none }

    var padding: Padding {
        switch self {
        case .rsaPKCS1SHA256, .rsaPKCS1SHA384, .rsaPKCS1SHA512: .pkcs1
        case .rsaPSSSHA256, .rsaPSSSHA384, .rsaPSSSHA512: .pss
        case .ecdsaP256SHA256, .ecdsaP384SHA384: .none
        }
    }

    var digest: AlgorithmFloor.Digest {
        switch self {
        case .rsaPKCS1SHA256, .ecdsaP256SHA256, .rsaPSSSHA256: .sha256
        case .rsaPKCS1SHA384, .ecdsaP384SHA384, .rsaPSSSHA384: .sha384
        case .rsaPKCS1SHA512, .rsaPSSSHA512: .sha512
        }
    }
}
