/// The weakest algorithms that are accepted, in certificates, revocation lists and messages alike.
///
/// It is a list of what is allowed: an algorithm that is not named is refused, however strong.
package struct AlgorithmFloor: Sendable, Equatable {
    /// A digest that signatures may be made with.
    package enum Digest: String, CaseIterable, Sendable { case sha256, sha384, sha512 }
    /// A named curve (FIPS 186) that keys may be on.
    package enum Curve: String, CaseIterable, Sendable { case p256, p384, p521 }

    package var minimumRSABits = 2_048
    package var digests = Set(Digest.allCases)
    package var curves = Set(Curve.allCases)

    package init() {}
}
