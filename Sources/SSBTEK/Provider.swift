/// One of the seven base services behind the composite service, in the contract's order.
///
/// The raw value is the element name in `specifikaFrageparametrar` and `svarsdata` (v10), and the name in queues, lanes,
/// log keys, metrics and configuration.
package enum Provider: String, CaseIterable, Codable, Sendable, Hashable {
    /// Arbetsförmedlingen
    case af = "AF"
    /// Centrala studiestödsnämnden
    case csn = "CSN"
    /// Försäkringskassan (LEFI), with Pensionsmyndigheten behind it
    case fk = "FK"
    /// Skatteverket
    case skv = "SKV"
    /// Arbetslöshetskassornas samorganisation
    case so = "SO"
    /// Transportstyrelsen
    case tns = "TNS"
    /// Migrationsverket
    case miv = "MIV"
}
