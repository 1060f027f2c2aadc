import Foundation
import GatewayTestSupport
import Synchronization

/// Everything that a run needs, as processes on loopback: broker nodes, two of each role, base services, and the links
/// between all of them.
final class Cluster: Sendable {
    struct Plan: Sendable {
        var program: String
        var nodes = 3
        /// Of ingress, worker and correlator each.
        var instances = 2
        /// How the base services behave when nothing is wrong with them.
        var behaviour = "latency=20ms/200ms"
        /// Environment variables of all roles, besides those that every run needs.
        var settings: [String: String] = [:]
    }

    static let providers = ["AF", "CSN", "FK", "SKV", "SO", "TNS", "MIV"]

    let plan: Plan
    let folder: String
    let nodes: [BrokerNode]
    private let mappers: [PortMapper]
    /// Between two broker nodes, by "from-to".
    let nodeLinks: [String: Link]
    /// Between a member and a node, in the order of the nodes, by the member's name.
    let brokerLinks: [String: [Link]]
    /// Between a worker and a base service, by provider, by the worker's name.
    let providerLinks: [String: [String: Link]]
    let simulators: Member
    let members: [Member]

    var pki: String { "\(self.folder)/pki" }

    private init(
        _ plan: Plan, folder: String, nodes: [BrokerNode], mappers: [PortMapper], nodeLinks: [String: Link],
        brokerLinks: [String: [Link]], providerLinks: [String: [String: Link]], simulators: Member, members: [Member]
    ) {
        self.plan = plan
        self.folder = folder
        self.nodes = nodes
        self.mappers = mappers
        self.nodeLinks = nodeLinks
        self.brokerLinks = brokerLinks
        self.providerLinks = providerLinks
        self.simulators = simulators
        self.members = members
    }

    func members(_ role: Member.Role) -> [Member] { self.members.filter { $0.role == role } }

    /// The addresses of the ingresses, in order.
    var urls: [String] { self.members(.ingress).map { "https://localhost:\($0.port("SHS_PORT"))/shs/rs" } }

    /// Another set of base services beside the well ones, for as long as a fault lasts.
    func simulators(named name: String, behaving behaviour: String) -> Member {
        Self.simulators(named: name, behaving: behaviour, program: self.plan.program, folder: self.folder)
    }

    /// Links of all members with a role, to all nodes.
    func brokerLinks(of role: Member.Role) -> [Link] {
        self.members(role).flatMap { self.brokerLinks[$0.name] ?? [] }
    }

    // MARK: Start

    static func start(_ plan: Plan, say: (String) -> Void) async throws -> Cluster {
        let folder = try Folder.open()
        for part in ["logs", "ports", "tmp"] { try Folder.make("\(folder)/\(part)") }
        say("everything of this run is in \(folder)")
        let (nodes, mappers, nodeLinks) = try await Self.nodes(plan.nodes, in: folder)
        for node in nodes { try node.start() }
        let pki = try await Program(["\(Folder.repository)/Certificates/generate.sh", "\(folder)/pki"]).run()
        guard pki.status == 0 else { throw ClusterFailure("the PKI could not be made: \(pki.errorText)") }
        let simulators = Self.simulators(
            named: "simulate", behaving: plan.behaviour, program: plan.program, folder: folder)
        try await simulators.start()
        for node in nodes { try await node.waitUntilReady() }
        say("\(nodes.count) broker nodes answer")
        var brokerLinks: [String: [Link]] = [:]
        var providerLinks: [String: [String: Link]] = [:]
        var members: [Member] = []
        for role in [Member.Role.correlator, .worker, .ingress] {
            for number in 1...plan.instances {
                let name = "\(role.rawValue)-\(number)"
                var links: [Link] = []
                for node in nodes { links.append(try await Link.make("\(name) and \(node.name)", to: node.port)) }
                brokerLinks[name] = links
                var services: [String: Link] = [:]
                if role == .worker {
                    for provider in Self.providers {
                        services[provider] = try await Link.make(
                            "\(name) and \(provider)", to: simulators.port("\(provider)_PORT"))
                    }
                    providerLinks[name] = services
                }
                let environment = try Self.environment(plan, folder, broker: links, services: services, role: role)
                let arguments = role == .worker ? Self.providers.flatMap { ["--provider", $0] } : []
                members.append(
                    Member(
                        role, name: name, program: plan.program, arguments: arguments, environment: environment,
                        folder: folder))
            }
        }
        let cluster = Cluster(
            plan, folder: folder, nodes: nodes, mappers: mappers, nodeLinks: nodeLinks, brokerLinks: brokerLinks,
            providerLinks: providerLinks, simulators: simulators, members: members)
        try await cluster.waitUntilFormed()
        for member in members { try await cluster.start(member) }
        say("\(members.count) processes of the gateway are ready")
        return cluster
    }

