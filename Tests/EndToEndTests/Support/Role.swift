/// One process of a gateway: its name in ports files and logs, and how it is called.
struct Role: Hashable, Sendable {
    static let providers = ["AF", "CSN", "FK", "SKV", "SO", "TNS", "MIV"]

    static let simulate = Role(name: "simulate", command: ["simulate"])
    static let correlator = Role(name: "correlator", command: ["correlator"])
    static let ingress = Role(name: "ingress", command: ["ingress"])
    static let serve = Role(name: "serve", command: ["serve"])

    /// A worker for one provider, or for several.
    static func worker(_ providers: String...) -> Role { self.worker(providers) }

    static func worker(_ providers: [String]) -> Role {
        Role(
            name: "worker-" + providers.joined(separator: "-"),
            command: ["worker"] + providers.flatMap { ["--provider", $0] })
    }

    static let workers = providers.map { Self.worker($0) }

    let name: String
    let command: [String]
    /// Before the names of its ports, when there are several of its kind.
    var prefix = ""

    /// Another process of the same kind beside it.
    var twin: Role { Role(name: self.name + "-2", command: self.command, prefix: self.name + "-2.") }

    /// The one that certificates for the broker are made for.
    var kind: String { self.command[0] }
}
