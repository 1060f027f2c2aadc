import Foundation
import NIOCore
import Providers

/// Does one fault to the cluster, and undoes it.
struct Injector: Sendable {
    /// What was done to whom, and how it is put right again.
    struct Applied: Sendable {
        let target: String
        let undo: @Sendable () async throws -> Void
        var remark: String?
    }

    let cluster: Cluster
    let load: Load

    func apply(_ kind: FaultKind, using generator: inout SeededGenerator) async throws -> Applied {
        switch kind {
        case .killIngress: try await self.kill(self.member(.ingress, &generator))
        case .killWorker: try await self.kill(self.member(.worker, &generator))
        case .killCorrelator: try await self.kill(self.member(.correlator, &generator))
        case .killFullCorrelator: try await self.killFull(self.member(.correlator, &generator))
        case .pauseIngress: self.pause(self.member(.ingress, &generator))
        case .pauseWorker: self.pause(self.member(.worker, &generator))
        case .pauseCorrelator: self.pause(self.member(.correlator, &generator))
        case .rollingRestart: try await self.restartAll()
        case .killNode: try await self.killNodes([self.node(&generator)])
        case .killLeader: try await self.killNodes([try await self.leader()])
        case .killTwoNodes: try await self.killNodes(self.two(&generator))
        case .pauseNode: self.pauseNodes([self.node(&generator)])
        case .pauseLeader: self.pauseNodes([try await self.leader()])
        case .pauseTwoNodes: self.pauseNodes(self.two(&generator))
        case .fullDisk: try await self.fillDisk(self.node(&generator))
        case .fullMemory: try await self.fillMemory(self.node(&generator))
        case .cutIngress: self.disturb(.ingress, .cut, &generator)
        case .cutWorker: self.disturb(.worker, .cut, &generator)
        case .cutCorrelator: self.disturb(.correlator, .cut, &generator)
        case .freezeIngress: self.disturb(.ingress, .frozen, &generator)
        case .freezeWorker: self.disturb(.worker, .frozen, &generator)
        case .freezeCorrelator: self.disturb(.correlator, .frozen, &generator)
        case .slowIngress: self.disturb(.ingress, Self.slow, &generator)
        case .slowWorker: self.disturb(.worker, Self.slow, &generator)
        case .slowCorrelator: self.disturb(.correlator, Self.slow, &generator)
        case .cutProvider: self.disturbProviders(.cut, &generator)
        case .freezeProvider: self.disturbProviders(.frozen, &generator)
        case .slowProvider: self.disturbProviders(Self.slow, &generator)
        case .cutNodes: self.disturbNodes(.cut, &generator)
        case .freezeNodes: self.disturbNodes(.frozen, &generator)
        case .slowNodes: self.disturbNodes(Self.slow, &generator)
        case .hangingProvider, .resettingProvider, .garbageProvider, .hugeProvider, .doubleProvider,
            .lateDoubleProvider:
            try await self.misbehave(kind, &generator)
        }
    }

    private static let slow = LinkMode.slow(latency: .milliseconds(150), bytesPerSecond: 200_000)

    // MARK: Choice

    private func member(_ role: Member.Role, _ generator: inout SeededGenerator) -> Member {
        let members = self.cluster.members(role)
        return members[Int.random(in: 0..<members.count, using: &generator)]
    }

    private func node(_ generator: inout SeededGenerator) -> BrokerNode {
        self.cluster.nodes[Int.random(in: 0..<self.cluster.nodes.count, using: &generator)]
    }

    private func two(_ generator: inout SeededGenerator) -> [BrokerNode] {
        Array(self.cluster.nodes.shuffled(using: &generator).prefix(2))
    }

    /// The node that leads most queues.
    private func leader() async throws -> BrokerNode {
        let text = try await self.cluster.nodes[0].control("list_queues", "leader")
        let counts = self.cluster.nodes.map { node in text.ranges(of: "\(node.name)@").count }
        let most = counts.indices.max { counts[$0] < counts[$1] } ?? 0
        return self.cluster.nodes[most]
    }

    // MARK: Processes of the gateway

    private func kill(_ member: Member) async throws -> Applied {
        try await member.kill()
        return Applied(target: member.name) { try await self.cluster.start(member) }
    }

    private func pause(_ member: Member) -> Applied {
        member.pause()
        return Applied(target: member.name) { member.resume() }
    }

    /// All processes in turn, each ended orderly and ready again before the next one.
    private func restartAll() async throws -> Applied {
        var codes: [String] = []
        for member in self.cluster.members {
            let code = try await member.terminate()
            if code != 0 { codes.append("\(member.name) ended with \(code)") }
            try await self.cluster.start(member)
        }
        return Applied(
            target: "all \(self.cluster.members.count) processes", undo: {},
            remark: codes.isEmpty ? nil : codes.joined(separator: ", "))
    }