    /// Starts a member; an ingress is ready when it says so to a balancer.
    func start(_ member: Member) async throws {
        try await member.start {
            guard member.role == .ingress else { return true }
            let url = "http://127.0.0.1:\(member.port("HEALTH_PORT"))/ready"
            return try await Program(["curl", "-sf", "--noproxy", "*", "--max-time", "2", "-o", "/dev/null", url]).run()
                .status == 0
        }
    }

    /// Until every node knows all others.
    func waitUntilFormed(within limit: Duration = .seconds(120)) async throws {
        guard self.nodes.count > 1 else { return }
        try await Wait.until("the cluster to form", within: limit, every: .milliseconds(500)) {
            let text = try? await self.nodes[0].control("eval", "length(rabbit_nodes:all_running()).")
            return text?.trimmingCharacters(in: .whitespacesAndNewlines) == "\(self.nodes.count)"
        }
    }

    private static func nodes(
        _ count: Int, in folder: String
    ) async throws -> ([BrokerNode], [PortMapper], [String: Link]) {
        let cookie = UUID().uuidString
        var (nodes, mappers): ([BrokerNode], [PortMapper]) = ([], [])
        for number in 1...count {
            let mapper = try await PortMapper.make()
            mappers.append(mapper)
            nodes.append(try BrokerNode(number, of: count, in: folder, cookie: cookie, mapper: mapper))
        }
        var links: [String: Link] = [:]
        for (node, mapper) in zip(nodes, mappers) {
            for other in nodes where other.name != node.name {
                let link = try await Link.make("\(node.name) and \(other.name)", to: other.distributionPort)
                links["\(node.name)-\(other.name)"] = link
                mapper.tell(of: other.name, at: link.port)
            }
        }
        return (nodes, mappers, links)
    }

    private static func simulators(
        named name: String, behaving behaviour: String, program: String, folder: String
    ) -> Member {
        Member(
            .simulate, name: name, program: program, arguments: ["--set", behaviour],
            environment: Self.common(folder).merging(["SHS_CERTIFICATES_DIRECTORY": "\(folder)/pki"]) { $1 },
            folder: folder)
    }

    private static func common(_ folder: String) -> [String: String] {
        [
            "GATEWAY_TEST_FOLDER": folder, "TMPDIR": "\(folder)/tmp", "SHS_LOG_LEVEL": "notice",
            "SHS_CERTIFICATES_DIRECTORY": "\(folder)/pki", "SHS_STATE_DIRECTORY": "\(folder)/state",
            "SHS_CONTRACT_DIRECTORY": "\(Folder.repository)/Config/contracts/ssbtek-10",
            "SHS_AUDIT_DIRECTORY": "\(folder)/record", "SHS_AUDIT_PSEUDONYM_KEYS": "\(folder)/pseudonym-keys",
            "SHS_KEYRING_DIRECTORY": "\(folder)/keyring", "SHS_KEYRING_REQUIRE_MEMORY": "false",
        ]
    }

    private static func environment(
        _ plan: Plan, _ folder: String, broker: [Link], services: [String: Link], role: Member.Role
    ) throws -> [String: String] {
        var environment = Self.common(folder)
        environment["SHS_AMQP_ADDRESSES"] = broker.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")
        environment["SHS_AMQP_USER"] = BrokerNode.user
        environment["SHS_AMQP_PASSWORD"] = BrokerNode.password
        for (provider, link) in services {
            environment["SHS_PROVIDERS_\(provider)_URL"] = "https://localhost:\(link.port)/"
        }
        if role == .ingress {
            let ports = try LoopbackPort.free(2)
            environment["SHS_INGRESS_PORT"] = "\(ports[0])"
            environment["SHS_HEALTH_PORT"] = "\(ports[1])"
            // The load stands for many municipalities, but comes from one address and one party.
            environment["SHS_INGRESS_LIMITS_CONNECTIONS_PER_PEER"] = "2000"
            environment["SHS_INGRESS_LIMITS_CONNECTIONS_PER_CERTIFICATE"] = "2000"
            environment["SHS_LIMITS_PARTY_RATE"] = "10000"
            environment["SHS_LIMITS_PARTY_BURST"] = "10000"
            environment["SHS_LIMITS_PARTY_CONCURRENCY"] = "10000"
        }
        return environment.merging(plan.settings) { $1 }
    }

    // MARK: End

    /// Ends every process; the guard removes the folder.
    func stop() async {
        for member in self.members + [self.simulators] { try? await member.kill() }
        for node in self.nodes { try? await node.kill() }
        try? FileManager.default.removeItem(atPath: self.folder)
    }
}
