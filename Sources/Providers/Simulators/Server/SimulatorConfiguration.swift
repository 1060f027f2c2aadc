package import SSBTEK

/// Which base services are simulated, where they listen, and how they behave.
package struct SimulatorConfiguration: Sendable {
    /// One simulated base service on a port of its own.
    package struct Service: Sendable {
        package var provider: Provider
        /// 0 takes a free port.
        package var port: Int
        package var usesSOAP: Bool
        /// Skatteverket alone has two, see ``SimulatedAuthority``.
        package var form: SectionForm
        package var behaviour: SimulatorBehaviour

        package init(
            _ provider: Provider, port: Int = 0, usesSOAP: Bool = false, form: SectionForm? = nil,
            behaviour: SimulatorBehaviour = SimulatorBehaviour()
        ) {
            self.provider = provider
            self.port = port
            self.usesSOAP = usesSOAP
            self.form = form ?? provider.sectionForms[0]
            self.behaviour = behaviour
        }
    }

    /// The address to listen on.
    package var host: String
    package var services: [Service]
    package var credentials: ProviderCredentials
    /// A request body larger than this is answered with 413, in bytes.
    package var maximumRequestBytes = 1 << 20

    package init(host: String = "127.0.0.1", services: [Service], credentials: ProviderCredentials) {
        self.host = host
        self.services = services
        self.credentials = credentials
    }

    /// The path of a base service: LEFI's own for Försäkringskassan, the provider's name in small letters for the
    /// others.
    package static func path(of provider: Provider) -> String {
        switch provider {
        case .fk: "/"
        case .af, .csn, .skv, .so, .tns, .miv: "/\(provider.rawValue.lowercased())"
        }
    }
}