    /// Kills a correlator with 200 transactions open; the remark says how long the last of them took to be answered.
    private func killFull(_ member: Member) async throws -> Applied {
        let slow = self.cluster.simulators(named: "simulate-slow", behaving: "latency=4s")
        try await slow.start()
        self.lead(to: slow, providers: Cluster.providers, ends: false)
        let sent = self.load.tally.now
        // Not all at once: 1,400 new connections to base services at the same moment would measure handshakes.
        async let burst: Void = self.load.burst(200, within: .seconds(3))
        try await Task.sleep(for: .milliseconds(3_400))
        try await member.kill()
        let death = self.load.tally.now
        await burst
        let open = self.load.tally.since(sent).filter { $0.sent <= death && $0.ended >= death }
        let last = open.map { $0.ended - death }.max() ?? .zero
        let complete = open.count { $0.outcome == .complete }
        self.lead(to: self.cluster.simulators, providers: Cluster.providers, ends: false)
        try await slow.kill()
        return Applied(
            target: member.name, undo: { try await self.cluster.start(member) },
            remark:
                "\(open.count) open, \(complete) answered completely, the last \(Page.seconds(last)) after its death")
    }

    // MARK: The broker

    private func killNodes(_ nodes: [BrokerNode]) async throws -> Applied {
        for node in nodes { try await node.kill() }
        return Applied(target: Self.names(nodes)) {
            for node in nodes { try node.start() }
            for node in nodes { try await node.waitUntilReady() }
        }
    }

    private func pauseNodes(_ nodes: [BrokerNode]) -> Applied {
        for node in nodes { node.pause() }
        return Applied(target: Self.names(nodes)) { for node in nodes { node.resume() } }
    }

    private func fillDisk(_ node: BrokerNode) async throws -> Applied {
        try await node.control("set_disk_free_limit", "1000000GB")
        return Applied(target: node.name) { try await node.control("set_disk_free_limit", BrokerNode.freeDiskLimit) }
    }

    private func fillMemory(_ node: BrokerNode) async throws -> Applied {
        try await node.control("set_vm_memory_high_watermark", "absolute", "20MB")
        return Applied(target: node.name) {
            try await node.control("set_vm_memory_high_watermark", "absolute", BrokerNode.memoryWatermark)
        }
    }

    private static func names(_ nodes: [BrokerNode]) -> String { nodes.map(\.name).joined(separator: ", ") }

    // MARK: The network

    /// Between one process of a role and all nodes, or one of them.
    private func disturb(_ role: Member.Role, _ mode: LinkMode, _ generator: inout SeededGenerator) -> Applied {
        let member = self.member(role, &generator)
        var links = self.cluster.brokerLinks[member.name] ?? []
        // The others would be disturbed to no effect.
        if Bool.random(using: &generator), let used = links.first(where: \.isInUse) { links = [used] }
        let what = links.count > 1 ? "\(member.name) and all nodes" : links[0].name
        return Self.set(links, mode, what)
    }

    private func disturbProviders(_ mode: LinkMode, _ generator: inout SeededGenerator) -> Applied {
        let member = self.member(.worker, &generator)
        let all = self.cluster.providerLinks[member.name] ?? [:]
        let providers = Cluster.providers.shuffled(using: &generator).prefix(Int.random(in: 1...7, using: &generator))
        return Self.set(
            providers.compactMap { all[$0] }, mode, "\(member.name) and \(providers.joined(separator: ", "))")
    }

    /// Between one node and one other, or both.
    private func disturbNodes(_ mode: LinkMode, _ generator: inout SeededGenerator) -> Applied {
        let nodes = self.cluster.nodes.shuffled(using: &generator)
        let others = Bool.random(using: &generator) ? nodes[1...1] : nodes[1...]
        let links = others.flatMap { other in
            ["\(nodes[0].name)-\(other.name)", "\(other.name)-\(nodes[0].name)"]
                .compactMap { self.cluster.nodeLinks[$0] }
        }
        return Self.set(links, mode, "\(nodes[0].name) and \(Self.names(Array(others)))")
    }

    private static func set(_ links: [Link], _ mode: LinkMode, _ what: String) -> Applied {
        for link in links { link.set(mode) }
        return Applied(target: what) { for link in links { link.set(.open) } }
    }

    // MARK: The base services

    private func misbehave(_ kind: FaultKind, _ generator: inout SeededGenerator) async throws -> Applied {
        let providers = Array(
            Cluster.providers.shuffled(using: &generator).prefix(Int.random(in: 1...3, using: &generator)))
        let bad = self.cluster.simulators(named: "simulate-\(kind.rawValue)", behaving: kind.behaviour ?? "")
        try await bad.start()
        self.lead(to: bad, providers: providers, ends: true)
        return Applied(target: providers.joined(separator: ", ")) {
            self.lead(to: self.cluster.simulators, providers: providers, ends: true)
            try await bad.kill()
        }
    }

    private func lead(to simulators: Member, providers: [String], ends: Bool) {
        for (_, links) in self.cluster.providerLinks {
            for provider in providers { links[provider]?.lead(to: simulators.port("\(provider)_PORT"), ends: ends) }
        }
    }
}
